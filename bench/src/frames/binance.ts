/**
 * Binance spot: frames as recorded, or, where the recording is absent, generated ones of the same shape. Which of the two
 * it was is part of every result. All are wrapped as combined streams.
 */
import { existsSync, readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import * as generated from "./binanceGenerated.ts"
import type { Frames, TradeFrame } from "./Frames.ts"
import * as NaiveBook from "./naiveBook.ts"

const FILE = "binance-spot-btcusdt-20240808.gz"

const FIRST_TRADE_ID = 3_735_683_259

export interface Source {
  readonly source: "recording" | "generated"
  /** Combined-stream frames of `btcusdt@trade`. */
  readonly trades: ReadonlyArray<string>
  /** The REST snapshot, and the combined-stream frames of `btcusdt@depth@100ms`. */
  readonly snapshot: string
  readonly changes: ReadonlyArray<string>
}

const read = (): Source => {
  const path = `${process.env["TIDEWIRE_RECORDINGS"]}/${FILE}`
  if (!existsSync(path)) return { source: "generated", ...generated.make() }
  const frames = gunzipSync(readFileSync(path))
    .toString("utf8")
    .split("\n")
    .map((line) => line.slice(line.indexOf(" ") + 1))
  return {
    source: "recording",
    trades: frames.filter((frame) => frame.startsWith('{"stream":"btcusdt@trade"')),
    snapshot: frames.find((frame) => frame.startsWith('{"lastUpdateId"')) ?? "",
    changes: frames.filter((frame) => frame.startsWith('{"stream":"btcusdt@depth@100ms"'))
  }
}

export const make = (): Frames => {
  const { changes, snapshot, source, trades } = read()
  const texts = trades.map(readTrade)
  return {
    source,
    trade: (place, symbol, stamp): TradeFrame => {
      const { afterSymbol, afterTime, beforeTime, price, time } = texts[place % texts.length]!
      const id = String(FIRST_TRADE_ID + place)
      const head = `{"stream":"${symbol.toLowerCase()}@trade","data":`
      return { text: `${head}${afterSymbol}${symbol}","t":${id}${beforeTime}${stamp ?? time}${afterTime}`, id, price }
    },
    book: () => readBook(snapshot, changes),
    answers: ({ id }) => [JSON.stringify({ result: null, id })],
    subscribes: ({ method }) => method === "SUBSCRIBE",
    rest: (path) => {
      if (path.startsWith("/api/v3/depth")) return snapshot
      return path.startsWith("/api/v3/exchangeInfo") ? exchangeInfo : undefined
    }
  }
}

/** A trade frame in pieces: symbol, id and time are put between them. */
interface TradeText {
  readonly afterSymbol: string
  readonly beforeTime: string
  readonly time: string
  readonly afterTime: string
  readonly price: number
}

const SHAPE = /^\{"stream":"[^"]+","data":(.*?"s":")[^"]+","t":\d+(,.*?"T":)(\d+)(,.*)$/

const readTrade = (frame: string): TradeText => {
  const [, afterSymbol = "", beforeTime = "", time = "", afterTime = ""] = SHAPE.exec(frame) ?? []
  if (afterTime === "") throw new Error(`not the shape of a trade: ${frame}`)
  return { afterSymbol, beforeTime, time, afterTime, price: Number(/"p":"([^"]+)"/.exec(frame)?.[1]) }
}

interface Snapshot extends NaiveBook.Levels {
  readonly lastUpdateId: number
}

const readBook = (snapshot: string, frames: ReadonlyArray<string>): NaiveBook.Round => {
  const { asks, bids, lastUpdateId } = JSON.parse(snapshot) as Snapshot
  const changes = frames.map(readChange).filter((change) => change.last > lastUpdateId)
  return NaiveBook.round({ bids, asks, sequence: lastUpdateId }, changes, (id, back) => {
    const [b, a] = [back.bids.map(asWritten), back.asks.map(asWritten)]
    const data = { e: "depthUpdate", E: 1_723_161_600_000, s: "BTCUSDT", U: id, u: id, b, a }
    return readChange(JSON.stringify({ stream: "btcusdt@depth@100ms", data }))
  })
}

const asWritten = ([price, size]: NaiveBook.Level): NaiveBook.Level => [price, size === "0" ? "0.00000000" : size]

interface Frame {
  readonly data: {
    readonly U: number
    readonly u: number
    readonly b: ReadonlyArray<NaiveBook.Level>
    readonly a: ReadonlyArray<NaiveBook.Level>
  }
}

const readChange = (frame: string): NaiveBook.Change => {
  const [, beforeFirst = "", beforeLast = "", afterLast = ""] = /^(.*?"U":)\d+(,"u":)\d+(,.*)$/.exec(frame) ?? []
  const { U, a, b, u } = (JSON.parse(frame) as Frame).data
  return {
    last: u,
    bids: b,
    asks: a,
    text: (raised) => `${beforeFirst}${U + raised}${beforeLast}${u + raised}${afterLast}`
  }
}

/** For clients that want to know the symbol before they subscribe to it. Source: docs/venues/binance.md, "REST". */
const exchangeInfo = JSON.stringify({
  timezone: "UTC",
  serverTime: 1_723_161_255_208,
  rateLimits: [],
  exchangeFilters: [],
  symbols: [
    {
      symbol: "BTCUSDT",
      status: "TRADING",
      baseAsset: "BTC",
      baseAssetPrecision: 8,
      quoteAsset: "USDT",
      quotePrecision: 8,
      quoteAssetPrecision: 8,
      orderTypes: ["LIMIT", "MARKET"],
      isSpotTradingAllowed: true,
      isMarginTradingAllowed: true,
      permissions: [],
      permissionSets: [["SPOT", "MARGIN"]],
      filters: [
        { filterType: "PRICE_FILTER", minPrice: "0.01000000", maxPrice: "1000000.00000000", tickSize: "0.01000000" },
        { filterType: "LOT_SIZE", minQty: "0.00001000", maxQty: "9000.00000000", stepSize: "0.00001000" },
        { filterType: "NOTIONAL", minNotional: "5.00000000", applyMinToMarket: true, maxNotional: "9000000.00000000" }
      ]
    }
  ]
})
