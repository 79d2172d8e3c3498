/**
 * The slow and plain way from a frame to its events: the schemas of `wire`, then one mapping a kind, `Number` for
 * decimals, a sort for levels. It shares no code with the decoder but the schemas' limits.
 */
import { Option, Schema } from "effect"
import * as wire from "../../src/wire.ts"
import { type MarketId, RECEIVED } from "./outcomes.ts"

export type Reference =
  | { readonly _tag: "Data"; readonly told: { readonly event: unknown } | { readonly delta: unknown } }
  /** Of a known kind, but not as the schema has it. */
  | { readonly _tag: "Refused" }
  /** No market data. */
  | { readonly _tag: "None" }

type Texts = Record<string, string | undefined>

const isInexact = (text: string): boolean => {
  const digits = text.replace(/[eE].*$/, "").replaceAll(/[^0-9]/g, "")
  return digits.replace(/^0+/, "").replace(/0+$/, "").length > 15
}

/** `exact` of the fields whose digits a float64 does not hold, or nothing. */
const exactOf = (texts: Texts) => {
  const entries = Object.entries(texts).filter(([, text]) => text !== undefined && isInexact(text))
  return entries.length === 0 ? {} : { exact: Object.fromEntries(entries) }
}

const number = (text: string) => Number(text) + 0

type Pairs = ReadonlyArray<readonly [string, string]>

const ordered = (pairs: Pairs, sign: 1 | -1) =>
  pairs.map((pair) => pair).sort((left, right) => sign * (Number(left[0]) - Number(right[0])))

const sides = (rawBids: Pairs, rawAsks: Pairs) => {
  const bids = ordered(rawBids, -1)
  const asks = ordered(rawAsks, 1)
  const texts = (name: string, pairs: Pairs): Texts =>
    Object.fromEntries(
      pairs.flatMap(([price, size], index) => [
        [`${name}[${index}][0]`, price],
        [`${name}[${index}][1]`, size]
      ])
    )
  return {
    bids: bids.map(([price, size]) => [number(price), number(size)]),
    asks: asks.map(([price, size]) => [number(price), number(size)]),
    ...exactOf({ ...texts("bids", bids), ...texts("asks", asks) })
  }
}

const stamps = (symbol: string, exchangeTime: number | undefined) => ({
  venue: "here",
  symbol,
  ...(exchangeTime !== undefined && { exchangeTime }),
  receivedTime: RECEIVED
})

type Told = { readonly event: unknown } | { readonly delta: unknown }

const by =
  <A>(schema: Schema.Codec<A, unknown>, map: (row: A) => Told) =>
  (row: unknown): Told | undefined =>
    Option.getOrUndefined(Option.map(Schema.decodeUnknownOption(schema)(row), map))

const trade = (row: { s: string; p: string; q: string; m: boolean; T?: number; E?: number }, id: number): Told => ({
  event: {
    type: "trade",
    ...stamps(row.s, row.T ?? row.E),
    id: `${id}`,
    price: number(row.p),
    size: number(row.q),
    side: row.m ? "sell" : "buy",
    origin: "stream",
    ...exactOf({ price: row.p, size: row.q })
  }
})

const quote = by(wire.Quote, (row) => ({
  event: {
    type: "quote",
    ...stamps(row.s, row.T ?? row.E),
    bid: number(row.b),
    bidSize: number(row.B),
    ask: number(row.a),
    askSize: number(row.A),
    sequence: row.u,
    ...exactOf({ bid: row.b, bidSize: row.B, ask: row.a, askSize: row.A })
  }
}))

const bar = by(wire.Bar, ({ s, E, k }) => ({
  event: {
    type: "bar",
    ...stamps(s, E),
    interval: k.i,
    openTime: k.t,
    closeTime: k.T,
    open: number(k.o),
    high: number(k.h),
    low: number(k.l),
    close: number(k.c),
    volume: number(k.v),
    quoteVolume: number(k.q),
    trades: k.n,
    isFinal: k.x,
    origin: "stream",
    ...exactOf({ open: k.o, high: k.h, low: k.l, close: k.c, volume: k.v, quoteVolume: k.q })
  }
}))

const ticker = by(wire.Ticker, (row) => ({
  event: {
    type: "ticker",
    ...stamps(row.s, row.E),
    last: number(row.c),
    open: number(row.o),
    high: number(row.h),
    low: number(row.l),
    volume: number(row.v),
    quoteVolume: number(row.q),
    ...(row.b !== undefined && number(row.b) > 0 && { bid: number(row.b) }),
    ...(row.a !== undefined && number(row.a) > 0 && { ask: number(row.a) }),
    ...exactOf({
      last: row.c,
      open: row.o,
      high: row.h,
      low: row.l,
      volume: row.v,
      quoteVolume: row.q,
      bid: row.b,
      ask: row.a
    })
  }
}))

