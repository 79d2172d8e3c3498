/** Cards of the channels: each that is claimed delivers, and what it tells is what is so at the exchange. */
import { type Channel, Event, Interval } from "@tidewire/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as BookStory from "../BookStory.ts"
import type { Card } from "../Card.ts"
import * as claims from "../claims.ts"
import { equal, fail, hold, settled, until } from "../Failed.ts"
import * as flow from "../flow.ts"
import { subscriptions } from "../Stage.ts"

/** How far a stamp may lie outside the time in which it must have been made, ms. */
const TOLERANCE_MS = 50

/** What was so shortly before a feed was opened may be told on it: a book's last change, a bar that is open. */
const BEFOREHAND_MS = 5_000

export const trades: Card = {
  id: "MD-1",
  title: "trades arrive once, in order, with the venue's own ids and numbers",
  prerequisite: "channel trades",
  action: "stream trades of two symbols on a busy market, stop it",
  pass: "from the first one on, each trade of the exchange was told once, in order, as it was; no gap; ids that are claimed to be consecutive are",
  unless: claims.without("trades"),
  check: (stage) =>
    Effect.gen(function* () {
      const { other, symbol } = stage
      const watched = yield* stage.openActive(subscriptions([symbol, other], "trades"))
      yield* flow.run(stage, watched, symbol, 20)
      for (const each of [symbol, other]) yield* flow.accounted(stage, watched, each)
      yield* equal("gaps", watched.of("gap"), [])
      const late = watched.of("trade").find(({ origin }) => origin === "backfill")
      yield* hold("an uninterrupted stream has trades of the past", late === undefined)
      if (!stage.adapter.capabilities.consecutiveTradeIds) return
      const ids = watched.of("trade", symbol).map(({ id }) => BigInt(id))
      const jump = ids.find((id, index) => index > 0 && id !== ids[index - 1]! + 1n)
      yield* hold(`ids are claimed to be consecutive, and ${jump} does not follow`, jump === undefined)
    })
}

export const quotes: Card = {
  id: "MD-2",
  title: "quotes are the best bid and ask",
  prerequisite: "channel quotes",
  action: "stream quotes on a busy market, stop it",
  pass: "bids are below asks; the last quote is the top of the exchange's book",
  unless: claims.without("quotes"),
  check: (stage) =>
    Effect.gen(function* () {
      const { exchange, symbol } = stage
      const watched = yield* stage.openActive(subscriptions([symbol], "quotes"))
      yield* exchange.busy
      yield* until("5 quotes", () => watched.of("quote").length >= 5)
      yield* exchange.quiet
      const { asks, bids } = yield* exchange.book(symbol, "book")
      const top = JSON.stringify([bids[0], asks[0]])
      yield* settled(() => {
        const { ask, askSize, bid, bidSize } = watched.of("quote").at(-1)!
        const told = JSON.stringify([
          [bid, bidSize],
          [ask, askSize]
        ])
        return told === top ? undefined : `the last quote was ${told}; the top of the book is ${top}`
      })
      const crossed = watched.of("quote").find(({ ask, bid }) => bid >= ask)
      yield* hold(`crossed: ${JSON.stringify(crossed)}`, crossed === undefined)
    })
}

/** A book that a change stream keeps is known below its snapshot only where it changed; its top is whole. */
const COMPARED_LEVELS = 10

export const depths: Card = {
  id: "MD-3",
  title: "every depth delivers a book that is the exchange's",
  prerequisite: "depths of channel book",
  action: "open book:<depth> for every depth on a busy market, stop it",
  pass: "each becomes live, and its best 10 levels (fewer where it is shallower) are the exchange's at the same sequence",
  unless: ({ depths: claimed }) => (claimed.length > 0 ? undefined : "no depth is claimed"),
  check: (stage) =>
    Effect.gen(function* () {
      const { adapter, exchange, symbol } = stage
      yield* exchange.busy
      const books = yield* Effect.forEach(adapter.capabilities.depths, (depth) =>
        Effect.map(stage.open(subscriptions([symbol], `book:${depth}`)), (watched) => ({ depth, watched }))
      )
      for (const { depth, watched } of books) {
        yield* until(`book:${depth} live`, () => watched.feed.book(symbol)?.state === "live")
        yield* until(`3 messages of book:${depth}`, () => watched.of("book").length >= 3)
      }
      yield* exchange.quiet
      for (const { depth, watched } of books) {
        const truth = yield* exchange.book(symbol, `book:${depth}`)
        yield* settled(() => {
          const view = watched.feed.book(symbol)
          if (view?.state !== "live") return `book:${depth} is ${view?.state ?? "not there"}`
          const wrong = BookStory.difference(view.book, truth, Math.min(depth, COMPARED_LEVELS))
          return wrong === undefined ? undefined : `book:${depth}: ${wrong}`
        })
      }
    })
}

