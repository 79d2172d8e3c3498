/**
 * The last keys that were seen, for what has no number to tell a repetition by.
 *
 * Guarantees: at most `CAPACITY`; the oldest are forgotten.
 */
const CAPACITY = 1_024

export class RecentKeys {
  // a set keeps the order of insertion
  readonly #keys = new Set<string>()

  has(key: string): boolean {
    return this.#keys.has(key)
  }

  add(key: string): void {
    this.#keys.add(key)
    if (this.#keys.size <= CAPACITY) return
    for (const oldest of this.#keys) {
      this.#keys.delete(oldest)
      return
    }
  }
}
