import { assert, describe, it } from "@effect/vitest"
import type { Event, VenueAdapter } from "@tidewire/core"
import { MemoryJournal, type Strategy } from "@tidewire/engine"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { quote, running, subscriptions } from "./runningEngine.ts"

const DAY_MS = 86_400_000

/** Takes one at each quote, as long as there are sides. */
const taker = (...sides: Array<"buy" | "sell">): Partial<Strategy.Strategy> => ({
  onQuote: ({ ask, bid }, context) => {
    const side = sides.shift()
    const price = String(side === "buy" ? ask : bid)
    if (side !== undefined) context.submit({ venue: "v", symbol: "BTCUSDT", side, kind: "limit", size: "1", price })
  }
})

/** Starts, hears of these quotes, each 10 ms after the other, and ends without a word. */
const lifetime = (
  strategy: Partial<Strategy.Strategy>,
  journal: MemoryJournal.MemoryJournal,
  prices: ReadonlyArray<readonly [bid: number, ask: number]>,
  maxDailyLoss = "none"
) =>
  Effect.gen(function* () {
    const { engine, notices, told } = yield* running({ taker: strategy }, { journal, limits: { maxDailyLoss } })
    yield* Effect.forkChild(engine.start, { startImmediately: true })
    yield* TestClock.adjust("1 second")
    const begun = engine.status().time
    const last = prices.at(-1)!
    for (const [index, [bid, ask]] of [...prices, last, last].entries()) {
      engine.take(quote(begun + 10 * (index + 1), bid, ask))
    }
    yield* Effect.yieldNow
    return { status: engine.status(), notices, told }
  }).pipe(Effect.scoped)

describe("Engine, restarted", () => {
  it.effect("S-D8 positions, profits and fees survive, whether their fills are still in the journal or not", () =>
    Effect.gen(function* () {
      const journal = MemoryJournal.make()
      const first = yield* lifetime(taker("buy"), journal, [[99, 100]])
      assert.deepStrictEqual(first.status.pnl.netPnl, { USDT: "-0.5", BTC: "-0.001" })
      const again = yield* lifetime(taker(), journal, [[99, 100]])
      assert.deepStrictEqual(again.status.pnl, first.status.pnl)
      assert.deepStrictEqual(
        again.status.strategies.map(({ pnl }) => pnl),
        [first.status.pnl]
      )
      yield* TestClock.adjust("8 days")
      // it is covered by what is written down now, and forgotten at the next start
      yield* lifetime(taker(), journal, [[99, 100]])
      const old = yield* lifetime(taker(), journal, [[99, 100]])
      assert.deepStrictEqual(
        journal
          .entries()
          .map(({ _tag }) => _tag)
          .filter((tag) => tag === "Fill"),
        []
      )
      assert.deepStrictEqual(old.status.pnl, first.status.pnl)
    })
  )

  it.effect("a fill that comes after a snapshot is counted once more, and one before it is not", () =>
    Effect.gen(function* () {
      const journal = MemoryJournal.make()
      yield* lifetime(taker("buy"), journal, [[99, 100]])
      const { status } = yield* lifetime(taker("buy"), journal, [[109, 110]])
      const both = yield* lifetime(taker(), journal, [[109, 110]])
      assert.deepStrictEqual(
        [status, both.status].map(({ pnl }) =>
          pnl.rows.map(({ averagePrice, fills, size }) => ({ averagePrice, fills, size }))
        ),
        [[{ averagePrice: "105", fills: 2, size: "2" }], [{ averagePrice: "105", fills: 2, size: "2" }]]
      )
    })
  )

  it.effect("a portfolio that cannot be read is told, and counted from the fills that are left", () =>
    Effect.gen(function* () {
      const journal = MemoryJournal.make()
      const first = yield* lifetime(taker("buy"), journal, [[99, 100]])
      journal.write({ _tag: "Snapshot", time: 1, name: "portfolio", value: { all: "nothing" } })
      const again = yield* lifetime(taker(), journal, [[99, 100]])
      assert.deepStrictEqual([again.status.pnl, again.status.notices.NotRestored], [first.status.pnl, 1])
    })
  )

  it.effect("S-D8 what was lost today counts after a restart on the same day, and for nothing on the next", () =>
    Effect.gen(function* () {
      const journal = MemoryJournal.make()
      // one is bought at 100 and worth 89.5 at last; its fee of 0.001 BTC is
      const { status } = yield* lifetime(taker("buy"), journal, [
        [99, 100],
        [99, 100],
        [89, 90]
      ])
      assert.deepStrictEqual(status.daily, { pnl: "-10.5895", currency: "USDT" })
      const refusals: Array<string> = []
      const asking = (hasAsked = false): Partial<Strategy.Strategy> => ({
        onQuote: (_, context) => {
          if (hasAsked) return
          hasAsked = true
          const order = { venue: "v", symbol: "BTCUSDT", side: "buy", kind: "limit", size: "1", price: "50" } as const
          const submitted = context.submit(order)
          refusals.push(submitted._tag === "Refused" ? submitted.refusal.message : "submitted")
        }
      })
      const again = yield* lifetime(asking(), journal, [[89, 90]], "10")
      assert.deepStrictEqual(again.status.daily, status.daily)
      yield* TestClock.adjust("1 day")
      const next = yield* lifetime(asking(), journal, [[100, 101]], "10")
      // what it is worth was last written down when it was bought
      assert.deepStrictEqual(next.status.daily, { pnl: "0.5", currency: "USDT" })
      assert.deepStrictEqual(refusals, ["10.5895 lost today, 10 allowed.", "submitted"])
    })
  )
})