const mark = by(wire.Mark, (row) => ({
  event: {
    type: "mark",
    ...stamps(row.s, row.E),
    ...(row.p && { mark: number(row.p) }),
    ...(row.i && { index: number(row.i) }),
    ...(row.r && { fundingRate: number(row.r) }),
    ...(row.T && { nextFundingTime: row.T }),
    ...exactOf({ mark: row.p, index: row.i, fundingRate: row.r })
  }
}))

const liquidation = by(wire.Liquidation, ({ E, o }) => {
  const price = Number(o.ap ?? 0) > 0 ? o.ap! : (o.p as string)
  const size = Number(o.z ?? 0) > 0 ? o.z! : (o.q as string)
  return {
    event: {
      type: "liquidation",
      ...stamps(o.s, o.T ?? E),
      side: o.S === "SELL" ? "sell" : "buy",
      price: number(price),
      size: number(size),
      ...exactOf({ price, size })
    }
  }
})

const change = (row: typeof wire.SpotChange.Type, previous: number | undefined): Told => {
  const exchangeTime = row.T ?? row.E
  return {
    delta: {
      symbol: row.s,
      first: row.U,
      last: row.u,
      ...(previous !== undefined && { previous }),
      ...(exchangeTime !== undefined && { exchangeTime }),
      receivedTime: RECEIVED,
      ...sides(row.b, row.a)
    }
  }
}

const spotChange = by(wire.SpotChange, (row) => change(row, undefined))
const usdmChange = by(wire.UsdmChange, (row) => change(row, row.pu))

const usdmWhole = by(wire.UsdmWhole, (row) => ({
  event: { type: "book", ...stamps(row.s, row.T ?? row.E), kind: "snapshot", sequence: row.u, ...sides(row.b, row.a) }
}))

const spotWhole = (stream: string) =>
  by(wire.SpotWhole, (row) => ({
    event: {
      type: "book",
      ...stamps(stream.slice(0, stream.indexOf("@")).toUpperCase(), row.T ?? row.E),
      kind: "snapshot",
      sequence: row.lastUpdateId,
      ...sides(row.bids, row.asks)
    }
  }))

type Read = (row: unknown) => Told | undefined

const byKind: Record<MarketId, Record<string, Read>> = {
  binance: {
    trade: by(wire.Trade, (row) => trade(row, row.t)),
    depthUpdate: spotChange,
    kline: bar,
    "24hrTicker": ticker
  },
  "binance-usdm": {
    aggTrade: by(wire.AggregateTrade, (row) => trade(row, row.a)),
    bookTicker: quote,
    depthUpdate: usdmChange,
    kline: bar,
    "24hrTicker": ticker,
    markPriceUpdate: mark,
    forceOrder: liquidation
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const reader = (market: MarketId, row: Record<string, unknown>, stream: string | undefined): Read | undefined => {
  const partial = stream !== undefined && /@depth\d[^]*$/.test(stream)
  if (row["e"] === undefined) {
    if (market !== "binance" || stream === "!serverShutdown") return undefined
    if (stream === undefined && ["error", "result", "event"].some((key) => key in row)) return undefined
    if (partial) return stream.indexOf("@") > 0 ? spotWhole(stream) : () => undefined
    return row["B"] !== undefined && row["A"] !== undefined ? quote : undefined
  }
  const kind = row["e"]
  if (typeof kind !== "string" || !Object.hasOwn(byKind[market], kind)) return undefined
  if (row["st"] !== undefined && row["st"] !== 1) {
    return Number.isSafeInteger(row["st"]) && Number(row["st"]) >= 0 ? undefined : () => undefined
  }
  if (market === "binance-usdm" && kind === "depthUpdate" && stream !== undefined) {
    if (!stream.includes("@depth")) return undefined
    return partial ? usdmWhole : usdmChange
  }
  return byKind[market][kind]
}

/** One entry for each row of the frame; a frame that is no list is one row. */
export const reference = (market: MarketId, frame: string): ReadonlyArray<Reference> => {
  let parsed: unknown
  try {
    parsed = JSON.parse(frame)
  } catch {
    return [{ _tag: "Refused" }]
  }
  const combined = isObject(parsed) && typeof parsed["stream"] === "string" && parsed["data"] !== undefined
  const { stream, data } = combined
    ? (parsed as { stream: string; data: unknown })
    : { stream: undefined, data: parsed }
  const rows: ReadonlyArray<unknown> = Array.isArray(data) && data.length > 0 ? data : [data]
  return rows.map((row) => {
    const read = isObject(row) ? reader(market, row, stream) : undefined
    if (read === undefined) return { _tag: "None" }
    const told = read(row)
    return told === undefined ? { _tag: "Refused" } : { _tag: "Data", told }
  })
}
