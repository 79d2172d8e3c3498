/**
 * Sums of counts whose parts come and go: what a part had counted when it went, or began anew, stays in the sum, so that a sum
 * only rises.
 */
export class Retained {
  readonly #parts = new Map<string, Map<string, number>>()
  readonly #gone = new Map<string, number>()

  /** The sums of these parts, by what they are summed under. To be asked with all parts that there are, each time. */
  sums(parts: Iterable<readonly [sum: string, part: string, count: number]>): ReadonlyMap<string, number> {
    const now = new Map<string, Map<string, number>>()
    for (const [sum, part, count] of parts) {
      const counts = now.get(sum) ?? new Map<string, number>()
      now.set(sum, counts.set(part, count))
    }
    for (const [sum, counts] of this.#parts) {
      for (const [part, before] of counts) {
        const count = now.get(sum)?.get(part)
        if (count === undefined || count < before) this.#gone.set(sum, (this.#gone.get(sum) ?? 0) + before)
      }
    }
    this.#parts.clear()
    const total = new Map(this.#gone)
    for (const [sum, counts] of now) {
      this.#parts.set(sum, counts)
      for (const count of counts.values()) total.set(sum, (total.get(sum) ?? 0) + count)
    }
    return total
  }
}
