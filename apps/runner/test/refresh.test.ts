import { type Event, Instrument, MarketStream, Subscription, type VenueAdapter, VenueError } from "@tidewire/core"
import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as SubscriptionRef from "effect/SubscriptionRef"
import { TestClock, TestConsole } from "effect/testing"
import * as Refresh from "../src/venues/refresh.ts"
import { Subscribing } from "../src/venues/Subscribing.ts"
import { onList, resolve } from "../src/venues/resolve.ts"
import * as Wanted from "../src/venues/Wanted.ts"

const instrument = (symbol: string, status: Instrument.Instrument["status"] = "trading"): Instrument.Instrument => ({
  venue: "fake",
  symbol,
  unified: symbol.replace("USDT", "/USDT"),
  base: symbol.replace("USDT", ""),
  quote: "USDT",
  kind: "spot",
  tickSize: "0.01",
  lotSize: "0.001",
  contractSize: "1",
  sizeUnit: "base",
  status
})

type List = ReadonlyArray<Instrument.Instrument>

const list = (...symbols: ReadonlyArray<string>): List => symbols.map((symbol) => instrument(symbol))

const failed = new VenueError.VenueError({
  venue: "fake",
  operation: "GET /list",
  reason: new VenueError.ConnectionFailed({ message: "no answer" })
})

type Asked = ReadonlyArray<{
  readonly symbols: readonly [string, ...Array<string>]
  readonly channels: readonly [string, ...Array<string>]
}>

const all: Asked = [{ symbols: ["*USDT"], channels: ["trades"] }]

/** A venue that gives these lists, one after another, after a first one; what it was told to change, and what was said. */
const refreshed = (
  first: List | undefined,
  asked: Asked,
  lists: ReadonlyArray<List | VenueError.VenueError | "never">
) =>
  Effect.gen(function* () {
    const updates: Array<string> = []
    const { wanted } = Wanted.expand(asked, undefined, ["venues", 0])
    const states = yield* SubscriptionRef.make<ReadonlyMap<string, VenueAdapter.ConnectionStatus>>(new Map())
    let reads = 0
    const adapter: VenueAdapter.VenueAdapter = {
      venue: "fake",
      capabilities: {
        channels: ["trades", "book"],
        intervals: [],
        depths: [5],
        history: { trades: false, recentTrades: false, bars: false },
        present: { quotes: false, book: false, ticker: false, mark: false, bars: false },
        fallsBack: false,
        consecutiveTradeIds: true
      },
      instruments: Effect.suspend(() => {
        const next = lists[Math.min(reads++, lists.length - 1)]!
        return next === "never"
          ? Effect.never
          : next instanceof VenueError.VenueError
            ? Effect.fail(next)
            : Effect.succeed(next)
      }),
      plan: () => ({ connections: [], notes: [] }),
      open: (_subscriptions, _emit: (event: Event.Event) => void) =>
        Effect.succeed({
          update: (subscriptions, reasons = new Map()) =>
            Effect.sync(() => {
              const ends = [...reasons].map(([symbol, reason]) => `${symbol}: ${reason}`)
              updates.push([subscriptions.map(Subscription.key).join(" "), ...ends].join("; "))
            }),
          states,
          counts: () => ({
            frames: 0,
            events: 0,
            malformed: 0,
            unknown: 0,
            duplicates: 0,
            gaps: 0,
            resyncs: 0,
            reconnects: 0,
            rotations: 0,
            audits: 0,
            drifts: 0,
            inexact: 0,
            fallbacks: 0
          }),
          book: () => undefined,
          retellBook: () => {},
          pause: () => false,
          resume: () => {},
          rotate: () => [],
          reconnect: () => [],
          reset: () => [],
          samples: () => []
        })
    }
    const index = first === undefined ? undefined : new Instrument.InstrumentIndex(first)
    const { subscriptions } = resolve(
      wanted,
      index === undefined ? ({ symbol }) => [symbol.toUpperCase()] : onList(index)
    )
    const stream = yield* MarketStream.open(adapter, subscriptions)
    const every = Duration.minutes(15)
    const listed = () => undefined
    const subscribing = new Subscribing(wanted, { index, subscriptions })
    const refresh = { venue: "fake", every, subscribing, adapter, stream, listed }
    yield* Effect.forkScoped(Refresh.run(refresh))
    while (reads < lists.length) yield* TestClock.adjust("1 minute")
    const logs = (yield* TestConsole.logLines).map((each) => (typeof each === "string" ? each : JSON.stringify(each)))
    return { updates, logs, reads: () => reads }
  })

const run = (...args: Parameters<typeof refreshed>) =>
  Effect.map(Effect.scoped(refreshed(...args)), ({ updates }) => updates)

