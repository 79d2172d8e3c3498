/**
 * A fault of each kind with sensible parameters, by chance. Lengths are shares of the scenario's duration, so that a
 * minute and an hour have the same shape; nothing asks a client to stay away for longer than that.
 */
import type { Fault, FaultFilter, FaultOf } from "../faults/Fault.ts"
import { isBybit, type MarketKind, marketKinds } from "../market/definition.ts"
import type { Random } from "../random.ts"

const forms = ["json", "truncated", "types", "missing", "binary", "empty"] as const

const bybitSpot = ["orderbook.*", "publicTrade", "orderbook.1", "tickers", "kline.*"]
const bybitFutures = ["orderbook.*", "publicTrade", "orderbook.1", "tickers", "kline.*", "allLiquidation"]

const streams: Readonly<Record<MarketKind, ReadonlyArray<string>>> = {
  spot: ["depth*", "trade", "bookTicker", "aggTrade", "kline*"],
  usdm: ["depth*", "aggTrade", "bookTicker", "markPrice*", "kline*"],
  "bybit-spot": bybitSpot,
  "bybit-linear": bybitFutures,
  "bybit-inverse": bybitFutures
}

/** A stream's name in the venue's spelling; of any symbol without one. */
const nameOf = (market: MarketKind, stream: string, symbol: string): string =>
  isBybit(market) ? `${stream}.${symbol}` : `${symbol.toLowerCase()}@${stream}`

/** Streams that every market has, under the names that they have there. */
const everywhere = {
  books: { binance: "depth*", bybit: "orderbook.*" },
  bars: { binance: "kline*", bybit: "kline.*" }
} as const

export class Draw {
  private readonly random: Random
  private readonly instruments: ReadonlyArray<{ readonly market: MarketKind; readonly symbol: string }>
  private readonly durationMs: number

  constructor(
    random: Random,
    symbols: Readonly<Partial<Record<MarketKind, ReadonlyArray<string>>>>,
    durationMs: number
  ) {
    this.random = random
    this.durationMs = durationMs
    this.instruments = marketKinds.flatMap((market) => (symbols[market] ?? []).map((symbol) => ({ market, symbol })))
  }

  /** Whole, both ends included. */
  between(least: number, most: number): number {
    const from = Math.min(Math.ceil(least), Math.floor(most))
    return from + this.random.int(Math.max(1, Math.floor(most) - from + 1))
  }

  pick<A>(list: ReadonlyArray<A>): A {
    return list[this.random.int(list.length)]!
  }

  /** How long a fault is in force. */
  lastsMs(): number {
    return Math.max(1, this.between(this.durationMs * 0.02, this.durationMs * 0.1))
  }

  /** How late something is. */
  lateMs(): number {
    return this.between(1, Math.min(2_000, this.durationMs * 0.03))
  }

  /** Everything, one market, or one symbol. */
  some(): { readonly filter?: FaultFilter } {
    const filter = this.pick([undefined, "market", "symbol"])
    const one = this.instruments.length === 0 ? undefined : this.pick(this.instruments)
    if (filter === undefined || one === undefined) return {}
    return { filter: filter === "market" ? { market: one.market } : one }
  }

  /** Everything or one market: a handshake need not tell its symbols. */
  door(): { readonly filter?: FaultFilter } {
    const { market } = this.some().filter ?? {}
    return market === undefined ? {} : { filter: { market } }
  }

  /** Frames of one stream, or of all of a symbol, a market, everything. */
  frames(only?: keyof typeof everywhere): { readonly count: number; readonly filter?: FaultFilter } {
    const one = this.instruments.length === 0 ? undefined : this.pick(this.instruments)
    const count = this.between(1, 5)
    if (one === undefined) {
      return only === undefined ? { count } : { count, filter: { stream: `*@${everywhere[only].binance}` } }
    }
    if (only === undefined && this.random.chance(0.3)) return { count, ...this.some() }
    const { market, symbol } = one
    const name =
      only === undefined ? this.pick(streams[market]) : everywhere[only][isBybit(market) ? "bybit" : "binance"]
    const stream = nameOf(market, name, symbol)
    return { count, filter: { market: one.market, stream } }
  }

  /** Requests by path: those of books, of history, or all. */
  path(): { readonly path?: string } {
    const path = this.pick([undefined, "/api/v3/depth", "/fapi/v1/depth", "/api/v3/aggTrades", "/fapi/v1/klines"])
    return path === undefined ? {} : { path }
  }
}