export const bars: Card = {
  id: "MD-4",
  title: "every bar is final exactly once, with the numbers of its trades",
  prerequisite: "channel bars",
  action: "stream the bars of the shortest interval on a busy market until one has closed",
  pass: "no bar is final twice or told after it was; no period is left out; final bars are the exchange's",
  unless: claims.without("bars"),
  check: (stage) =>
    Effect.gen(function* () {
      const { adapter, exchange, symbol } = stage
      const interval = claims.shortest(adapter.capabilities)!
      const watched = yield* stage.openActive(subscriptions([symbol], `bars:${interval}`))
      yield* exchange.busy
      yield* until(`a final bar of ${interval}, and one after it`, () => {
        const told = watched.of("bar")
        const final = told.findIndex(({ isFinal }) => isFinal)
        return final !== -1 && final < told.length - 1
      })
      yield* exchange.quiet
      const truth = new Map((yield* exchange.bars(symbol, interval)).map((bar) => [bar.openTime, bar]))
      let awaited: number | undefined
      for (const bar of watched.of("bar")) {
        const { isFinal, openTime } = bar
        const isDue = awaited === undefined || openTime === awaited
        yield* hold(
          `bar ${openTime} was told, and ${awaited} is the one that is open`,
          isDue && bar.interval === interval
        )
        awaited = isFinal ? Interval.nextOpenTime(interval, openTime) : openTime
        if (isFinal) yield* equal(`the final bar ${openTime}`, numbersOf(bar), numbersOf(truth.get(openTime)))
      }
    })
}

const numbersOf = (bar: Pick<Event.Bar, "open" | "high" | "low" | "close" | "volume"> | undefined) =>
  bar === undefined ? "unknown" : [bar.open, bar.high, bar.low, bar.close, bar.volume]

/** One event of every channel that can be expected to speak of this symbol. */
const speaks = (kind: Channel.Kind): Event.MarketEvent["type"] => {
  const types = { trades: "trade", quotes: "quote", book: "book", bars: "bar", ticker: "ticker", mark: "mark" } as const
  return kind === "liquidations" ? "liquidation" : types[kind]
}

const isEvent = Schema.is(Event.Event)

export const valid: Card = {
  id: "MD-8",
  title: "every channel that is claimed delivers, and every event is valid and carries the configured name",
  prerequisite: "none",
  action: "stream one channel of every kind of a symbol on a busy market, make a forced order",
  pass: "each kind delivers; each event matches the schema of events, has the adapter's venue and a symbol that was asked for",
  check: (stage) =>
    Effect.gen(function* () {
      const { adapter, exchange, symbol } = stage
      const { capabilities, venue } = adapter
      const watched = yield* stage.openActive(subscriptions([symbol], ...claims.channels(capabilities)))
      yield* exchange.busy
      if (capabilities.channels.includes("liquidations")) yield* exchange.liquidate?.(symbol) ?? fail("no liquidate")
      for (const kind of capabilities.channels) {
        yield* until(`an event of channel ${kind}`, () => watched.of(speaks(kind), symbol).length > 0)
      }
      const wrong = watched.events.find(
        (event) => !isEvent(event) || event.venue !== venue || ("symbol" in event && event.symbol !== symbol)
      )
      yield* hold(`not an event of ${symbol} at ${venue}: ${JSON.stringify(wrong)}`, wrong === undefined)
    })
}

export const stamps: Card = {
  id: "MD-9",
  title: "times are plausible: received while the feed was open, made at the exchange while it was",
  prerequisite: "channel trades",
  action: "stream one channel of every kind on a busy market",
  pass: "receivedTime lies between the opening and now, by our clock; exchangeTime between shortly before the opening and now, by the exchange's",
  unless: claims.without("trades"),
  check: (stage) =>
    Effect.gen(function* () {
      const { adapter, exchange, symbol } = stage
      const opened = { ours: yield* Clock.currentTimeMillis, theirs: yield* exchange.now }
      const watched = yield* stage.openActive(subscriptions([symbol], ...claims.channels(adapter.capabilities)))
      yield* flow.run(stage, watched, symbol, 10)
      const now = { ours: yield* Clock.currentTimeMillis, theirs: yield* exchange.now }
      for (const event of watched.events.filter(Event.isMarketEvent)) {
        const { exchangeTime = now.theirs, receivedTime } = event
        const isOurs = receivedTime > opened.ours - TOLERANCE_MS && receivedTime < now.ours + TOLERANCE_MS
        const isTheirs = exchangeTime > opened.theirs - BEFOREHAND_MS && exchangeTime < now.theirs + TOLERANCE_MS
        yield* hold(
          `a ${event.type} was received at ${receivedTime}, made at ${exchangeTime}; open since ${opened.ours} and ${opened.theirs}, until ${now.ours} and ${now.theirs}`,
          isOurs && isTheirs
        )
      }
    })
}
