/**
 * The slow and plain way from a frame to its events: the schemas of `wire`, then one mapping a topic, `Number` for
 * decimals, a sort for levels, tickers as merged objects. It shares no code with the decoder but the schemas' limits.
 */
import { Option, Schema } from "effect"
import * as wire from "../../src/wire.ts"
import { type MarketId, RECEIVED } from "./outcomes.ts"

/** What a row is by the schemas: these, of a known kind but not as the schema has it, or no market data. */
export type Reference = ReadonlyArray<object> | "refused" | "none"

type Texts = Readonly<Record<string, string | undefined>>

const isInexact = (text: string): boolean =>
  text
    .replace(/[eE].*$/, "")
    .replaceAll(/[^0-9]/g, "")
    .replace(/^0+/, "")
    .replace(/0+$/, "").length > 15

const exactOf = (texts: Texts) => {
  const entries = Object.entries(texts).filter(([, text]) => text !== undefined && isInexact(text))
  return entries.length === 0 ? {} : { exact: Object.fromEntries(entries) }
}

const number = (text: string) => Number(text) + 0

const stamps = (symbol: string, exchangeTime: number | undefined) => ({
  symbol,
  ...(exchangeTime !== undefined && { exchangeTime }),
  receivedTime: RECEIVED
})

const read = <A>(schema: Schema.Codec<A, unknown>, value: unknown): A | undefined =>
  Option.getOrUndefined(Schema.decodeUnknownOption(schema)(value))

type Pairs = ReadonlyArray<readonly [string, string]>

const ordered = (pairs: Pairs, sign: 1 | -1) =>
  pairs.toSorted((left, right) => sign * (Number(left[0]) - Number(right[0])))

const numbers = (pairs: Pairs) => pairs.map(([price, size]) => [number(price), number(size)])

const placed = (name: string, pairs: Pairs): Texts =>
  Object.fromEntries(
    pairs.flatMap(([price, size], index) => [
      [`${name}[${index}][0]`, price],
      [`${name}[${index}][1]`, size]
    ])
  )

const book = (frame: unknown): Reference => {
  const found = read(wire.Book, frame)
  if (found === undefined) return "refused"
  const { cts, data, ts, type } = found
  const [bids, asks] = [ordered(data.b, -1), ordered(data.a, 1)]
  const exact = exactOf({ ...placed("bids", bids), ...placed("asks", asks) })
  const level = { ...stamps(data.s, cts ?? ts), bids: numbers(bids), asks: numbers(asks), ...exact }
  const isWhole = type === "snapshot" || data.u === 1
  return [isWhole ? { snapshot: { ...level, sequence: data.u } } : { delta: { ...level, first: data.u, last: data.u } }]
}

const best = (frame: unknown): Reference => {
  const found = read(wire.WholeBook, frame)
  if (found === undefined) return "refused"
  const { cts, data, ts } = found
  const [bids, asks] = [ordered(data.b, -1), ordered(data.a, 1)]
  const shared = { venue: "here", ...stamps(data.s, cts ?? ts), sequence: data.u }
  const [bid = "0", bidSize = "0"] = bids[0] ?? []
  const [ask = "0", askSize = "0"] = asks[0] ?? []
  const quote = { bid: number(bid), bidSize: number(bidSize), ask: number(ask), askSize: number(askSize) }
  const exact = exactOf({ ...placed("bids", bids), ...placed("asks", asks) })
  return [
    { event: { type: "quote", ...shared, ...quote, ...exactOf({ bid, bidSize, ask, askSize }) } },
    { event: { type: "book", kind: "snapshot", ...shared, bids: numbers(bids), asks: numbers(asks), ...exact } }
  ]
}

type ReadRow = (row: unknown, frameTime: unknown, topic: string, isInverse: boolean) => object | undefined

/** The frame's time counts only where the row has none. */
const timed = (row: unknown, field: string, frameTime: unknown): unknown =>
  typeof row === "object" && row !== null && !(field in row) && frameTime !== undefined
    ? { ...row, [field]: frameTime }
    : row

const isTime = (value: unknown) =>
  value === undefined || (typeof value === "number" && Number.isFinite(value) && value >= 0)

const trade: ReadRow = (row, frameTime) => {
  const found = read(wire.Trade, timed(row, "T", frameTime))
  if (found === undefined || !isTime(frameTime)) return undefined
  const { S, T, i: id, p, s, v } = found
  const side = S === "Buy" ? "buy" : "sell"
  const shared = { type: "trade", venue: "here", ...stamps(s, T), id, side, origin: "stream" }
  return { ...shared, price: number(p), size: number(v), ...exactOf({ price: p, size: v }) }
}

const liquidation: ReadRow = (row, frameTime) => {
  const found = read(wire.Liquidation, timed(row, "T", frameTime))
  if (found === undefined || !isTime(frameTime)) return undefined
  const { S, T, p, s, v } = found
  const shared = { type: "liquidation", venue: "here", ...stamps(s, T), side: S === "Buy" ? "sell" : "buy" }
  return { ...shared, price: number(p), size: number(v), ...exactOf({ price: p, size: v }) }
}

