/**
 * What a test may know and change: faults, true books, all trades, rates. The same operations stand behind the HTTP
 * endpoint. Guarantees that views are copies and that looking changes nothing but the birth of a market.
 */
import type { Trading } from "../account/Trading.ts"
import type { Clock } from "../clock.ts"
import { check } from "../scenario/check.ts"
import { play, type Play } from "../scenario/play.ts"
import { Plays, type PlayView } from "../scenario/Plays.ts"
import type { Step } from "../scenario/Step.ts"
import type { Fault } from "../faults/Fault.ts"
import { named } from "../market/catalogue.ts"
import type { MarketDefinition, MarketKind, Rates } from "../market/definition.ts"
import { type Interval, isInterval } from "../market/interval.ts"
import type { Market } from "../market/market.ts"
import * as grid from "../market/grid.ts"
import type { Venue } from "../market/venue.ts"
import type { SentFrame, SentLog } from "../socket/SentLog.ts"
import { BadRequest } from "../faults/parseFault.ts"
import { inject, type InjectContext, type Injected } from "./inject.ts"
import { AccountsControl } from "./accounts.ts"
import { act } from "./act.ts"
import { type AggregateView, type BookView, type FaultView, type State, type TradeView, viewOf } from "./views.ts"
import { kline } from "../binance/frames.ts"
import { top } from "../market/written.ts"

export interface ControlContext extends InjectContext {
  readonly clock: Clock
  readonly clockScale: number
  readonly log: SentLog
  readonly trading: Trading
}

export class Control {
  private readonly context: ControlContext
  private readonly plays = new Plays()

  /** Accounts: what they really have and did. */
  readonly accounts: AccountsControl

  constructor(context: ControlContext) {
    this.context = context
    this.accounts = new AccountsControl(context.trading)
  }

  inject(fault: Fault): Injected {
    return inject(this.context, fault)
  }

  /** Carries out a scenario on the simulator's clock, beside those that run already. */
  play(steps: ReadonlyArray<Step>): Play {
    const started = play(this.context.clock, check(steps), (action) => act(this, action))
    this.plays.add(started)
    return started
  }

  /** The scenarios that run, and the last ten that ended. */
  played(): Array<PlayView> {
    return this.plays.list()
  }

  /** Ends every scenario that runs; answers how many. */
  stopPlaying(): number {
    return this.plays.stop()
  }

  /** Ends one fault, or all of them; answers how many. */
  clear(id?: number): number {
    return this.context.registry.clear(id)
  }

  faults(): Array<FaultView> {
    return this.context.registry.list().map(({ acted, fault, id, left }) => ({
      id,
      fault,
      acted,
      ...(left === Infinity ? {} : { left })
    }))
  }

  /** The book as it stands, whole unless `limit` is given. */
  book(market: MarketKind, symbol: string, limit = Infinity): BookView {
    const found = this.seen(market, symbol)
    return {
      market,
      symbol,
      updateId: found.book.updateId,
      bids: top(found, "bid", limit),
      asks: top(found, "ask", limit)
    }
  }

  /** The trades kept, oldest first: from an id on, or the latest. */
  trades(market: MarketKind, symbol: string, range: { readonly fromId?: number; readonly limit?: number } = {}) {
    const found = this.seen(market, symbol)
    const ring = found.tape.trades
    const limit = range.limit ?? ring.length
    const from = range.fromId === undefined ? ring.length - limit : ring.search(range.fromId, ({ id }) => id)
    return ring.slice(from, limit).map((trade) => viewOf(found, trade))
  }

  aggregates(market: MarketKind, symbol: string, range: { readonly fromId?: number; readonly limit?: number } = {}) {
    const found = this.seen(market, symbol)
    const ring = found.tape.aggregates
    const limit = range.limit ?? ring.length
    const from = range.fromId === undefined ? ring.length - limit : ring.search(range.fromId, ({ id }) => id)
    return ring
      .slice(from, limit)
      .map((one): AggregateView => ({ ...viewOf(found, one), first: one.first, last: one.last }))
  }

