/**
 * What can be chosen when a simulator starts, and the venue's own numbers as defaults.
 * A number that is `Infinity` is a rule that the venue does not have.
 * Sources: Binance docs, spot and USDⓈ-M, "General information", "Limits", "WebSocket Streams"; Bybit v5 docs, "Connect",
 * "Rate limit".
 */
import { type AccountDefinition, defaultAccount } from "./account/AccountDefinition.ts"
import type { Clock } from "./clock.ts"
import { defaults, named } from "./market/catalogue.ts"
import { type MarketDefinition, type MarketKind, marketKinds, perMarket, type Rates } from "./market/definition.ts"
import { FUNDING_MS } from "./market/mark.ts"
import type { Step } from "./scenario/Step.ts"

export interface SocketRules {
  /** How often the server pings. */
  readonly pingMs: number
  readonly pongMs: number
  readonly lifetimeMs: number
  /** Messages a second from one client, pings and pongs included. */
  readonly inboundPerSecond: number
  readonly streamsPerConnection: number
  /** Connection attempts in five minutes, on all markets of one host. */
  readonly attemptsPerWindow: number
  /** Open connections of one market. */
  readonly connectionsPerMarket: number
  /** After this long without a message from the client and without data the connection is cut. */
  readonly idleMs: number
  /** Characters of the names of all streams of one connection. */
  readonly charactersPerConnection: number
  /** Streams in one request. */
  readonly streamsPerRequest: number
  /** Unsent bytes after which a client that does not read is reset. Ours, not the venue's. */
  readonly bufferedBytes: number
}

export interface RestRules {
  /** Binance. */
  readonly weightPerMinute: number
  /** Requests answered 429 before the address is banned with 418. Ours: the venue does not tell its number. */
  readonly ignoredBeforeBan: number
  /** Bybit: requests of one address in five seconds, over all endpoints. */
  readonly requestsPerWindow: number
}

export interface SimulatorOptions {
  /** Who may trade. Default: one account with documented keys, `defaultAccount`. */
  readonly accounts?: ReadonlyArray<AccountDefinition>
  /** 0 or absent: any free port. */
  readonly port?: number
  readonly host?: string
  /** The same seed gives the same markets. */
  readonly seed?: number
  /** Names by market, or definitions of one's own. Default: a handful on each market. */
  readonly symbols?: Partial<Record<MarketKind, ReadonlyArray<string>>> | ReadonlyArray<MarketDefinition>
  /** How busy every market is; a definition's own rates win. */
  readonly rates?: Partial<Rates>
  /**
   * Divides the server's lifetimes, ping periods, limit windows and the time between fundings: 1440 makes a day a minute. Markets keep their pace,
   * and so do the clients: scaling does not make pings more frequent than every 500 ms, nor a pong due within 2 s.
   */
  readonly clockScale?: number
  /** Default: the wall. A manual clock stands still until it is advanced; `clockFrom` begins at another time. */
  readonly clock?: Clock
  /** Played from the start on: text or steps. */
  readonly scenario?: string | ReadonlyArray<Step>
  readonly errorShape?: "documented" | "observed"
  /** Bybit: the keys of every frame come in another order. Default false: the order that the venue's examples have. */
  readonly shuffleKeys?: boolean
  /** Levels a side that the makers aim for. */
  readonly depth?: number
  /** Trades and aggregates kept for each symbol: what REST and the oracle can tell. */
  readonly keepTrades?: number
  /** The last frames of all connections that `control.sent` can tell, with their text. Default 0: none are kept. */
  readonly keepSentFrames?: number
  /** Bars kept for each symbol and interval. */
  readonly keepBars?: number
  /** Changes of each book kept, and of its best prices: how far back `Oracle` can tell them. Default 0: none are kept. */
  readonly keepBookChanges?: number
  /** Synthetic past of a market when it is first looked at. */
  readonly historyMinutes?: number
  readonly historyTradesPerMinute?: number
  readonly firstTradeId?: number
  readonly firstAggregateId?: number
  readonly firstUpdateId?: Partial<Record<MarketKind, number>>
  readonly socketRules?: Partial<Record<MarketKind, Partial<SocketRules>>>
  readonly restRules?: Partial<Record<MarketKind, Partial<RestRules>>>
}

const DAY_MS = 86_400_000

const UNSENT_BYTES = 64 * 2 ** 20

