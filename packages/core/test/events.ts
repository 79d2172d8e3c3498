/** Made-up events for the tests of this package. */
import type { Event } from "@tidewire/core"

const at = { venue: "reference", symbol: "AAA", receivedTime: 1_000 }

export const trade = (id: number, exchangeTime = id): Event.Trade => ({
  type: "trade",
  ...at,
  exchangeTime,
  id: String(id),
  price: 10,
  size: 1,
  side: "buy",
  origin: "stream"
})

export const quote = (sequence: number, exchangeTime?: number): Event.Quote => ({
  type: "quote",
  ...at,
  ...(exchangeTime !== undefined && { exchangeTime }),
  bid: 9,
  bidSize: 1,
  ask: 10,
  askSize: 1,
  sequence
})

export const bar = (openTime: number, isFinal = false, exchangeTime = openTime): Event.Bar => ({
  type: "bar",
  ...at,
  exchangeTime,
  interval: "1m",
  openTime,
  closeTime: openTime + 59_999,
  open: 1,
  high: 1,
  low: 1,
  close: 1,
  volume: 1,
  isFinal,
  origin: "stream"
})

export const delta = (
  sequence: number,
  bids: ReadonlyArray<Event.Level> = [],
  asks: ReadonlyArray<Event.Level> = []
): Event.Book => ({ type: "book", ...at, kind: "delta", bids, asks, sequence })

export const snapshot = (
  sequence: number,
  bids: ReadonlyArray<Event.Level> = [[9, 1]],
  asks: ReadonlyArray<Event.Level> = [[10, 1]]
): Event.Book => ({ type: "book", ...at, kind: "snapshot", bids, asks, sequence })

export const bookState = (state: Event.BookState["state"]): Event.BookState => ({ type: "bookState", ...at, state })
