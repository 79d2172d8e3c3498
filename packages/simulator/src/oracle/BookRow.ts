/**
 * A row of numbered book messages as the exchange knows it: what was at each of its numbers. A venue whose service begins
 * anew has several rows, one after the other.
 */
import type { Journal, Top } from "../market/journal.ts"

export interface BookRow {
  /** Oldest first; empty when the simulator keeps no changes of its books. */
  readonly journals: () => ReadonlyArray<Journal>
  /** The number it is at. */
  readonly last: () => number
  /** Levels a side that a client has at most, because the row tells of no others. Undefined: a snapshot decides. */
  readonly window: number | undefined
}

/** What was told under a number of a row, if it is kept. */
const toldAt = ({ tops }: Journal, id: number): Top | undefined => {
  const found = tops.at(tops.search(id, (top) => top.id))
  return found?.id === id ? found : undefined
}

/**
 * The row that a number is of, from the row at `from` on: where several have it, the one that had it at this time, else the
 * first of them.
 */
export const journalOf = (
  journals: ReadonlyArray<Journal>,
  from: number,
  id: number,
  time: number | undefined
): Journal | undefined => {
  const candidates = journals.slice(from).filter((journal) => toldAt(journal, id) !== undefined)
  return candidates.find((journal) => toldAt(journal, id)?.time === time) ?? candidates[0]
}
