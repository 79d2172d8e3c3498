/**
 * What a symbol's events tell of its book: rebuilt from them alone, and whether they come in the order that is promised
 * (a snapshot first; no change between `stale` and the next snapshot; sequences rise; `live` only on a whole book).
 */
import { type Event, OrderBook } from "@tidewire/core"
import type { TrueBook } from "./Exchange.ts"

export interface BookStory {
  readonly book: OrderBook.OrderBook
  /** The last state that was told. */
  readonly state: Event.BookState["state"] | undefined
  /** The first thing that is out of order. */
  readonly complaint: string | undefined
}

export const read = (events: ReadonlyArray<Event.Event>): BookStory => {
  const book = new OrderBook.OrderBook()
  let isWhole = false
  /** The last sequence of a change; a snapshot's own may come once more, with the change that ends at it. */
  let changedTo = Number.NEGATIVE_INFINITY
  let state: Event.BookState["state"] | undefined
  let complaint: string | undefined
  const complain = (text: string): void => void (complaint ??= text)
  for (const event of events) {
    if (event.type === "bookState") {
      state = event.state
      if (state === "stale") isWhole = false
      if (state === "live" && !isWhole) complain("live was told before a snapshot")
    }
    if (event.type !== "book") continue
    const { kind, sequence } = event
    if (kind === "snapshot") {
      if (state !== "syncing" && state !== "live") complain(`snapshot ${sequence} came while ${state ?? "untold"}`)
      book.replace(event)
      changedTo = Number.NEGATIVE_INFINITY
      isWhole = true
      continue
    }
    if (!isWhole) complain(`delta ${sequence} came without a snapshot before it`)
    if (sequence < book.sequence || sequence <= changedTo) complain(`delta ${sequence} came after ${book.sequence}`)
    book.apply({ ...event, last: sequence })
    changedTo = sequence
  }
  return { book, state, complaint }
}

/** Where a book differs from the exchange's at its best `depth` levels; `undefined` when it does not. */
export const difference = (
  book: OrderBook.ReadonlyOrderBook,
  truth: TrueBook,
  depth = Number.POSITIVE_INFINITY
): string | undefined => {
  const { sequence = book.sequence } = truth
  if (book.sequence !== sequence) return `the book is at ${book.sequence}, the exchange's at ${sequence}`
  for (const side of ["bids", "asks"] as const) {
    const told = JSON.stringify(book[side](depth))
    const right = JSON.stringify(truth[side].slice(0, depth))
    if (told !== right) return `${side} at ${sequence} are ${told.slice(0, 200)}; true are ${right.slice(0, 200)}`
  }
  return undefined
}