const intervals = new Map(
  Object.entries({ 1: "1m", 3: "3m", 5: "5m", 15: "15m", 30: "30m", 60: "1h", 120: "2h", 240: "4h", 360: "6h" })
)
for (const [spelling, interval] of [
  ["720", "12h"],
  ["D", "1d"],
  ["W", "1w"],
  ["M", "1M"]
] as const) {
  intervals.set(spelling, interval)
}

const bar: ReadRow = (row, frameTime, topic, isInverse) => {
  const found = read(wire.Bar, row)
  const symbol = topic.split(".").at(-1)!
  if (found === undefined || symbol === "" || !isTime(frameTime)) return undefined
  const { close, confirm, end, high, interval, low, open, start, turnover, volume } = found
  const texts = { open, high, low, close, volume, quoteVolume: isInverse ? volume : turnover }
  return {
    type: "bar",
    venue: "here",
    ...stamps(symbol, frameTime as number | undefined),
    interval: intervals.get(interval),
    openTime: start,
    closeTime: end,
    ...Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, number(text)])),
    isFinal: confirm,
    origin: "stream",
    ...exactOf(texts)
  }
}

type Data = (typeof wire.Ticker.Type)["data"]

/** The decoder begins without a ticker, so only one that comes whole is told. */
const ticker = (frame: unknown, isInverse: boolean): Reference => {
  if (isObject(frame) && frame["type"] === "delta") return "none"
  const found = read(wire.Ticker, isInverse ? withoutTurnover(frame) : frame)
  if (found === undefined) return "refused"
  const { data } = found
  const turnover: keyof Data = isInverse ? "volume24h" : "turnover24h"
  const shared = { venue: "here", ...stamps(data.symbol, found.ts) }
  const event = (type: string, needed: Texts, optional: Texts, inexact: Texts) => {
    const texts = { ...needed, ...optional }
    const present = Object.entries(texts).filter(([name, text]) => text && (name in needed || !isZero(name, text)))
    const values = Object.fromEntries(present.map(([name, text]) => [name, number(text!)]))
    const isComplete = Object.values(needed).every((text) => text) && Object.values(texts).some((text) => text)
    return isComplete ? [{ event: { type, ...shared, ...values, ...exactOf(inexact) } }] : []
  }
  const { fundingRate, nextFundingTime } = data
  const needed = {
    last: data.lastPrice,
    open: data.prevPrice24h,
    high: data.highPrice24h,
    low: data.lowPrice24h,
    volume: data.volume24h,
    quoteVolume: data[turnover]
  }
  const sides = { bid: data.bid1Price, ask: data.ask1Price }
  const mark = { mark: data.markPrice, index: data.indexPrice, fundingRate }
  const told = [
    ...event("ticker", needed, sides, { ...needed, ...sides }),
    ...event("mark", {}, { ...mark, nextFundingTime }, mark)
  ]
  return told.length === 0 ? "none" : told
}

/** Of inverse contracts it is not read. */
const withoutTurnover = (frame: unknown) => {
  if (!isObject(frame) || !isObject(frame["data"])) return frame
  const { turnover24h: _, ...data } = frame["data"]
  return { ...frame, data }
}

/** A price of 0 is an empty side, a time of 0 no funding; a mark, an index and a rate may be 0. */
const isZero = (name: string, text: string | undefined) =>
  Number(text) === 0 && ["bid", "ask", "nextFundingTime"].includes(name)

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** One entry for each row of the frame; a frame whose data is no list of rows is one. */
export const reference = (market: MarketId, text: string): ReadonlyArray<Reference> => {
  let frame: unknown
  try {
    frame = JSON.parse(text)
  } catch {
    return ["refused"]
  }
  if (!isObject(frame)) return ["refused"]
  const { data, topic, ts } = frame
  if (typeof topic !== "string") return [topic === undefined ? "none" : "refused"]
  const isInverse = market === "bybit-inverse"
  if (topic.startsWith("orderbook.1.")) return [best(frame)]
  if (/^orderbook\.(50|200|1000)\./.test(topic)) return [book(frame)]
  if (topic.startsWith("tickers.")) return [ticker(frame, isInverse)]
  const byFeed: Record<string, ReadRow> = { publicTrade: trade, kline: bar }
  if (market !== "bybit") byFeed["allLiquidation"] = liquidation
  const [feed] = topic.split(".", 1)
  if (!topic.includes(".") || !Object.hasOwn(byFeed, feed!)) return ["none"]
  if (!Array.isArray(data)) return ["refused"]
  if (data.length === 0) return ["none"]
  return data.map((row) => {
    const event = isObject(row) ? byFeed[feed!]!(row, ts, topic, isInverse) : undefined
    return event === undefined ? "refused" : [{ event }]
  })
}