  /** The bars kept, oldest first, in the shape of the stream's `k`. */
  bars(market: MarketKind, symbol: string, interval: Interval, limit = 500): Array<Record<string, unknown>> {
    const found = this.seen(market, symbol)
    const series = isInterval(interval) ? found.bars.series.get(interval) : undefined
    if (series === undefined) throw new BadRequest(`interval: ${String(interval)} is not kept on ${market}`)
    return series.slice(series.length - limit, limit).map((bar) => kline(found, bar, (ms) => ms))
  }

  /** Changes how busy markets are: of one symbol, of one market, or everywhere. */
  setRates(rates: Partial<Rates>, filter: { readonly market?: MarketKind; readonly symbol?: string } = {}): void {
    const { market, symbol } = filter
    for (const venue of Object.values(this.context.venues)) {
      if (market !== undefined && venue.kind !== market) continue
      if (symbol === undefined) venue.setRates(rates)
      else venue.market(symbol)?.setRates(rates)
    }
  }

  /** A taker order of this size now. */
  trade(market: MarketKind, symbol: string, side: "buy" | "sell", amount: number): Array<TradeView> {
    const found = this.market(market, symbol)
    const steps = Math.max(1, grid.units(found.sizeGrid, amount))
    return found.take(side === "buy" ? "ask" : "bid", steps).map((trade) => viewOf(found, trade))
  }

  /** A liquidation order of this size now; `sell` closes a long. Spot markets have none. */
  liquidate(symbol: string, side: "buy" | "sell", amount: number, market: MarketKind = "usdm"): void {
    const found = this.market(market, symbol)
    if (!found.rules.hasLiquidations) throw new BadRequest(`market: nothing is liquidated on ${market}`)
    found.liquidate(side === "buy" ? "BUY" : "SELL", Math.max(1, grid.units(found.sizeGrid, amount)))
  }

  /**
   * A symbol begins to trade: a new one, without a past, or one that was delisted. It appears in exchangeInfo and on
   * the streams that wait for it. A name gives a plausible market; one that trades already stays as it is.
   */
  list(market: MarketKind, symbol: string | MarketDefinition): void {
    const venue = this.context.venues[market]
    const name = typeof symbol === "string" ? symbol : symbol.symbol
    if (!/^[\p{Lu}\p{Lo}\p{N}_-]+$/u.test(name)) throw new BadRequest(`symbol: expected upper case, not ${name}`)
    venue.list(typeof symbol === "string" ? (venue.definitions.get(name) ?? named(market, name)) : symbol)
  }

  /** A symbol ends trading: its streams fall silent, exchangeInfo says so, or with `gone` forgets it. */
  delist(market: MarketKind, symbol: string, options: { readonly gone?: boolean } = {}): void {
    const venue = this.context.venues[market]
    if (!venue.definitions.has(symbol)) throw new BadRequest(`symbol: ${symbol} is not listed on ${market}`)
    venue.delist(symbol, options.gone === true ? undefined : venue.haltStatus)
  }

  /** The last frames sent, of one connection or of all, as far as `keepSentFrames` reaches. */
  sent(connection?: number): Array<SentFrame> {
    return this.context.log.list(connection)
  }

  state(): State {
    const markets = Object.values(this.context.venues).flatMap((venue) =>
      [...venue.born.values()].map((market) => ({
        market: venue.kind,
        symbol: market.definition.symbol,
        lastTradeId: market.tape.trades.last()?.id,
        updateId: market.book.updateId,
        rates: market.rates
      }))
    )
    return {
      time: Math.floor(this.context.clock.now()),
      clockScale: this.context.clockScale,
      markets,
      connections: [...this.context.connections].map((connection) => connection.stats()),
      faults: this.faults()
    }
  }

  /** What has traded stays known, whatever became of it. */
  private seen(kind: MarketKind, symbol: string): Market {
    const venue = this.context.venues[kind] as Venue | undefined
    return venue?.born.get(symbol) ?? this.market(kind, symbol)
  }

  private market(kind: MarketKind, symbol: string): Market {
    const venue = this.context.venues[kind] as Venue | undefined
    const found = venue?.market(symbol)
    if (found === undefined) throw new BadRequest(`symbol: ${symbol} is not traded on ${kind}`)
    return found
  }
}
