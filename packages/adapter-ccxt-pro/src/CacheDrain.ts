/**
 * What is new in a cache of CCXT since it was last looked at, by the very rows: caches are appended to, and let go of their
 * oldest rows.
 *
 * Guarantees: each row once, oldest first; when the row that was seen last is gone, rows may have gone unseen, and that
 * is said.
 */
export interface Drained<Row> {
  readonly rows: ReadonlyArray<Row>
  /** The cache let go of rows that were never seen, or it is another one. */
  readonly isOverflown: boolean
}

export class CacheDrain<Row extends object> {
  #last: Row | undefined

  drain(cache: ReadonlyArray<Row>): Drained<Row> {
    const last = this.#last
    const seen = last === undefined ? -1 : cache.lastIndexOf(last)
    this.#last = cache.at(-1) ?? last
    return { rows: cache.slice(seen + 1), isOverflown: last !== undefined && seen === -1 && cache.length > 0 }
  }
}
