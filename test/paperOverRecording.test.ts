/**
 * Paper trading over what a real venue sent: a strategy that trades at random over six minutes of Binance spot. The accounts are
 * added up here from the fills, the fills are held against the market's own words, and the run is had again.
 */
import { type Event, Instrument, type PrivateEvent, type VenueAdapter } from "@tidewire/core"
import { Engine, Fees, Latency, Limits, MemoryJournal, QueuePosition, type Strategy } from "@tidewire/engine"
import { BigDecimal, Effect } from "effect"
import { TestClock } from "effect/testing"
import { assert, beforeAll, describe, it } from "vitest"
import { readRecording, recordingPath } from "./recording.ts"

const path = recordingPath("binance-spot-btcusdt-20240808.gz")

const instrument: Instrument.Instrument = {
  venue: "binance",
  symbol: "BTCUSDT",
  unified: "BTC/USDT",
  base: "BTC",
  quote: "USDT",
  kind: "spot",
  tickSize: "0.01",
  lotSize: "0.00001",
  contractSize: "1",
  sizeUnit: "base",
  status: "trading"
}
const balances = { USDT: "1000000", BTC: "10" }
const stamps = { venue: "binance", symbol: "BTCUSDT" }

/** The recording's quotes and trades by the venue's clock; quotes have no stamp, and come with what was told before them. */
const eventsOf = (frames: ReadonlyArray<{ readonly stream: string; readonly text: string }>) => {
  const events: Array<Event.Quote | Event.Trade> = []
  let receivedTime = 0
  for (const { stream, text } of frames) {
    const { data } = JSON.parse(text) as { readonly data: Readonly<Record<string, unknown>> }
    receivedTime = Math.max(receivedTime, Number(data["E"] ?? receivedTime))
    const number = (key: string) => Number(data[key])
    if (stream.endsWith("@bookTicker") && receivedTime > 0) {
      const [bid, bidSize, ask, askSize] = [number("b"), number("B"), number("a"), number("A")]
      events.push({ type: "quote", ...stamps, receivedTime, bid, bidSize, ask, askSize })
    }
    if (stream.endsWith("@trade")) {
      const [price, size, side] = [number("p"), number("q"), data["m"] === true ? "sell" : "buy"] as const
      events.push({
        type: "trade",
        ...stamps,
        receivedTime,
        id: String(data["t"]),
        price,
        size,
        side,
        origin: "stream"
      })
    }
  }
  return events
}

/** Keeps a few orders around the market, some of which take; cancels them at random. */
const restless: Strategy.Strategy = {
  subscriptions: [{ ...stamps, channels: ["quotes", "trades"] }],
  onQuote: ({ ask, bid, symbol, venue }, context) => {
    const dice = context.random()
    if (dice > 0.05) return
    const open = context.orders()
    if (open.length > 10) return void context.cancel(open[Math.floor(context.random() * open.length)]!.clientOrderId)
    const side = context.random() < 0.5 ? "buy" : "sell"
    const away = Math.floor(context.random() * 400) - 100
    const price = ((Math.round((side === "buy" ? bid : ask) * 100) - (side === "buy" ? away : -away)) / 100).toFixed(2)
    const size = String(Number((0.001 + context.random() * 0.2).toFixed(5)))
    context.submit({ venue, symbol, side, kind: "limit", size, price: String(Number(price)) })
  }
}

interface Told {
  readonly event: PrivateEvent.PrivateEvent
  /** How many events of the market had been taken. */
  readonly after: number
}

