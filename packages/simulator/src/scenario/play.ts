/**
 * Carries out a scenario on a clock. Guarantees that steps are done in the order of their times, ties in their order in
 * the scenario, that nothing is done after `stop`, and that the log keeps the last 10 000 steps. A step that cannot be
 * done ends the play, and `done` rejects.
 */
import type { Cancel, Clock } from "../clock.ts"
import { BadRequest } from "../faults/parseFault.ts"
import type { Action, Step } from "./Step.ts"
import { format } from "./text.ts"

export interface Played {
  /** Since the play began. */
  readonly atMs: number
  readonly step: Step
  /** The open connections that a fault acted on or is bound to. */
  readonly connections: ReadonlyArray<number>
}

export interface Play {
  /** Resolves when the last step is done or the play was stopped; faults with a duration may be in force still. */
  readonly done: Promise<void>
  readonly stop: () => void
  readonly log: ReadonlyArray<Played>
}

interface Due {
  readonly step: Step
  dueAt: number
  repeated: boolean
}

const LOG_KEPT = 10_000

/** `act` answers the connections that it met. */
export const play = (
  clock: Clock,
  steps: ReadonlyArray<Step>,
  act: (action: Action) => ReadonlyArray<number>
): Play => {
  const beganAt = clock.now()
  const log: Array<Played> = []
  let due: Array<Due> = steps.map((step) => ({ step, dueAt: beganAt + step.atMs, repeated: false }))
  let timer: Cancel | undefined
  const { promise: done, resolve, reject } = Promise.withResolvers<void>()
  // Whoever does not look at `done` is not to be ended by it.
  done.catch(() => {})
  const next = (): Due | undefined =>
    due.reduce<Due | undefined>(
      (least, one) => (least === undefined || one.dueAt < least.dueAt ? one : least),
      undefined
    )
  const stop = () => {
    due = []
    timer?.()
    resolve()
  }
  const run = (one: Due) => {
    const { action, everyMs } = one.step
    if (everyMs === undefined) due = due.filter((other) => other !== one)
    else one.dueAt += everyMs
    one.repeated = everyMs !== undefined
    if (action.type === "clear") due = due.filter((other) => other === one || !other.repeated)
    const connections = act(action)
    log.push({ atMs: Math.floor(clock.now() - beganAt), step: one.step, connections })
    if (log.length > LOG_KEPT) log.shift()
  }
  const turn = () => {
    for (let one = next(); one !== undefined; one = next()) {
      const wait = one.dueAt - clock.now()
      if (wait > 0) {
        timer = clock.after(wait, turn)
        return
      }
      try {
        run(one)
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause)
        reject(new BadRequest(`${format([one.step]).trim()}: ${why}`))
        return stop()
      }
    }
    resolve()
  }
  turn()
  return { done, stop, log }
}
