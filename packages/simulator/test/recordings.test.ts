/**
 * The shapes of the simulator's frames against frames of the real venue. Needs the recordings that
 * `TIDEWIRE_RECORDINGS` names; without them these tests are skipped by name.
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { expect, it } from "vitest"
import { eventually, onStage, type Json } from "./support.ts"

const folder = process.env["TIDEWIRE_RECORDINGS"]

/** Added to USDⓈ-M's frames after the recording was made. */
const LATER = new Set(["st", "ps", "nq"])

/** What can be said of a value without knowing it: key set, and how its text is written. */
const shape = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shape(value[0])]
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([key]) => !LATER.has(key))
    return Object.fromEntries(entries.map(([key, inner]) => [key, shape(inner)]))
  }
  if (typeof value !== "string") return typeof value
  return /^\d+\.\d+$/.test(value) ? `${value.split(".")[1]!.length} decimals` : value
}

const recorded = (file: string): ReadonlyMap<string, Json> => {
  const found = new Map<string, Json>()
  for (const line of gunzipSync(readFileSync(join(folder!, file)))
    .toString()
    .split("\n")
    .slice(0, 3_000)) {
    const text = line.slice(line.indexOf(" ") + 1)
    if (!text.startsWith("{")) continue
    const frame = JSON.parse(text) as Json
    const data = (frame["data"] ?? frame) as Json
    const both = ["b", "a"].every((side) => !Array.isArray(data[side]) || data[side].length > 0)
    const name = typeof frame["stream"] === "string" ? frame["stream"].replace("@0ms", "@100ms") : "snapshot"
    if (both && !found.has(name)) found.set(name, data)
  }
  return found
}

it.skipIf(folder === undefined)("Bybit's frames have every key of the recorded ones, and spot's in their order", () =>
  onStage({ rates: { tradesPerSecond: 20, ordersPerSecond: 100 } }, async ({ clock, ws }) => {
    const lines = readFileSync(join(folder!, "bybit-v5-gct.jsonl"), "utf8").split("\n").filter(Boolean)
    const frames = lines.map((line) => JSON.parse(line) as Json).filter(({ topic }) => typeof topic === "string")
    const cases = [
      ["spot", "orderbook.50.BTCUSDT"],
      ["spot", "publicTrade.BTCUSDT"],
      ["linear", "kline.5.BTCUSDT"],
      ["linear", "tickers.BTCUSDT"],
      ["linear", "tickers.BTCPERP"],
      ["inverse", "tickers.BTCUSD"]
    ] as const
    for (const [category, topic] of cases) {
      const client = await ws(`/v5/public/${category}`)
      client.send({ op: "subscribe", args: [topic] })
      await eventually(() => client.received.length > 0)
      clock.advance(3_000)
      const real = frames.find((one) => one["topic"] === topic)!
      const ours = await eventually(() =>
        (client.received as ReadonlyArray<Json>).find((one) => one["topic"] === topic)
      )
      const rowOf = ({ data }: Json): object => (Array.isArray(data) ? data[0] : data) as object
      const missing = (of: (frame: Json) => object) => {
        const keys = Object.keys(of(ours))
        return Object.keys(of(real)).filter((key) => !keys.includes(key))
      }
      expect([topic, missing((frame) => frame), missing(rowOf)]).toEqual([topic, [], []])
      if (category === "spot") expect(Object.keys(ours)).toEqual(Object.keys(real))
    }
  })
)

it.skipIf(folder === undefined).each([
  ["spot", "binance-spot-btcusdt-20240808.gz", "/stream", "/api/v3/depth?symbol=BTCUSDT"],
  ["USDⓈ-M", "binance-usdm-btcusdt-20240808.gz", "/public/stream", "/fapi/v1/depth?symbol=BTCUSDT"]
])("%s frames have the shape of the recorded ones", (_, file, path, rest) =>
  onStage({ rates: { tradesPerSecond: 20, ordersPerSecond: 100 } }, async ({ clock, get, ws }) => {
    const real = recorded(file)
    const streams = [...real.keys()].filter((name) => name !== "snapshot")
    expect(streams.toSorted()).toEqual(["btcusdt@bookTicker", "btcusdt@depth@100ms", "btcusdt@trade"])
    const client = await ws(`${path}?streams=${streams.join("/")}`)
    clock.advance(3_000)
    for (const stream of streams) {
      const frame = await eventually(() =>
        client.data(stream).find((one) => ["b", "a"].every((side) => !Array.isArray(one[side]) || one[side].length > 0))
      )
      expect(shape(frame)).toEqual(shape(real.get(stream)))
    }
    expect(shape((await get(rest)).body)).toEqual(shape(real.get("snapshot")))
  })
)
