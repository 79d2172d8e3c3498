/** Steps that came as data, checked as the text's are: whole faults, times that can come. */
import { BadRequest, parseFault } from "../faults/parseFault.ts"
import type { Step } from "./Step.ts"

/** Answers the steps, or throws `BadRequest` with the step's index. */
export const check = (steps: ReadonlyArray<Step>): ReadonlyArray<Step> => {
  steps.forEach(({ action, atMs, everyMs = 1 }, index) => {
    const fail = (message: string) => new BadRequest(`steps[${index}].${message}`)
    if (!(Number.isFinite(atMs) && atMs >= 0)) throw fail("atMs: expected a number of at least 0")
    if (!(Number.isFinite(everyMs) && everyMs >= 1)) throw fail("everyMs: expected a number of at least 1")
    if (action.type !== "fault") return
    try {
      parseFault(action.fault)
    } catch (cause) {
      throw fail(`action.fault.${(cause as Error).message}`)
    }
  })
  return steps
}