describe("S-B2 symbols while a venue runs", () => {
  it.effect("what a pattern matches anew is subscribed, once", () =>
    Effect.gen(function* () {
      const after = [...list("AUSDT", "BUSDT", "CUSDT", "DBTC"), instrument("EUSDT", "preparing")]
      assert.deepStrictEqual(yield* run(list("AUSDT", "BUSDT"), all, [after, after]), [
        "AUSDT trades BUSDT trades CUSDT trades"
      ])
    })
  )

  it.effect("what no longer trades, or is gone, ends with the reason; what trades again comes back", () =>
    Effect.gen(function* () {
      const before = list("AUSDT", "BUSDT", "CUSDT", "DUSDT")
      const after = [...list("AUSDT", "DUSDT"), instrument("BUSDT", "halted")]
      assert.deepStrictEqual(yield* run(before, all, [after, after, before]), [
        "AUSDT trades DUSDT trades; BUSDT: delisted: no longer trading (halted); CUSDT: delisted: no longer on the venue's list",
        "AUSDT trades BUSDT trades CUSDT trades DUSDT trades"
      ])
    })
  )

  it.effect("what was asked for by name ends the same way, and stays ended", () =>
    Effect.gen(function* () {
      const asked: Asked = [{ symbols: ["a/usdt", "BUSDT", "CUSDT"], channels: ["trades"] }]
      const before = list("AUSDT", "BUSDT", "CUSDT")
      const after = [instrument("AUSDT", "closed"), ...list("BUSDT", "XUSDT")]
      assert.deepStrictEqual(yield* run(before, asked, [after, after]), [
        "BUSDT trades; AUSDT: delisted: no longer trading (closed); CUSDT: delisted: no longer on the venue's list"
      ])
    })
  )

  it.effect("what was asked for by name and did not trade in the first place is left alone", () =>
    Effect.gen(function* () {
      const asked: Asked = [{ symbols: ["AUSDT", "BUSDT"], channels: ["trades"] }]
      const before = [instrument("AUSDT", "preparing"), ...list("BUSDT")]
      assert.deepStrictEqual(yield* run(before, asked, [before, before]), [])
    })
  )

  it.effect("a list that fails, never comes, is empty or has lost half changes nothing, and is warned about", () =>
    Effect.gen(function* () {
      const before = list("AUSDT", "BUSDT", "CUSDT", "DUSDT")
      const halted = before.map(({ symbol }) => instrument(symbol, "halted"))
      const lists = [failed, "never", [], halted, list("AUSDT"), before] as const
      const { logs, updates } = yield* Effect.scoped(refreshed(before, all, lists))
      const warned = logs.filter((line) => line.includes("symbols stay as they are"))
      assert.deepStrictEqual([updates, warned.length], [[], 5])
    })
  )

  it.effect("half of what traded is still believed", () =>
    Effect.gen(function* () {
      const before = list("AUSDT", "BUSDT", "CUSDT", "DUSDT")
      assert.deepStrictEqual(yield* run(before, all, [list("AUSDT", "BUSDT")]), [
        "AUSDT trades BUSDT trades; CUSDT: delisted: no longer on the venue's list; DUSDT: delisted: no longer on the venue's list"
      ])
    })
  )

  it.effect("where no list came at the start, the first that does corrects what was taken as given", () =>
    Effect.gen(function* () {
      const asked: Asked = [{ symbols: ["a/usdt", "BUSDT", "NONE"], channels: ["trades"] }]
      assert.deepStrictEqual(yield* run(undefined, asked, [failed, list("AUSDT", "BUSDT")]), [
        "AUSDT trades BUSDT trades; A/USDT: the venue spells it AUSDT; NONE: unknown: not on the venue's list"
      ])
    })
  )

  it.effect("a new symbol of which two patterns want different books gets the first, told once", () =>
    Effect.gen(function* () {
      const asked: Asked = [
        { symbols: ["*USDT"], channels: ["book"] },
        { symbols: ["X*"], channels: ["book:5"] }
      ]
      const after = list("AUSDT", "XBTC", "XUSDT")
      const { logs, updates } = yield* Effect.scoped(refreshed(list("AUSDT", "XBTC"), asked, [after, after]))
      assert.deepStrictEqual(
        [updates, logs.filter((line) => line.includes('"book:5" of XUSDT contradicts "book"')).length],
        [["AUSDT book XUSDT book XBTC book:5"], 1]
      )
    })
  )

  it.effect("what was done is said, at most twenty names of it", () =>
    Effect.gen(function* () {
      const before = list("AUSDT", "BUSDT")
      const after = list("AUSDT", ...Array.from({ length: 25 }, (_, index) => `N${index}USDT`))
      const { logs } = yield* Effect.scoped(refreshed(before, all, [after]))
      const text = logs.join("\n")
      assert.match(text, /symbols added.*N0USDT, .*N19USDT and 5 more/s)
      assert.match(text, /symbols ended.*BUSDT \(delisted: no longer on the venue's list\)/s)
    })
  )

  it.effect("the list is read every so often, with a jitter of a tenth each way", () =>
    Effect.gen(function* () {
      const before = list("AUSDT")
      const reads = yield* Effect.scoped(
        Effect.gen(function* () {
          const { reads } = yield* refreshed(before, all, [before])
          const first = reads()
          for (let minute = 0; minute < 15 * 100; minute++) yield* TestClock.adjust("1 minute")
          return reads() - first
        })
      )
      assert.isTrue(reads >= 95 && reads <= 105, String(reads))
    })
  )
})
