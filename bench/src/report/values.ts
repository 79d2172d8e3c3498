/** The numbers of a case, by client, in the order of the rounds; and ratios, round by round. */
import type { Result } from "../messages.ts"
import type { MeasuredCase } from "../rounds.ts"

type Read = (result: Result) => number | null | undefined

interface Value {
  readonly round: number
  readonly value: number
}

const byRound = ({ runs }: MeasuredCase, client: string, read: Read): ReadonlyArray<Value> =>
  runs
    .filter((run) => run.client === client)
    .flatMap(({ result, round }) => {
      const value = read(result)
      return value === undefined || value === null ? [] : [{ round, value }]
    })
    .toSorted((left, right) => left.round - right.round)

export const valuesOf = (measured: MeasuredCase, client: string, read: Read): ReadonlyArray<number> =>
  byRound(measured, client, read).map(({ value }) => value)

/** Of each round in which both ran, one soon after the other. */
export const ratiosOf = (measured: MeasuredCase, ours: string, theirs: string, read: Read): ReadonlyArray<number> => {
  const others = new Map(byRound(measured, theirs, read).map(({ round, value }) => [round, value]))
  return byRound(measured, ours, read).flatMap(({ round, value }) => {
    const other = others.get(round)
    return other === undefined ? [] : [value / other]
  })
}

export const clientsOf = ({ runs }: MeasuredCase): ReadonlyArray<string> => [
  ...new Set(runs.map(({ client }) => client))
]
