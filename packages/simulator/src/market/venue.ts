/**
 * All markets of one kind. A market is born when somebody first looks at it, so that a thousand symbols cost nothing
 * until they are used; from then on it lives whether or not anybody is connected, so that what a client missed exists.
 * Guarantees that a market's content depends on the simulator's seed and its own name, not on its neighbours.
 */
import type { MarketDefinition, MarketKind, Rates, SymbolStatus } from "./definition.ts"
import { rulesOf } from "./rules.ts"
import { Market, type Periodic } from "./market.ts"

export interface VenueOptions {
  readonly seed: number
  readonly rates: Rates
  readonly depth: number
  readonly keepTrades: number
  readonly keepBars: number
  readonly keepBookChanges: number
  readonly historyMinutes: number
  readonly historyTradesPerMinute: number
  readonly firstTradeId: number
  readonly firstAggregateId: number
  readonly firstUpdateId: Readonly<Record<MarketKind, number>>
  readonly fundingMs: number
}

const isTrading = ({ status }: MarketDefinition): boolean => status === undefined || status === "TRADING"

export class Venue {
  readonly kind: MarketKind
  readonly definitions = new Map<string, MarketDefinition>()
  readonly born = new Map<string, Market>()
  /** Told after a symbol has begun or ended trading. */
  relisted: ((symbol: string) => void) | undefined
  private readonly options: VenueOptions
  /** Rates changed since the start, for the markets that are still to be born. */
  private rates: Partial<Rates> = {}
  private readonly now: () => number
  private readonly periodic: Array<Periodic> = []

  constructor(
    kind: MarketKind,
    definitions: ReadonlyArray<MarketDefinition>,
    options: VenueOptions,
    now: () => number
  ) {
    this.kind = kind
    this.options = options
    this.now = now
    for (const definition of definitions) {
      if (definition.market === kind) this.definitions.set(definition.symbol, definition)
    }
  }

  /** Of what is delisted and still told. */
  get haltStatus(): SymbolStatus {
    return rulesOf[this.kind].haltStatus
  }

  /** The market of a symbol, up to date; undefined if the symbol is not listed or not trading. */
  market(symbol: string): Market | undefined {
    const definition = this.definitions.get(symbol)
    if (definition === undefined || !isTrading(definition)) return undefined
    return this.born.get(symbol) ?? this.bear(definition, this.options.historyMinutes)
  }

  /** The market of a listed symbol, as it stood last if it does not trade any more. */
  known(symbol: string): Market | undefined {
    return this.market(symbol) ?? (this.definitions.has(symbol) ? this.born.get(symbol) : undefined)
  }

  /** Begins to trade, without a past if it is new; what was there before goes on with its book and its ids. */
  list(definition: MarketDefinition): void {
    const { symbol } = definition
    const before = this.definitions.get(symbol)
    if (before !== undefined && isTrading(before)) return
    const known = this.born.get(symbol)
    const onboardTime = known === undefined ? Math.floor(this.now()) : definition.onboardTime
    const listed = { ...definition, ...(onboardTime === undefined ? {} : { onboardTime }), status: "TRADING" as const }
    this.definitions.set(symbol, listed)
    if (known === undefined) this.bear(listed, 0)
    else known.resume(this.now())
    this.relisted?.(symbol)
  }

  /** Ends the trading of a listed symbol; without a status it is not even listed any more. */
  delist(symbol: string, status: SymbolStatus | undefined): void {
    const definition = this.definitions.get(symbol)
    if (definition === undefined) return
    if (isTrading(definition)) this.born.get(symbol)?.advance(this.now())
    if (status === undefined) this.definitions.delete(symbol)
    else this.definitions.set(symbol, { ...definition, status })
    this.relisted?.(symbol)
  }

  /** Every listed market, in the order of listing; brings all of them to life. */
  all(): Array<Market> {
    return [...this.definitions.keys()].flatMap((symbol) => this.market(symbol) ?? [])
  }

  setRates(rates: Partial<Rates>): void {
    this.rates = { ...this.rates, ...rates }
    for (const market of this.born.values()) market.setRates(rates)
  }

  advance(until: number): void {
    for (const market of this.born.values()) this.market(market.definition.symbol)?.advance(until)
    for (const entry of this.periodic.slice()) {
      if (entry.nextAt > until) continue
      entry.nextAt = (Math.floor(until / entry.periodMs) + 1) * entry.periodMs
      entry.run(until)
    }
  }

  /** Runs something about all markets at every multiple of the period, after they have advanced. */
  every(periodMs: number, run: (time: number) => void): () => void {
    const entry: Periodic = { periodMs, nextAt: (Math.floor(this.now() / periodMs) + 1) * periodMs, run }
    this.periodic.push(entry)
    return () => {
      const index = this.periodic.indexOf(entry)
      if (index >= 0) this.periodic.splice(index, 1)
    }
  }

  private bear(definition: MarketDefinition, historyMinutes: number): Market {
    const { firstUpdateId, seed, ...rest } = this.options
    const market = new Market(definition, {
      ...rest,
      historyMinutes,
      seed: `${seed}/${this.kind}/${definition.symbol}`,
      bornAt: this.now(),
      firstUpdateId: firstUpdateId[this.kind]
    })
    if (Object.keys(this.rates).length > 0) market.setRates(this.rates)
    this.born.set(definition.symbol, market)
    return market
  }
}
