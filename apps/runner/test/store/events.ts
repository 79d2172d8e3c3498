/** Events to keep: of a market that is made up, at noon of a day. */
import type { Event, PrivateEvent } from "@tidewire/core"

/** 2026-01-31T12:00:00Z */
export const NOON = Date.UTC(2026, 0, 31, 12)

export const trade = (number: number, over: Partial<Event.Trade> = {}): Event.Trade => ({
  type: "trade",
  venue: "reef",
  symbol: "BTCUSDT",
  exchangeTime: NOON + number,
  receivedTime: NOON + number + 0.125,
  id: String(number),
  price: 60_000.1 + number / 100,
  size: 0.001,
  side: "buy",
  origin: "stream",
  ...over
})

export const bar = (minute: number, over: Partial<Event.Bar> = {}): Event.Bar => ({
  type: "bar",
  venue: "reef",
  symbol: "BTCUSDT",
  receivedTime: NOON + (minute + 1) * 60_000,
  interval: "1m",
  openTime: NOON + minute * 60_000,
  closeTime: NOON + (minute + 1) * 60_000 - 1,
  open: 1,
  high: 3,
  low: 1,
  close: 2,
  volume: 10,
  isFinal: true,
  origin: "stream",
  ...over
})

export const book: Event.Book = {
  type: "book",
  venue: "reef",
  symbol: "BTCUSDT",
  receivedTime: NOON,
  kind: "delta",
  bids: [
    [1.5, 2],
    [1.25, 0]
  ],
  asks: [],
  sequence: 9_007_199_254_740_991
}

export const fill: PrivateEvent.Fill = {
  type: "fill",
  venue: "reef's account",
  symbol: "BTCUSDT",
  receivedTime: NOON,
  id: "f1",
  side: "sell",
  price: "61000.10",
  size: "0.123456789012345678901234567890",
  fee: "-0.0000000000000000001",
  feeAsset: "BNB"
}
