/** What a test may see of the simulator: plain copies. */
import type { Fault } from "../faults/Fault.ts"
import type { MarketKind, Rates } from "../market/definition.ts"
import type { Market } from "../market/market.ts"
import type { Aggregate } from "../market/tape.ts"
import type { ConnectionStats } from "../socket/Connection.ts"
import { price, size } from "../market/written.ts"

export interface BookView {
  readonly market: MarketKind
  readonly symbol: string
  readonly updateId: number
  /** `[price, size]` as the venue writes them, best first. */
  readonly bids: ReadonlyArray<readonly [string, string]>
  readonly asks: ReadonlyArray<readonly [string, string]>
}

export interface TradeView {
  readonly id: number
  /** As the venue writes it, where that is not `id`. */
  readonly venueId?: string
  readonly price: string
  readonly size: string
  readonly time: number
  /** The taker's side. */
  readonly side: "buy" | "sell"
}

export interface AggregateView extends TradeView {
  readonly first: number
  readonly last: number
}

export interface FaultView {
  readonly id: number
  readonly fault: Fault
  readonly acted: number
  /** How often it may still act; absent without end. */
  readonly left?: number
}

export interface State {
  readonly time: number
  readonly clockScale: number
  readonly markets: ReadonlyArray<{
    readonly market: MarketKind
    readonly symbol: string
    readonly lastTradeId: number | undefined
    readonly updateId: number
    readonly rates: Rates
  }>
  readonly connections: ReadonlyArray<ConnectionStats>
  readonly faults: ReadonlyArray<FaultView>
}

export const viewOf = (market: Market, trade: Omit<Aggregate, "first" | "last">): TradeView => ({
  id: trade.id,
  ...(market.rules.hasConsecutiveTradeIds ? {} : { venueId: market.rules.tradeId(market.seed, trade.id) }),
  price: price(market, trade.price),
  size: size(market, trade.size),
  time: trade.time,
  side: trade.buyerIsMaker ? "sell" : "buy"
})
