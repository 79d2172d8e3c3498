/**
 * What changed from one book to the next: CCXT gives whole books, and a stream tells changes. Pure, in one pass over both.
 */
import type { Event } from "@tidewire/core"
import type { Row } from "./Exchange.ts"

export type Levels = ReadonlyArray<Event.Level>

/** The best `most` levels of a side as CCXT keeps it, best first: one for each price, with all that stands there. */
export const levelsOf = (rows: ReadonlyArray<Row>, most: number): Array<Event.Level> => {
  const levels: Array<[number, number]> = []
  for (const [price, size] of rows) {
    const last = levels.at(-1)
    // a book by orders has several rows of one price
    if (last !== undefined && last[0] === price) last[1] += size
    else if (levels.length === most) break
    else if (size > 0) levels.push([price, size])
  }
  return levels
}

/** The levels that differ, best first; a size of 0 removes one. `sign` is 1 where prices rise (asks), -1 where they fall. */
export const changes = (before: Levels, after: Levels, sign: 1 | -1): Array<Event.Level> => {
  const changed: Array<Event.Level> = []
  let old = 0
  for (const level of after) {
    const [price, size] = level
    while (old < before.length && (price - before[old]![0]) * sign > 0) changed.push([before[old++]![0], 0])
    const known = before[old]
    if (known === undefined || known[0] !== price) changed.push(level)
    else {
      if (known[1] !== size) changed.push(level)
      old++
    }
  }
  while (old < before.length) changed.push([before[old++]![0], 0])
  return changed
}