describe("Engine, restarted on paper", () => {
  it.effect("the account goes on where it was, and what was open has expired", () =>
    Effect.gen(function* () {
      const journal = MemoryJournal.make()
      let wants: ReadonlyArray<string> = ["100", "50"]
      const buyer: Partial<Strategy.Strategy> = {
        onQuote: (_, context) => {
          for (const price of wants) {
            context.submit({ venue: "v", symbol: "BTCUSDT", side: "buy", kind: "limit", size: "1", price })
          }
          wants = []
        }
      }
      const [before, after] = [yield* lifetime(buyer, journal, [[99, 100]]), yield* lifetime({}, journal, [[99, 100]])]
      const accountOf = ({ status: { orders, venues } }: typeof before) => ({
        orders: orders.map(({ price, status }) => `${status} at ${price}`),
        balances: Object.fromEntries(
          venues[0]!.balances.map(({ asset, free, total }) => [asset, `${free} of ${total}`])
        )
      })
      assert.deepStrictEqual([before, after].map(accountOf), [
        { orders: ["open at 50"], balances: { USDT: "9850 of 9900", BTC: "0.999 of 0.999" } },
        { orders: [], balances: { USDT: "9900 of 9900", BTC: "0.999 of 0.999" } }
      ])
      assert.deepStrictEqual(
        journal
          .entries()
          .flatMap((entry) => (entry._tag === "Order" && entry.order.price === "50" ? [entry.order.status] : [])),
        ["open", "expired"]
      )
    })
  )
})

describe("Engine, started", () => {
  it.effect("S-D8 the bars that strategies listen to are there at their start, and a history that fails is told", () =>
    Effect.gen(function* () {
      const bar = (openTime: number): Event.Bar => ({
        type: "bar",
        venue: "v",
        symbol: "BTCUSDT",
        receivedTime: openTime + 60_000,
        interval: "1m",
        openTime,
        closeTime: openTime + 59_999,
        open: 1,
        high: 1,
        low: 1,
        close: 1,
        volume: 1,
        isFinal: true,
        origin: "backfill"
      })
      const history: VenueAdapter.History = {
        bars: ({ from, to }) => Effect.succeed([bar(from), bar(to - 60_000)])
      }
      const seen: Array<number> = []
      const strategy: Partial<Strategy.Strategy> = {
        subscriptions: [{ ...subscriptions[0]!, channels: ["bars:1m"] }],
        onStart: (context) => void seen.push(...context.bars("v", "BTC/USDT", "1m", 10).map((each) => each.openTime))
      }
      yield* TestClock.adjust("10 days")
      const { engine } = yield* running({ strategy }, { history })
      yield* engine.start
      assert.deepStrictEqual(seen, [10 * DAY_MS - 499 * 60_000, 10 * DAY_MS - 60_000])
    }).pipe(Effect.scoped)
  )
})
