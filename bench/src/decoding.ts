/**
 * What decoding costs, channel by channel: µs a frame from its bytes to its events, without sockets and queues. All
 * channels in one process, as a program with many subscriptions has them, in rounds; the least of a channel's rounds is
 * its number. Prints a table: `node bench/src/decoding.ts`.
 */
import { makeVenue as binance } from "@tidewire/adapter-binance"
import { makeVenue as bybit } from "@tidewire/adapter-bybit"
import type { SocketVenue } from "@tidewire/core"
import { Effect, Layer } from "effect"
import { HttpClient } from "effect/http"
import * as channelFrames from "./channelFrames.ts"

const ROUNDS = 100

/** Of a round of a channel: short enough to be often left in peace by other programs. */
const BYTES_A_ROUND = 400_000

const makers = { binance, "binance-usdm": binance, bybit, "bybit-linear": bybit, "bybit-inverse": bybit } as const

const noRequests = Layer.succeed(
  HttpClient.HttpClient,
  HttpClient.make(() => Effect.die(new Error("nothing is asked of a venue here")))
)

/** Counts what comes out, so that nothing is done in vain, and what was read the slow way. */
const tally = { events: 0, others: 0, fallbacks: 0 }
const event = () => void tally.events++
const other = () => void tally.others++
const sink: SocketVenue.DecodeSink = {
  event,
  delta: event,
  snapshot: event,
  acknowledged: other,
  rejected: other,
  shutdownNotice: other,
  ignored: other,
  unknown: other,
  malformed: other,
  inexact: () => {},
  fallback: () => void tally.fallbacks++
}

interface Row {
  readonly name: string
  readonly frames: ReadonlyArray<Uint8Array>
  readonly decode: SocketVenue.Decode
  best: number
  fallbacks: number
}

const decoderOf = (venue: keyof typeof makers): SocketVenue.Decode =>
  Effect.runSync(
    makers[venue]({ venue, name: venue, environment: "mainnet", endpoints: {} }).pipe(Effect.provide(noRequests))
  ).decoder()

const rows: ReadonlyArray<Row> = channelFrames.all.map(({ venue, channel, frames }) => ({
  name: `${venue} ${channel}`,
  frames: frames.map((frame) => Buffer.from(frame)),
  decode: decoderOf(venue),
  best: Number.POSITIVE_INFINITY,
  fallbacks: 0
}))

const measure = (row: Row): void => {
  const { decode, frames } = row
  const bytes = frames.reduce((sum, frame) => sum + frame.length, 0)
  const times = Math.ceil(BYTES_A_ROUND / bytes)
  tally.others = 0
  tally.fallbacks = 0
  const begin = performance.now()
  for (let time = 0; time < times; time++) for (const frame of frames) decode(frame, 1_790_000_000_500.125, sink)
  const micros = ((performance.now() - begin) * 1000) / (times * frames.length)
  if (tally.others > 0) throw new Error(`${row.name}: not every frame was an event`)
  row.fallbacks = tally.fallbacks
  row.best = Math.min(row.best, micros)
}

for (let round = 0; round < ROUNDS; round++) for (const row of rows) measure(row)
for (const { best, fallbacks, frames, name } of rows) {
  const length = Math.round(frames.reduce((sum, frame) => sum + frame.length, 0) / frames.length)
  const cells = [
    name.padEnd(34),
    `${length}`.padStart(7),
    best.toFixed(3).padStart(10),
    fallbacks > 0 ? "  fallbacks" : ""
  ]
  process.stdout.write(`${cells.join("")}\n`)
}