const runOf = (events: ReadonlyArray<Event.Quote | Event.Trade>, pace: (at: number) => Effect.Effect<void>) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(events[0]!.receivedTime - 1_000)
    const capabilities = { channels: ["trades", "quotes"], intervals: [], depths: [] }
    const engine = yield* Engine.make({
      venues: [
        {
          adapter: { venue: "binance", capabilities } as unknown as VenueAdapter.VenueAdapter,
          instruments: () => new Instrument.InstrumentIndex([instrument]),
          book: () => undefined,
          execution: {
            _tag: "Paper",
            balances,
            latency: Latency.constant(15, 15),
            fees: Fees.rates("0.0002", "0.001"),
            queue: QueuePosition.models.cautious,
            leverage: 1
          }
        }
      ],
      strategies: [{ name: "restless", strategy: restless }],
      journal: MemoryJournal.make(),
      limits: {
        ...Limits.defaults,
        requireLiveBook: false,
        maxNotional: "none",
        maxPosition: "none",
        maxDailyLoss: "none",
        maxOrdersPerSecond: 1e6,
        maxOrdersPerMinute: 1e6
      },
      seed: 7,
      tell: () => {},
      log: () => {}
    })
    const told: Array<Told> = []
    let after = 0
    engine.bus.onAny((event) => {
      if (event.type === "order" || event.type === "fill" || event.type === "balance") told.push({ event, after })
    })
    yield* engine.start
    for (const event of events) {
      yield* pace(event.receivedTime)
      after++
      engine.take(event)
    }
    return { told, status: engine.status() }
  }).pipe(Effect.scoped, Effect.provide(TestClock.layer()))

const { fromStringUnsafe: read, multiply, negate, subtract, sum } = BigDecimal

describe.skipIf(path === undefined)("paper trading over a recording", () => {
  let events: ReadonlyArray<Event.Quote | Event.Trade> = []
  let run: Effect.Success<ReturnType<typeof runOf>>

  beforeAll(async () => {
    events = eventsOf((await readRecording(path!)).frames)
    run = await Effect.runPromise(runOf(events, () => Effect.void))
  }, 120_000)

  const fills = () => run.told.flatMap(({ after, event }) => (event.type === "fill" ? [{ after, fill: event }] : []))

  it("is the same when it is had again in its time", async () => {
    const again = await Effect.runPromise(runOf(events, (at) => TestClock.setTime(at + 100)))
    const lines = ({ told }: typeof run) =>
      told.map(({ event }) => JSON.stringify(event).replace(/"clientOrderId":"[^"]*"/, ""))
    assert.isAbove(fills().length, 200)
    assert.deepStrictEqual(lines(again), lines(run))
    assert.deepStrictEqual(again.status.pnl, run.status.pnl)
  }, 120_000)

  it("gives and takes what the fills say, to the last digit", () => {
    let [usdt, btc] = [read(balances.USDT), read(balances.BTC)]
    for (const { fill } of fills()) {
      const size = fill.side === "buy" ? read(fill.size) : negate(read(fill.size))
      btc = sum(btc, size)
      usdt = subtract(usdt, multiply(size, read(fill.price)))
      if (fill.feeAsset === "BTC") btc = subtract(btc, read(fill.fee!))
      else usdt = subtract(usdt, read(fill.fee!))
    }
    const [venue] = run.status.venues
    const total = (asset: string) => venue!.balances.find((each) => each.asset === asset)!.total
    assert.deepStrictEqual([total("USDT"), total("BTC")], [BigDecimal.format(usdt), BigDecimal.format(btc)])
    const free = run.told.flatMap(({ event }) => (event.type === "balance" ? [Number(event.free)] : []))
    assert.isAtLeast(Math.min(...free), 0)
  })

  it("fills at prices that were asked or bid, and its own orders only when the market came to them", () => {
    const wrong: Array<string> = []
    for (const { after, fill } of fills()) {
      const price = Number(fill.price)
      // what happened in the time that the word of it takes
      const before = events.slice(0, after).filter(({ receivedTime }) => receivedTime >= fill.receivedTime - 60)
      const quote = events
        .slice(0, after)
        .findLast((event) => event.type === "quote" && event.receivedTime <= fill.exchangeTime!)
      const seen = quote === undefined ? before : [quote, ...before]
      const isMet = seen.some((event) => {
        if (event.type === "trade") return fill.side === "buy" ? event.price <= price : event.price >= price
        if (fill.liquidity === "taker") return price === (fill.side === "buy" ? event.ask : event.bid)
        return fill.side === "buy" ? event.ask <= price : event.bid >= price
      })
      if (!isMet) wrong.push(`${fill.liquidity} ${fill.side} at ${fill.price}, ${fill.exchangeTime}`)
    }
    assert.deepStrictEqual(wrong, [])
    const kinds = new Set(fills().map(({ fill }) => `${fill.liquidity} ${fill.side}`))
    assert.deepStrictEqual([...kinds].toSorted(), ["maker buy", "maker sell", "taker buy", "taker sell"])
  })
})
