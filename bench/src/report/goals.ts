/** The table of goals: Tidewire's number, the other's, their ratio, and whether that is what was to be reached. */
import { baseline, tidewire } from "../clients.ts"
import type { MeasuredCase } from "../rounds.ts"
import type { Goal, Row, Series } from "../series/Series.ts"
import { median } from "../statistics.ts"
import { spread } from "./cells.ts"
import { markdown } from "./markdown.ts"
import { ratiosOf, valuesOf } from "./values.ts"

/** A series with what was measured of it. */
export interface Found {
  readonly series: Series
  readonly cases: ReadonlyArray<MeasuredCase>
}

const caseOf = ({ cases }: Found, row: Row): MeasuredCase | undefined =>
  row.case === undefined ? cases[0] : cases.find(({ label }) => label === row.case)

export const goalTable = (found: ReadonlyArray<Found>): string =>
  markdown(
    ["measured", "held against", "its number", tidewire.name, "ratio", "goal", "reached"],
    found.flatMap((each) => each.series.rows.flatMap((row) => lineOf(each, row)))
  )

const lineOf = (found: Found, row: Row): ReadonlyArray<ReadonlyArray<string>> => {
  const measured = caseOf(found, row)
  if (measured === undefined) return []
  const { against = baseline.name, goal, ours: client = tidewire.name, read, what } = row
  const ours = valuesOf(measured, client, read)
  const theirs = valuesOf(measured, against, read)
  const ratios = ratiosOf(measured, client, against, read)
  if (ours.length === 0) return []
  const other = theirs.length === 0 ? "–" : against
  const judged = goal === undefined ? ["–", "–"] : [written(goal), verdict(goal, goal.of === "ratio" ? ratios : ours)]
  return [[what, other, spread(theirs), spread(ours), spread(ratios), ...judged]]
}

const written = ({ bound, kind, of }: Goal): string =>
  `${of === "ratio" ? "ratio " : ""}${kind === "at least" ? "≥" : "≤"} ${bound}`

/** Judges the median. */
const verdict = ({ bound, kind }: Goal, values: ReadonlyArray<number>): string => {
  if (values.length === 0) return "–"
  const value = median(values)
  if (kind === "at least" ? value >= bound : value <= bound) return "yes"
  return `missed by ${Math.ceil(Math.abs(value / bound - 1) * 100)} %`
}

/** The rows of a smoke whose ratio is above what only a fault explains. */
export const trippedGuards = (found: ReadonlyArray<Found>): ReadonlyArray<string> =>
  found.flatMap((each) =>
    each.series.rows.flatMap((row) => {
      const measured = caseOf(each, row)
      if (row.guard === undefined || measured === undefined) return []
      const ratio = median(ratiosOf(measured, tidewire.name, row.against ?? baseline.name, row.read))
      return ratio <= row.guard ? [] : [`${row.what}: ratio ${ratio.toFixed(2)} is above ${row.guard}`]
    })
  )
