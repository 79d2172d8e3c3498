/** Pauses of garbage collection during the measured frames, by client, of series that have one load. */
import { median } from "../statistics.ts"
import { number } from "./cells.ts"
import type { Found } from "./goals.ts"
import { markdown } from "./markdown.ts"
import { clientsOf } from "./values.ts"

/** Empty where no run told of pauses. */
export const gcTable = (found: ReadonlyArray<Found>): string => {
  const single = found.filter(({ cases }) => cases.length === 1)
  const rows = single.flatMap(({ cases }) =>
    cases.flatMap((measured) =>
      clientsOf(measured).flatMap((client) => {
        const runs = measured.runs.filter((run) => run.client === client)
        const pauses = runs.flatMap(({ result }) => result.gcPauses ?? [])
        if (pauses.length === 0) return []
        const frames = measured.plan?.frames ?? 0
        return [
          [
            measured.label,
            client,
            String(Math.round(median(pauses.map(({ count }) => count)))),
            number(Math.max(...pauses.map(({ longestMs }) => longestMs))),
            number(median(pauses.map(({ totalMs }) => (totalMs / frames) * 1e6)))
          ]
        ]
      })
    )
  )
  if (rows.length === 0) return ""
  return markdown(["series", "client", "pauses a run", "longest of all runs, ms", "of a frame's time, ns"], rows)
}
