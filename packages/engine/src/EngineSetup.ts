/** What an engine is made of. */
import type { Instrument, OrderBook, VenueAdapter } from "@tidewire/core"
import type * as Duration from "effect/Duration"
import type { Journal } from "./Journal.ts"
import type { Limits } from "./Limits.ts"
import type { Notice } from "./Notice.ts"
import type { PaperOptions } from "./paper/PaperVenue.ts"
import type { Strategy } from "./Strategy.ts"

/** How orders of a venue are carried out. */
export type Execution =
  /** Not at all: market data only. */
  | { readonly _tag: "None" }
  /** On the adapter's own account. */
  | {
      readonly _tag: "Live"
      /** See `VenueSetup`. */
      readonly deadMan?: Duration.Input
      readonly watchdog?: Duration.Input
    }
  /** On paper, out of the market data of the adapter. */
  | ({ readonly _tag: "Paper" } & Pick<PaperOptions, "balances" | "latency" | "fees" | "queue" | "leverage">)

export interface EngineVenue {
  readonly adapter: VenueAdapter.VenueAdapter
  /** As they are known now: they may be listed anew while the engine runs. */
  readonly instruments: () => Instrument.InstrumentIndex
  /** The checked book of a symbol, where one is subscribed; before the feed is open there is none. */
  readonly book: (symbol: string) => OrderBook.BookView | undefined
  readonly execution: Execution
}

export interface NamedStrategy {
  readonly name: string
  readonly strategy: Strategy
}

export interface LogLine {
  readonly strategy: string
  readonly level: "debug" | "info" | "warn" | "error"
  readonly message: string
  readonly fields?: Readonly<Record<string, unknown>>
}

export interface EngineSetup {
  readonly venues: ReadonlyArray<EngineVenue>
  readonly strategies: ReadonlyArray<NamedStrategy>
  readonly journal: Journal
  readonly limits: Limits
  /** What amounts of several assets are summed in: for the limit of a day's loss. Default `USDT`. */
  readonly currency?: string
  /** How often the way of a live order is gone without one; see `Rehearsal`. Default: never. */
  readonly rehearseEvery?: Duration.Input
  /** Of the strategies' random numbers. */
  readonly seed: number
  /** Hears what people should know; must not throw. */
  readonly tell: (notice: Notice) => void
  /** Hears what strategies log; must not throw. */
  readonly log: (line: LogLine) => void
}