export const draws: { readonly [K in Fault["kind"]]: (draw: Draw) => FaultOf<K> } = {
  refuse: (draw) => ({
    kind: "refuse",
    ...draw.pick([{}, { status: 503 }, { status: 429, retryAfterS: 1 }]),
    ...draw.door()
  }),
  slowHandshake: (draw) => ({ kind: "slowHandshake", delayMs: draw.lateMs(), ...draw.door() }),
  acceptThenClose: (draw) => ({ kind: "acceptThenClose", afterMs: draw.lateMs(), ...draw.door() }),
  kill: (draw) => ({ kind: "kill", ...draw.some() }),
  close: (draw) => ({ kind: "close", code: draw.pick([1000, 1001, 1008, 1012]), ...draw.some() }),
  shutdownNotice: (draw) => ({ kind: "shutdownNotice", closeAfterMs: draw.lateMs(), ...draw.some() }),
  listenKeyExpired: () => ({ kind: "listenKeyExpired" }),
  slowReader: (draw) => ({ kind: "slowReader", ...draw.some() }),
  lag: (draw) => ({ kind: "lag", delayMs: draw.lateMs(), ...draw.some() }),
  ackDelay: (draw) => ({ kind: "ackDelay", delayMs: draw.lateMs(), ...draw.some() }),
  dropAck: (draw) => ({ kind: "dropAck", count: draw.between(1, 2), ...draw.some() }),
  rejectSubscribe: (draw) => ({ kind: "rejectSubscribe", count: 1, ...draw.some() }),
  silence: (draw) => ({ kind: "silence", ...draw.some() }),
  silentStream: (draw) => {
    const { count: _, ...where } = draw.frames()
    return { kind: "silentStream", until: draw.pick(["resubscribe", "reconnect"] as const), ...where }
  },
  crowdedSilence: (draw) => ({ kind: "crowdedSilence", maxStreams: draw.between(0, 3), ...draw.some() }),
  drop: (draw) => ({ kind: "drop", ...draw.frames() }),
  duplicate: (draw) => ({ kind: "duplicate", ...draw.frames() }),
  reorder: (draw) => ({ kind: "reorder", ...draw.frames() }),
  malformed: (draw) => ({
    kind: "malformed",
    form: draw.pick(forms),
    keep: draw.pick([true, false]),
    ...draw.frames()
  }),
  delay: (draw) => ({ kind: "delay", delayMs: draw.lateMs(), ...draw.frames() }),
  zeroLevel: (draw) => ({ kind: "zeroLevel", ...draw.frames("books") }),
  skewedClock: (draw) => ({
    kind: "skewedClock",
    offsetMs: draw.pick([1, -1]) * draw.between(100, 5_000),
    ...draw.door()
  }),
  omitClosingBar: (draw) => ({ kind: "omitClosingBar", ...draw.frames("bars") }),
  restart: (draw) => ({ kind: "restart", ...draw.some() }),
  snapshotFirst: (draw) => ({ kind: "snapshotFirst", count: draw.between(1, 3), ...draw.some() }),
  // A snapshot that never comes is for a client to notice; one that is late heals by itself.
  deltaFirst: (draw) => ({ kind: "deltaFirst", never: draw.pick([true, false]), ...draw.some() }),
  staleSnapshot: (draw) => ({ kind: "staleSnapshot", count: draw.between(1, 3), ...draw.some() }),
  aheadSnapshot: (draw) => ({
    kind: "aheadSnapshot",
    holdMs: draw.lateMs(),
    count: draw.between(1, 3),
    ...draw.some()
  }),
  rest: (draw) => ({
    kind: "rest",
    count: draw.between(1, 3),
    // Bans by status alone would keep an obedient client away beyond the end.
    ...draw.pick([{ status: 500 }, { status: 503 }, { status: 429, retryAfterS: 1 }, { status: 418, retryAfterS: 1 }]),
    ...draw.path()
  }),
  // Without a count, so that nobody waits for an answer beyond its end.
  restTimeout: (draw) => ({ kind: "restTimeout", ...draw.path() }),
  slowRest: (draw) => ({ kind: "slowRest", delayMs: draw.lateMs(), ...draw.path() }),
  rejectOrder: (draw) => ({ kind: "rejectOrder", count: draw.between(1, 3), ...draw.some() }),
  unknownOutcome: (draw) => ({ kind: "unknownOutcome", count: draw.between(1, 3), ...draw.some() }),
  lostAck: (draw) => ({ kind: "lostAck", count: draw.between(1, 3), ...draw.some() }),
  earlyEvents: (draw) => ({ kind: "earlyEvents", count: draw.between(1, 3), delayMs: draw.lateMs(), ...draw.some() }),
  doubleFill: (draw) => ({ kind: "doubleFill", count: draw.between(1, 3), ...draw.some() }),
  lateReports: (draw) => ({ kind: "lateReports", delayMs: draw.lateMs(), ...draw.some() })
}
