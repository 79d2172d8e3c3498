import { assert, describe, it } from "@effect/vitest"
import { Fees, type Strategy } from "@tidewire/engine"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { quote, running, subscriptions } from "./runningEngine.ts"

/** Buys one once. */
const buyer = (): Partial<Strategy.Strategy> => {
  let hasBought = false
  return {
    onQuote: ({ ask }, context) => {
      if (hasBought) return
      hasBought = true
      context.submit({
        venue: "v",
        symbol: "BTC/USDT",
        side: "buy",
        kind: "limit",
        size: "1",
        price: String(ask)
      })
    }
  }
}

describe("Engine", () => {
  it.effect(
    "S-A4 an event goes to strategies, their orders to the venue, and what becomes of them to all, in order",
    () =>
      Effect.gen(function* () {
        const { engine, told } = yield* running({ buyer: buyer() })
        yield* Effect.forkChild(engine.start, { startImmediately: true })
        yield* TestClock.adjust("1 second")
        for (const at of [1_000, 1_010, 1_020, 1_030]) {
          engine.take(quote(at, 99, 100))
          yield* Effect.yieldNow
        }
        assert.deepStrictEqual(
          told.filter((line) => line !== "balance"),
          [
            "buyer running",
            "quote",
            "order sent 0/1 of buyer",
            "order open 0/1 of buyer",
            "fill 1 at 100 of buyer",
            // an order has ended only by the venue's word
            "order open 1/1 of buyer",
            "order filled 1/1 of buyer",
            "quote",
            "quote",
            "quote"
          ]
        )
        const { pnl, strategies } = engine.status()
        assert.deepStrictEqual(pnl.netPnl, { USDT: "-0.5", BTC: "-0.001" })
        assert.strictEqual(strategies[0]!.state, "running")
      }).pipe(Effect.scoped)
  )

  it.effect("S-D1 a strategy that throws is stopped with its orders, and the others run on", () =>
    Effect.gen(function* () {
      let heard = 0
      const { engine, notices, told } = yield* running({
        broken: {
          onQuote: (_, context) => {
            context.submit({ venue: "v", symbol: "BTCUSDT", side: "buy", kind: "limit", size: "1", price: "50" })
            throw new Error("broken")
          }
        },
        other: { onQuote: () => void heard++ }
      })
      yield* Effect.forkChild(engine.start, { startImmediately: true })
      yield* TestClock.adjust("1 second")
      for (let at = 1_000; at < 1_100; at += 10) {
        engine.take(quote(at, 99, 100))
        yield* Effect.yieldNow
      }
      assert.strictEqual(heard, 10)
      assert.isTrue(told.includes("broken failed"))
      assert.isTrue(told.includes("order cancelled 0/1 of broken"))
      assert.deepStrictEqual(engine.desk.open(), [])
      assert.isTrue(notices.some(({ message }) => message === "Strategy broken is stopped: quote: broken"))
    }).pipe(Effect.scoped)
  )

  it.effect("S-D1 the timer beats each second of the engine's time, after all that was received before", () =>
    Effect.gen(function* () {
      const heard: Array<string> = []
      const { engine } = yield* running({
        timed: {
          onTimer: ({ time }) => void heard.push(`timer ${time}`),
          onQuote: ({ receivedTime }) => void heard.push(`quote ${receivedTime}`)
        }
      })
      yield* Effect.forkChild(engine.start, { startImmediately: true })
      yield* TestClock.adjust("1100 millis")
      // the wall is at 1100 already, but what was received before a second may still be on its way for a quarter of one
      engine.take(quote(990, 99, 100))
      engine.take(quote(1_000, 99, 100))
      yield* TestClock.adjust("2 seconds")
      assert.deepStrictEqual(heard, ["quote 990", "timer 1000", "quote 1000", "timer 2000"])
    }).pipe(Effect.scoped)
  )

  it.effect("stops strategies, cancels what they do not leave, and says what has come of it", () =>
    Effect.gen(function* () {
      const heard: Array<string> = []
      const { engine } = yield* running({
        maker: {
          onStart: (context) =>
            void context.submit({ venue: "v", symbol: "BTCUSDT", side: "buy", kind: "limit", size: "1", price: "50" }),
          onStop: () => void heard.push("stopped")
        }
      })
      yield* Effect.forkChild(engine.start, { startImmediately: true })
      yield* TestClock.adjust("1 second")
      assert.strictEqual(engine.desk.open().length, 1)
      const stopping = yield* Effect.forkChild(engine.stop("10 seconds"), { startImmediately: true })
      yield* TestClock.adjust("2 seconds")
      const { left } = yield* Fiber.join(stopping)
      assert.deepStrictEqual({ heard, left }, { heard: ["stopped"], left: [] })
    }).pipe(Effect.scoped)
  )

  it.effect("carries out what closes a position as the last act of a strategy, and reports it", () =>
    Effect.gen(function* () {
      const closer: Partial<Strategy.Strategy> = {
        ...buyer(),
        onStop: (context) => {
          const { size } = context.position("v", "BTC/USDT")
          context.submit({
            venue: "v",
            symbol: "BTC/USDT",
            side: "sell",
            kind: "limit",
            timeInForce: "ioc",
            size,
            price: "99"
          })
        }
      }
      // were the order that closes cancelled, the answer to that would come before its fill is told
      let orders = 0
      let answers = 0
      const latency = {
        order: () => [5, 20, 10][orders++] ?? 5,
        answer: () => (orders < 2 ? 5 : answers++ === 0 ? 20 : 50)
      }
      const { engine, told } = yield* running({ closer }, { paper: { fees: Fees.rates("0", "0"), latency } })
      yield* Effect.forkChild(engine.start, { startImmediately: true })
      yield* TestClock.adjust("1 second")
      for (const at of [1_000, 1_010, 1_020, 1_030]) {
        engine.take(quote(at, 99, 100))
        yield* Effect.yieldNow
      }
      const stopping = yield* Effect.forkChild(engine.stop("10 seconds"), { startImmediately: true })
      yield* TestClock.adjust("2 seconds")
      const { left, pnl } = yield* Fiber.join(stopping)
      const [row] = pnl.rows
      assert.deepStrictEqual([left, row?.size, row?.fills, pnl.netPnl], [[], "0", 2, { USDT: "-1" }])
      assert.deepStrictEqual(
        told.filter((line) => line.startsWith("fill")),
        ["fill 1 at 100 of closer", "fill 1 at 99 of closer"]
      )
    }).pipe(Effect.scoped)
  )

  it.effect("a strategy finds and cancels its orders by either spelling of their symbol", () =>
    Effect.gen(function* () {
      const found: Array<number> = []
      const { engine } = yield* running({
        one: {
          onStart: (context) => {
            for (const price of ["50", "51"]) {
              context.submit({ venue: "v", symbol: "BTC/USDT", side: "buy", kind: "limit", size: "1", price })
            }
            for (const symbol of ["BTC/USDT", "btcusdt", "BTCUSDT", "ETHUSDT"]) {
              found.push(context.orders({ venue: "v", symbol }).length, context.orders({ symbol }).length)
            }
            found.push(context.cancelAll({ symbol: "ETHUSDT" }), context.cancelAll({ symbol: "BTC/USDT" }))
          }
        }
      })
      yield* Effect.forkChild(engine.start, { startImmediately: true })
      yield* TestClock.adjust("2 seconds")
      assert.deepStrictEqual(found, [2, 2, 2, 2, 2, 2, 0, 0, 0, 2])
      assert.deepStrictEqual(engine.desk.open(), [])
    }).pipe(Effect.scoped)
  )

  it.effect("a subscription that cannot be had is refused by name, with what is near", () =>
    Effect.gen(function* () {
      const failure = (over: Partial<Strategy.StrategySubscription>) =>
        Effect.map(
          Effect.flip(running({ wrong: { subscriptions: [{ ...subscriptions[0]!, ...over }] } })),
          ({ message }) => message
        )
      assert.deepStrictEqual(
        [
          yield* failure({ venue: "w" }),
          yield* failure({ symbol: "BTCUSDC" }),
          yield* failure({ channels: ["tradez"] }),
          yield* failure({ channels: ["mark"] })
        ],
        [
          "strategy wrong, subscriptions[0]: there is no venue (did you mean v?); expected one of v",
          "strategy wrong, subscriptions[0]: v has no instrument BTCUSDC; did you mean BTCUSDT?",
          "strategy wrong, subscriptions[0]: there is no channel tradez; expected one of trades, quotes, book, book:<depth>, bars:<interval>, ticker, mark, liquidations",
          "strategy wrong, subscriptions[0]: this venue has no channel mark; expected one of trades, quotes, bars"
        ]
      )
    }).pipe(Effect.scoped)
  )

  it.effect("S-D8 says how all stands, as plain JSON", () =>
    Effect.gen(function* () {
      const { engine } = yield* running({ buyer: buyer(), same: {} })
      yield* engine.start
      const stamps = { venue: "v", receivedTime: 1 } as const
      engine.take({ type: "connection", ...stamps, connection: "public", state: "Connecting", attempt: 0 })
      engine.take({ type: "connection", ...stamps, connection: "public", state: "Active", attempt: 1 })
      engine.take({ type: "subscription", ...stamps, symbol: "BTCUSDT", channel: "quotes", state: "live" })
      engine.take({ type: "subscription", ...stamps, symbol: "BTCUSDT", channel: "trades", state: "quiet" })
      for (const at of [10, 20, 30]) engine.take(quote(at, 99, 100))
      engine.desk.halt("looked at")
      const status = engine.status()
      assert.deepStrictEqual(JSON.parse(JSON.stringify(status)), status)
      const { daily, halted, notices, strategies, time, venues } = status
      const [{ balances, ...venue }] = venues as [(typeof venues)[0]]
      assert.deepStrictEqual(
        { daily, halted, notices, time, venue, balances: balances.map(({ asset, total }) => `${total} ${asset}`) },
        {
          // bought at 100, worth 99.5, less the fee of 0.001 BTC at that price
          daily: { pnl: "-0.5995", currency: "USDT" },
          halted: "looked at",
          notices: { Reconciled: 1, Halted: 1 },
          time: 30,
          venue: {
            venue: "v",
            execution: "Paper",
            connections: { public: "Active" },
            subscriptions: { live: 1, quiet: 1 },
            closed: "Trading is halted: looked at",
            closedBy: "halted",
            privateStream: "Up",
            positions: []
          },
          balances: ["9900 USDT", "0.999 BTC"]
        }
      )
      assert.deepStrictEqual(
        strategies.map(({ name, pnl, state }) => [name, state, pnl.netPnl]),
        [
          ["buyer", "running", { USDT: "-0.5", BTC: "-0.001" }],
          ["same", "running", {}]
        ]
      )
      // what both want is wanted once
      assert.deepStrictEqual(engine.subscriptions.get("v"), [
        { symbol: "BTCUSDT", channel: "trades" },
        { symbol: "BTCUSDT", channel: "quotes" }
      ])
    }).pipe(Effect.scoped)
  )
})
