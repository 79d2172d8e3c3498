/** A desk over one scripted account that trades BTCUSDT, a perpetual, and BTCUSD-SPOT. */
import { type Instrument, OrderBook, type PrivateEvent } from "@tidewire/core"
import { Desk, Limits, MemoryJournal, type Notice, type VenueDesk } from "@tidewire/engine"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { ScriptedAccount } from "./scriptedAccount.ts"

export const perpetual: Instrument.Instrument = {
  venue: "paper",
  symbol: "BTCUSDT",
  unified: "BTC/USDT:USDT",
  base: "BTC",
  quote: "USDT",
  settle: "USDT",
  kind: "perpetual",
  tickSize: "0.1",
  lotSize: "0.001",
  contractSize: "1",
  sizeUnit: "base",
  status: "trading"
}

export const spot: Instrument.Instrument = { ...perpetual, symbol: "BTCSPOT", unified: "BTC/USDT", kind: "spot" }

export interface OpenOptions {
  readonly account?: ScriptedAccount
  readonly journal?: MemoryJournal.MemoryJournal
  readonly limits?: Partial<Limits.Limits>
  readonly venue?: Partial<VenueDesk.VenueSetup>
  readonly desk?: Partial<Desk.DeskSetup>
}

/** 100 bid, 101 ask. */
export const liveBook = (): OrderBook.BookView => {
  const book = new OrderBook.OrderBook()
  book.replace({ bids: [[100, 5]], asks: [[101, 5]], sequence: 1, receivedTime: 1 })
  return { state: "live", book }
}

export const open = (options: OpenOptions = {}) =>
  Effect.gen(function* () {
    const account = options.account ?? new ScriptedAccount()
    const journal = options.journal ?? MemoryJournal.make()
    const events: Array<PrivateEvent.PrivateEvent> = []
    const notices: Array<Notice.Notice> = []
    const instruments = [perpetual, spot]
    const desk = yield* Desk.make({
      venues: [
        {
          venue: "paper",
          trading: account.trading,
          instrument: (symbol) => instruments.find((each) => each.symbol === symbol || each.unified === symbol),
          symbols: () => ["BTCUSDT"],
          book: liveBook,
          ...options.venue
        }
      ],
      journal,
      limits: { ...Limits.defaults, maxNotional: "none", maxPosition: "none", checkBalance: false, ...options.limits },
      emit: (event) => events.push(event),
      tell: (notice) => notices.push(notice),
      ...options.desk
    })
    return {
      desk,
      account,
      journal,
      events,
      notices,
      /** `order open 0`, `fill 0.5` …: what was told, in order. */
      told: () => events.map(toldOf),
      tags: () => notices.map((each) => each._tag),
      written: () => journal.entries().map((each) => each._tag)
    }
  })

/** Opened, connected, reconciled; an hour after the epoch. */
export const ready = (options: OpenOptions = {}) =>
  Effect.gen(function* () {
    yield* TestClock.adjust("1 hour")
    const opened = yield* open(options)
    yield* opened.account.up(1)
    yield* TestClock.adjust("0 millis")
    opened.notices.length = 0
    opened.events.length = 0
    opened.account.calls.length = 0
    return opened
  })

const toldOf = (event: PrivateEvent.PrivateEvent): string => {
  switch (event.type) {
    case "order":
      return `order ${event.status} ${event.filled}${event.reason === undefined ? "" : ` (${event.reason})`}`
    case "fill":
      return `fill ${event.id} ${event.size}`
    case "balance":
      return `balance ${event.asset} ${event.total}`
    case "position":
      return `position ${event.symbol} ${event.size}`
    case "funding":
      return `funding ${event.amount}`
  }
}

export const limitOrder = {
  venue: "paper",
  symbol: "BTCUSDT",
  side: "buy",
  kind: "limit",
  size: "1",
  price: "100"
} as const
