/**
 * What is around a handler, measured alone: trades in batches as reads of a socket bring them, each batch with a stamp. The best
 * of many batches counts, because what else runs on the machine only adds to it.
 */
import { DecodeStamp, type Event, type MarketStream } from "@tidewire/core"
import { Effect } from "effect"
import type { Result } from "../messages.ts"
import { type Form, make } from "./form.ts"

/** Trades that one read brings, and reads to a measured round. */
const BATCH = 100
const READS = 5_000
const ROUNDS = 40

const form = process.argv[2] as Form
const { around, metrics } = make(form)

let sum = 0
const handler = around((event) => {
  if (event.type === "trade") sum += event.price
})

const trades = Array.from({ length: BATCH }, (_, index) => ({
  type: "trade" as const,
  venue: "binance",
  symbol: "BTCUSDT",
  exchangeTime: 1,
  receivedTime: 1,
  id: String(index),
  price: index,
  size: 1,
  side: "buy" as const,
  origin: "stream" as const
}))

const round = (): number => {
  const begin = process.cpuUsage()
  for (let read = 0; read < READS; read++) {
    const receivedTime = DecodeStamp.now()
    for (const trade of trades) {
      trade.receivedTime = receivedTime
      // as the reader of frames does
      if (DecodeStamp.stamp.isWanted) DecodeStamp.answer(receivedTime)
      handler(trade satisfies Event.Trade)
    }
  }
  const { system, user } = process.cpuUsage(begin)
  return ((user + system) * 1_000) / (READS * BATCH)
}

const counts = { frames: 0, events: 0, malformed: 0, unknown: 0, duplicates: 0, gaps: 0, resyncs: 0, reconnects: 0 }
const queue = { received: 0, delivered: 0, conflated: 0, dropped: 0, waiting: 0 }
const passed = { symbol: "BTCUSDT", channel: "trades" as const, ...queue, last: trades[0] }

/** A stream that stands still. */
const stream = {
  adapter: { venue: "binance" },
  feed: { counts: () => ({ ...counts, rotations: 0, audits: 0, drifts: 0, inexact: 0, fallbacks: 0 }) },
  counts: () => queue,
  streams: () => [passed],
  subscriptions: () => [{ symbol: "BTCUSDT", channel: "trades" as const }]
} as unknown as MarketStream.MarketStream

const program = Effect.gen(function* () {
  const opened = yield* metrics(stream)
  const nanos = Array.from({ length: ROUNDS }, round)
  const readings: Array<number> = []
  for (let reading = 0; reading < 200 && opened !== undefined; reading++) {
    const begin = performance.now()
    yield* opened.text
    readings.push(performance.now() - begin)
  }
  const alone = { eventNanos: Math.min(...nanos), ...(readings.length > 0 && { readingMs: Math.min(...readings) }) }
  const result: Result = { alone, problems: Number.isNaN(sum) ? ["the sum is none"] : [] }
  process.send?.(result, () => process.exit())
})

await Effect.runPromise(Effect.scoped(program))
