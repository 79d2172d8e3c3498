/**
 * A journal in memory, for paper trading and tests: it ends with its process.
 *
 * Guarantees: bounded: beyond `maxEntries` (default 1 000 000) it refuses to write, and the engine stops trading, as it does
 * when a disk is full.
 */
import type { Entry, Journal } from "./Journal.ts"

const DEFAULT_MAX_ENTRIES = 1_000_000

export interface MemoryJournal extends Journal {
  /** All that was written, oldest first. */
  readonly entries: () => ReadonlyArray<Entry>
}

export const make = (options?: { readonly entries?: Iterable<Entry>; readonly maxEntries?: number }): MemoryJournal => {
  const maxEntries = options?.maxEntries ?? DEFAULT_MAX_ENTRIES
  let entries: Array<Entry> = [...(options?.entries ?? [])]
  return {
    write: (entry) => {
      if (entries.length >= maxEntries) throw new RangeError(`The journal is full: ${maxEntries} entries.`)
      entries.push(entry)
    },
    read: () => entries.slice(),
    replace: (replacement) => {
      entries = [...replacement]
    },
    entries: () => entries
  }
}
