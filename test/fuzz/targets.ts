/**
 * The markets whose frames are read from bytes: each with its decoder, the same decoder without its scans (the reference,
 * which reads everything through `JSON.parse`), and frames to begin with.
 */
import { existsSync, readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import { BinanceSpot, BinanceUsdm } from "@tidewire/adapter-binance"
import { BybitInverse, BybitLinear, BybitSpot } from "@tidewire/adapter-bybit"
import type { SocketVenue } from "@tidewire/core"
import * as channelFrames from "../../bench/src/channelFrames.ts"
import * as binanceDecode from "../../packages/adapter-binance/src/decode.ts"
import * as binanceExamples from "../../packages/adapter-binance/test/support/examples.ts"
import * as bybitDecode from "../../packages/adapter-bybit/src/decode.ts"
import * as bybitExamples from "../../packages/adapter-bybit/test/support/examples.ts"

export interface Target {
  readonly name: string
  /** Both are of one session and see the same frames, because tickers come in parts. */
  readonly decode: SocketVenue.Decode
  readonly reference: SocketVenue.Decode
  readonly frames: ReadonlyArray<string>
}

/** Longer frames cost much and have nothing in them that shorter ones have not. */
const LONGEST_FRAME = 3_000

/** Of a recording, so that no stream outweighs the others. */
const MOST_OF_A_STREAM = 400

const folder = process.env["TIDEWIRE_RECORDINGS"]

const recorded = (file: string, streamOf: RegExp): ReadonlyArray<string> => {
  const path = `${folder}/${file}`
  if (folder === undefined || !existsSync(path)) return []
  const content = readFileSync(path)
  const text = (file.endsWith(".gz") ? gunzipSync(content) : content).toString("utf8")
  const counts = new Map<string, number>()
  return text.split("\n").flatMap((line) => {
    const frame = line.slice(line.indexOf("{"))
    const stream = streamOf.exec(frame)?.[1]
    const count = counts.get(stream ?? "") ?? 0
    if (stream === undefined || frame.length > LONGEST_FRAME || count === MOST_OF_A_STREAM) return []
    counts.set(stream, count + 1)
    return [frame]
  })
}

const made = (venue: string): ReadonlyArray<string> =>
  channelFrames.all
    .filter((channel) => channel.venue === venue)
    .flatMap(({ frames }) => frames.filter((frame, index) => index < 8 && frame.length < LONGEST_FRAME))

const binanceStream = /"stream":"([^"]*)"/
const bybitTopic = /"topic": ?"([^."]*)/

const binance = (market: typeof BinanceSpot, recording: string): Target => ({
  name: market.id,
  decode: binanceDecode.make(market, "here"),
  reference: binanceDecode.make({ ...market, scans: new Map() }, "here"),
  frames: [
    ...binanceExamples.streams.flatMap(([id, stream, data]) =>
      id === market.id ? [JSON.stringify({ stream, data }), JSON.stringify(data)] : []
    ),
    ...made(market.id),
    ...recorded(recording, binanceStream),
    '{"result":null,"id":7}'
  ]
})

const bybit = (market: typeof BybitSpot): Target => {
  const readers = market.readers.map(([prefix, reader]) => [prefix, reader] as const)
  return {
    name: market.id,
    decode: bybitDecode.make(market, "here")(),
    reference: bybitDecode.make({ ...market, readers }, "here")(),
    frames: [
      ...bybitExamples.frames.map((frame) => JSON.stringify(frame)),
      ...made("bybit-linear"),
      ...recorded("bybit-v5-gct.jsonl", bybitTopic),
      '{"success":true,"ret_msg":"","conn_id":"c0ffee-01","req_id":"7/1","op":"subscribe"}'
    ]
  }
}

export const make = (): ReadonlyArray<Target> => [
  binance(BinanceSpot, "binance-spot-btcusdt-20240808.gz"),
  binance(BinanceUsdm, "binance-usdm-btcusdt-20240808.gz"),
  bybit(BybitSpot),
  bybit(BybitLinear),
  bybit(BybitInverse)
]