const binanceSockets: SocketRules = {
  pingMs: 20_000,
  pongMs: 60_000,
  lifetimeMs: DAY_MS,
  inboundPerSecond: 5,
  streamsPerConnection: 1024,
  attemptsPerWindow: 300,
  connectionsPerMarket: Infinity,
  idleMs: Infinity,
  charactersPerConnection: Infinity,
  streamsPerRequest: Infinity,
  bufferedBytes: UNSENT_BYTES
}

const bybitSockets: SocketRules = {
  pingMs: Infinity,
  pongMs: Infinity,
  lifetimeMs: Infinity,
  inboundPerSecond: Infinity,
  streamsPerConnection: Infinity,
  attemptsPerWindow: 500,
  connectionsPerMarket: 1000,
  idleMs: 600_000,
  charactersPerConnection: 21_000,
  streamsPerRequest: Infinity,
  bufferedBytes: UNSENT_BYTES
}

const socketDefaults: Record<MarketKind, SocketRules> = {
  spot: binanceSockets,
  usdm: { ...binanceSockets, pingMs: 180_000, pongMs: 600_000, inboundPerSecond: 10 },
  "bybit-spot": { ...bybitSockets, streamsPerRequest: 10 },
  "bybit-linear": bybitSockets,
  "bybit-inverse": bybitSockets
}

const binanceRest: RestRules = { weightPerMinute: 6000, ignoredBeforeBan: 10, requestsPerWindow: Infinity }

const bybitRest: RestRules = { weightPerMinute: Infinity, ignoredBeforeBan: 0, requestsPerWindow: 600 }

const restDefaults: Record<MarketKind, RestRules> = {
  spot: binanceRest,
  usdm: { ...binanceRest, weightPerMinute: 2400 },
  "bybit-spot": bybitRest,
  "bybit-linear": bybitRest,
  "bybit-inverse": bybitRest
}

const definitionsOf = (symbols: SimulatorOptions["symbols"]): ReadonlyArray<MarketDefinition> => {
  if (symbols === undefined) return defaults
  if ("length" in symbols) return symbols
  return marketKinds.flatMap((kind) => (symbols[kind] ?? []).map((symbol) => named(kind, symbol)))
}

/** Fundings are not more frequent than this, however the clock is scaled. */
const LEAST_FUNDING_MS = 1_000

export const resolve = (options: SimulatorOptions) => ({
  accounts: options.accounts ?? [defaultAccount],
  port: options.port ?? 0,
  host: options.host ?? "127.0.0.1",
  clockScale: options.clockScale ?? 1,
  clock: options.clock,
  scenario: options.scenario,
  errorShape: options.errorShape ?? "documented",
  shuffleKeys: options.shuffleKeys ?? false,
  keepSentFrames: options.keepSentFrames ?? 0,
  definitions: definitionsOf(options.symbols),
  venue: {
    seed: options.seed ?? 1,
    rates: { tradesPerSecond: 4, ordersPerSecond: 25, liquidationsPerSecond: 0.02, ...options.rates },
    depth: options.depth ?? 150,
    keepTrades: options.keepTrades ?? 20_000,
    keepBars: options.keepBars ?? 2_000,
    keepBookChanges: options.keepBookChanges ?? 0,
    fundingMs: Math.max(LEAST_FUNDING_MS, Math.round(FUNDING_MS / (options.clockScale ?? 1))),
    historyMinutes: options.historyMinutes ?? 120,
    historyTradesPerMinute: options.historyTradesPerMinute ?? 12,
    // Beyond 32 bits, as the venue's are.
    firstTradeId: options.firstTradeId ?? 5_000_000_001,
    firstAggregateId: options.firstAggregateId ?? 3_000_000_001,
    firstUpdateId: {
      spot: 50_093_239_000,
      usdm: 5_123_107_832_000,
      "bybit-spot": 47_474_967_000,
      "bybit-linear": 176_530_004_000,
      "bybit-inverse": 42_159_594_000,
      ...options.firstUpdateId
    }
  },
  socketRules: perMarket((kind): SocketRules => ({ ...socketDefaults[kind], ...options.socketRules?.[kind] })),
  restRules: perMarket((kind): RestRules => ({ ...restDefaults[kind], ...options.restRules?.[kind] }))
})

export type Resolved = ReturnType<typeof resolve>
