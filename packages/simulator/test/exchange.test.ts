/** The view that the conformance suite has of a market; that it is true is held by the adapters that pass the suite. */
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { clockFrom, serve } from "../src/index.ts"
import { connect, eventually } from "./support.ts"

describe("a market as an exchange", () => {
  it.live("is quiet until it is busy, and stands still when it is quiet again", () =>
    Effect.gen(function* () {
      const { exchange } = yield* serve("spot", ["BTCUSDT", "ETHUSDT"])
      const [symbol = ""] = exchange.symbols
      const count = Effect.map(exchange.trades(symbol), (trades) => trades.length)
      const first = yield* count
      yield* Effect.sleep("100 millis")
      const untouched = (yield* count) - first
      yield* exchange.busy
      while ((yield* count) < first + 5) yield* Effect.sleep("10 millis")
      yield* exchange.quiet
      const [then, book] = [yield* count, yield* exchange.book(symbol, "book")]
      yield* Effect.sleep("100 millis")
      yield* exchange.trade(symbol)
      const after = yield* exchange.book(symbol, "book")
      expect({
        symbols: exchange.symbols,
        untouched,
        moved: (yield* count) - then,
        isChanged: after.sequence > book.sequence
      }).toEqual({ symbols: ["BTCUSDT", "ETHUSDT"], untouched: 0, moved: 1, isChanged: true })
    })
  )

  it.live("tells each depth of Bybit by its own numbers, and a forced order once it is made", () =>
    Effect.gen(function* () {
      const { exchange } = yield* serve("bybit-linear", ["BTCUSDT", "ETHUSDT"])
      const [one, deepest] = [yield* exchange.book("BTCUSDT", "book:1"), yield* exchange.book("BTCUSDT", "book")]
      const forced = yield* exchange.liquidate("BTCUSDT")
      const last = (yield* exchange.trades("BTCUSDT")).at(-1)
      expect([one.bids.length, one.bids[0], one.sequence === deepest.sequence, forced.side, forced.price]).toEqual([
        1,
        deepest.bids[0],
        false,
        "sell",
        last?.price
      ])
    })
  )

  it.live("kills the connections of one symbol alone, and counts what is dialled and open", () =>
    Effect.gen(function* () {
      const { endpoints, exchange } = yield* serve("spot", ["BTCUSDT", "ETHUSDT"])
      const open = (stream: string) => Effect.promise(() => connect(`${endpoints.stream}/ws/${stream}`))
      const [one, other] = [yield* open("btcusdt@trade"), yield* open("ethusdt@trade")]
      yield* exchange.faults.kill("BTCUSDT")
      yield* Effect.promise(() => eventually(() => one.closed()))
      expect([other.closed(), yield* exchange.dials, yield* exchange.connections]).toEqual([undefined, 2, 1])
    })
  )

  it("a clock that began elsewhere keeps the wall's pace", async () => {
    const clock = clockFrom(1_000)
    const [first, began] = [clock.now(), performance.now()]
    await new Promise<void>((done) => void clock.after(30, done))
    const passed = clock.now() - first
    expect([first >= 1_000 && first < 1_050, Math.abs(passed - (performance.now() - began)) < 5]).toEqual([true, true])
  })
})
