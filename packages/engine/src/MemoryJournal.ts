/**
 * A journal in memory, for paper trading and tests: it ends with its process.
 *
 * Guarantees: bounded: beyond `maxEntries` (default 1 000 000) it refuses to write, and the engine stops trading, as it does
 * when a disk is full.
 */
import { type Entry, type Journal, keyOf, orderOf } from "./Journal.ts"

const DEFAULT_MAX_ENTRIES = 1_000_000

export interface MemoryJournal extends Journal {
  /** All that was written, oldest first. */
  readonly entries: () => ReadonlyArray<Entry>
}

export const make = (options?: { readonly entries?: Iterable<Entry>; readonly maxEntries?: number }): MemoryJournal => {
  const maxEntries = options?.maxEntries ?? DEFAULT_MAX_ENTRIES
  /** By number, in the order they were written. */
  let entries = new Map<number, Entry>()
  let ofOrders = new Map<string, Array<number>>()
  let count = 0
  const write = (entry: Entry) => {
    if (entries.size >= maxEntries) throw new RangeError(`The journal is full: ${maxEntries} entries.`)
    const order = orderOf(entry)
    if (order !== undefined) ofOrders.set(order, [...(ofOrders.get(order) ?? []), count])
    entries.set(count++, entry)
  }
  for (const entry of options?.entries ?? []) write(entry)
  return {
    write,
    read: () => [...entries.values()],
    forget: (venue, clientOrderId) => {
      const order = keyOf(venue, clientOrderId)
      for (const number of ofOrders.get(order) ?? []) entries.delete(number)
      ofOrders.delete(order)
    },
    replace: (replacement) => {
      const all = [...replacement]
      entries = new Map()
      ofOrders = new Map()
      for (const entry of all) write(entry)
    },
    entries: () => [...entries.values()]
  }
}
