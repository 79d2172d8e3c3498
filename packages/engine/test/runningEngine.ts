/** An engine that trades BTCUSDT of a venue `v` on paper, and what it told. */
import { type Event, Instrument, type VenueAdapter } from "@tidewire/core"
import {
  Engine,
  type EngineSetup,
  Fees,
  type Journal,
  Latency,
  Limits,
  MemoryJournal,
  type Notice,
  type PaperVenue,
  QueuePosition,
  type Strategy
} from "@tidewire/engine"
import * as Effect from "effect/Effect"

export const SPOT: Instrument.Instrument = {
  venue: "v",
  symbol: "BTCUSDT",
  unified: "BTC/USDT",
  base: "BTC",
  quote: "USDT",
  kind: "spot",
  tickSize: "0.01",
  lotSize: "0.001",
  contractSize: "1",
  sizeUnit: "base",
  status: "trading"
}

/** Only what an engine needs of one. */
const adapter = {
  venue: "v",
  capabilities: { channels: ["trades", "quotes", "bars"], intervals: ["1m"], depths: [] }
} as unknown as VenueAdapter.VenueAdapter

const paper: EngineSetup.Execution = {
  _tag: "Paper",
  balances: { USDT: "10000" },
  latency: Latency.constant(5, 5),
  fees: Fees.rates("0", "0.001"),
  queue: QueuePosition.models.cautious,
  leverage: 1
}

export const quote = (at: number, bid: number, ask: number): Event.Quote => ({
  type: "quote",
  venue: "v",
  symbol: "BTCUSDT",
  receivedTime: at,
  bid,
  bidSize: 5,
  ask,
  askSize: 5
})

export const subscriptions = [{ venue: "v", symbol: "BTC/USDT", channels: ["trades", "quotes"] }]

export interface RunningOptions {
  readonly journal?: Journal.Journal
  readonly limits?: Partial<Limits.Limits>
  readonly history?: VenueAdapter.History
  readonly paper?: Partial<PaperVenue.PaperOptions>
}

export const running = (strategies: Record<string, Partial<Strategy.Strategy>>, options: RunningOptions = {}) =>
  Effect.gen(function* () {
    const notices: Array<Notice.Notice> = []
    const told: Array<string> = []
    const engine = yield* Engine.make({
      venues: [
        {
          adapter: { ...adapter, ...(options.history !== undefined && { history: options.history }) },
          instruments: () => new Instrument.InstrumentIndex([SPOT]),
          book: () => undefined,
          execution: { ...paper, ...options.paper }
        }
      ],
      strategies: Object.entries(strategies).map(([name, strategy]) => ({
        name,
        strategy: { subscriptions, ...strategy }
      })),
      journal: options.journal ?? MemoryJournal.make(),
      limits: { ...Limits.defaults, requireLiveBook: false, priceBand: "none", ...options.limits },
      seed: 1,
      tell: (notice) => void notices.push(notice),
      log: () => {}
    })
    engine.bus.onAny((event) => void told.push(short(event)))
    return { engine, notices, told }
  })

export const short = (event: Engine.EngineEvent): string => {
  switch (event.type) {
    case "order":
      return `order ${event.status} ${event.filled}/${event.size} of ${event.strategy}`
    case "fill":
      return `fill ${event.size} at ${event.price} of ${event.strategy}`
    case "strategy":
      return `${event.strategy} ${event.state}`
    default:
      return event.type
  }
}
