/**
 * The last keys that were seen, for what has no number to tell a repetition by.
 *
 * Guarantees: at least the last `CAPACITY` are remembered, and at most twice as many. They are forgotten all at once, not
 * one by one: taking the oldest out of a set is a walk over all that were taken out before.
 */
const CAPACITY = 1_024

export class RecentKeys {
  #recent = new Set<string>()
  #before = new Set<string>()

  has(key: string): boolean {
    return this.#recent.has(key) || this.#before.has(key)
  }

  add(key: string): void {
    if (this.#recent.size === CAPACITY) {
      this.#before = this.#recent
      this.#recent = new Set()
    }
    this.#recent.add(key)
  }
}
