/**
 * The nearest spelling of a word among known ones, for error messages that say what was probably meant.
 */

/** Edits (insert, delete, replace, swap of neighbours) between two words, ignoring case. */
const distance = (left: string, right: string): number => {
  const a = left.toLowerCase()
  const b = right.toLowerCase()
  let beforeLast: Array<number> = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      let best = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1))
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        best = Math.min(best, beforeLast[column - 2]! + 1)
      }
      current.push(best)
    }
    beforeLast = last
    last = current
  }
  return last[b.length]!
}

/** Up to `most` of the known words that are close to `given`, nearest first; none when nothing is close. */
export const nearest = (given: string, known: Iterable<string>, most = 3): ReadonlyArray<string> => {
  const limit = Math.max(1, Math.floor(given.length / 3))
  return [...known]
    .map((word) => ({ word, distance: distance(given, word) }))
    .filter((each) => each.distance <= limit)
    .sort((a, b) => a.distance - b.distance || a.word.localeCompare(b.word))
    .slice(0, most)
    .map((each) => each.word)
}

/** ` (did you mean X or Y?)`, or nothing when no known word is close. */
export const hint = (given: string, known: Iterable<string>): string => {
  const words = nearest(given, known)
  return words.length === 0 ? "" : ` (did you mean ${words.join(" or ")}?)`
}
