import { assert, describe, it } from "@effect/vitest"
import type { Event, Instrument, Order, PrivateEvent } from "@tidewire/core"
import { Fees, Latency, PaperVenue, QueuePosition, TimeLine } from "@tidewire/engine"
import { Effect, Fiber } from "effect"

const SPOT: Instrument.Instrument = {
  venue: "v",
  symbol: "BTCUSDT",
  unified: "BTC/USDT",
  base: "BTC",
  quote: "USDT",
  kind: "spot",
  tickSize: "0.01",
  lotSize: "0.001",
  contractSize: "1",
  sizeUnit: "base",
  status: "trading"
}

const stamps = (at: number) => ({ venue: "v", symbol: "BTCUSDT", receivedTime: at })
const quote = (at: number, bid: number, bidSize: number, ask: number, askSize: number): Event.Quote => ({
  type: "quote",
  ...stamps(at),
  bid,
  bidSize,
  ask,
  askSize
})
const trade = (at: number, price: number, size: number, side: Order.Side): Event.Trade => ({
  type: "trade",
  ...stamps(at),
  id: String(at),
  price,
  size,
  side,
  origin: "stream"
})

const request = (over: Partial<Order.Request>): Order.Request => ({
  clientOrderId: "a-1",
  symbol: "BTCUSDT",
  side: "buy",
  kind: "limit",
  size: "1",
  price: "100",
  ...over
})

/** A venue whose orders take 5 ms there and 5 ms back; what it told, in short. */
const opened = Effect.gen(function* () {
  const timeLine = new TimeLine.TimeLine(0)
  const venue = new PaperVenue.PaperVenue({
    venue: "v",
    timeLine,
    instrument: (symbol) => (symbol === "BTCUSDT" ? SPOT : undefined),
    book: () => undefined,
    balances: { USDT: "1000" },
    latency: Latency.constant(5, 5),
    fees: Fees.rates("0.001", "0.002"),
    queue: QueuePosition.models.cautious,
    leverage: 1
  })
  const told: Array<string> = []
  const account = yield* venue.open((event) => void told.push(short(event)))
  const market = (event: Event.Event) => {
    timeLine.advance(event.receivedTime)
    venue.market(event)
  }
  const submit = (order: Order.Request) =>
    Effect.forkChild(Effect.result(account.submit(order)), { startImmediately: true })
  return { account, market, submit, timeLine, told }
})

const short = (event: PrivateEvent.PrivateEvent): string => {
  switch (event.type) {
    case "order":
      return `${event.receivedTime} order ${event.clientOrderId} ${event.status} ${event.filled}/${event.size}`
    case "fill":
      return `${event.receivedTime} fill ${event.size} at ${event.price}, ${event.liquidity}, fee ${event.fee} ${event.feeAsset}`
    case "balance":
      return `${event.receivedTime} ${event.asset} ${event.total}, free ${event.free}`
    default:
      return `${event.receivedTime} ${event.type}`
  }
}

describe("PaperVenue", () => {
  it.effect(
    "an order that rests waits behind what was there, and is filled at its price by what is traded beyond that",
    () =>
      Effect.gen(function* () {
        const { market, submit, told } = yield* opened
        market(quote(0, 100, 3, 101, 2))
        const fiber = yield* submit(request({}))
        market(trade(10, 100, 2, "sell"))
        market(trade(20, 100, 1.4, "sell"))
        market(trade(30, 99.5, 5, "sell"))
        market(quote(50, 99, 1, 99.5, 1))
        const answer = yield* Fiber.join(fiber)
        assert.strictEqual(answer._tag, "Success")
        assert.deepStrictEqual(told, [
          "10 order a-1 open 0/1",
          "10 USDT 1000, free 900",
          "25 fill 0.4 at 100, maker, fee 0.0004 BTC",
          "25 order a-1 open 0.4/1",
          "25 BTC 0.3996, free 0.3996",
          "25 USDT 960, free 900",
          "35 fill 0.6 at 100, maker, fee 0.0006 BTC",
          "35 order a-1 filled 1/1",
          "35 BTC 0.999, free 0.999",
          "35 USDT 900, free 900"
        ])
      }).pipe(Effect.scoped)
  )

  it.effect("an order that takes gets what is offered, once, and the rest of a market order expires", () =>
    Effect.gen(function* () {
      const { market, submit, told } = yield* opened
      market(quote(0, 100, 3, 101, 2))
      yield* submit(request({ price: "101.5", size: "1.5" }))
      const { price: _, ...marketOrder } = request({ clientOrderId: "a-2", kind: "market", size: "1" })
      yield* submit(marketOrder)
      market(quote(100, 100, 3, 101, 2))
      assert.deepStrictEqual(
        told.filter((line) => !line.includes("free")),
        [
          "10 order a-1 open 0/1.5",
          "10 fill 1.5 at 101, taker, fee 0.003 BTC",
          "10 order a-1 filled 1.5/1.5",
          "10 order a-2 open 0/1",
          "10 fill 0.5 at 101, taker, fee 0.001 BTC",
          "10 order a-2 open 0.5/1",
          "10 order a-2 expired 0.5/1"
        ]
      )
    }).pipe(Effect.scoped)
  )

  it.effect.each([
    ["more than is there", { size: "11" }, /not enough USDT: 1100 needed, 1000 free/],
    ["post-only that would take", { price: "101", timeInForce: "postOnly" }, /would take/],
    ["of another symbol", { symbol: "NONE" }, /no instrument/],
    ["whose trigger is reached", { kind: "stop", triggerPrice: "99" }, /triggered at once/],
    ["that reduces nothing", { reduceOnly: true }, /nothing to reduce/]
  ] as const)("an order %s is refused, and nothing is told of it", ([, over, message]) =>
    Effect.gen(function* () {
      const { market, submit, told } = yield* opened
      market(quote(0, 100, 3, 101, 2))
      market(trade(0, 100, 1, "sell"))
      const fiber = yield* submit(request(over))
      market(quote(20, 100, 3, 101, 2))
      const answer = yield* Fiber.join(fiber)
      if (answer._tag !== "Failure") return assert.fail("it was accepted")
      assert.strictEqual(answer.failure.reason._tag, "OrderRejected")
      assert.match(answer.failure.reason.message, message)
      assert.deepStrictEqual(told, [])
    }).pipe(Effect.scoped)
  )
})
