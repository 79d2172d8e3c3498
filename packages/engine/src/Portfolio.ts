/**
 * What all fills and funding payments of an engine come to: holdings, profits and losses, fees by asset, for each strategy and
 * in all. Exact decimals; nothing here is a float.
 *
 * Guarantees: a fill is counted once by venue, symbol and id, however often it is told, of the latest `REMEMBERED` of its
 * symbol; the holdings of strategies, with those of nobody (`UNOWNED`), add up to the account's. Holdings of an account are
 * what its fills make of it since the portfolio began: what was there before is not known here, but told by `position` events.
 */
import { Amount, type Instrument, type OrderBook, type PrivateEvent } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"
import * as Option from "effect/Option"
import * as Books from "./Books.ts"
import * as HoldingOf from "./Holding.ts"
import * as PortfolioSnapshot from "./PortfolioSnapshot.ts"
import type { Holding } from "./Strategy.ts"

/** Whose the fills of orders are that no strategy placed. */
export const UNOWNED = ""

/** Fills of one symbol that are known again: more than a venue tells anew after a break. */
const REMEMBERED = 10_000

/** Digits of an average behind the point as it is shown; what is computed with has more. */
const SHOWN_SCALE = 12

/** What a strategy, or all of them, have made on one venue and symbol. */
export interface Row extends Holding {
  readonly venue: string
  readonly symbol: string
  /** What profits are in: the settlement asset, the quote on spot. */
  readonly asset: string
  /** How much was bought and sold, in the unit of the instrument. */
  readonly turnover: Amount.Amount
  readonly fills: number
}

/** Sums by asset; assets that come to nothing are left out. */
export type ByAsset = Readonly<Record<string, Amount.Amount>>

export interface Summary {
  readonly rows: ReadonlyArray<Row>
  readonly realizedPnl: ByAsset
  /** Of those positions that have a price. */
  readonly unrealizedPnl: ByAsset
  readonly fees: ByAsset
  readonly funding: ByAsset
  /** Realised and unrealised, less fees, with funding. */
  readonly netPnl: ByAsset
}

export type PriceSource = "mark" | "quote" | "trade" | "remembered"

/** `remembered` is what an earlier process last knew: anything that is told since then is better. */
const RANKS: Record<PriceSource, number> = { mark: 2, quote: 1, trade: 0, remembered: -1 }

/** What a unit was last worth. */
export interface LastPrice {
  readonly venue: string
  readonly symbol: string
  readonly price: number
}

type FindInstrument = (venue: string, symbol: string) => Instrument.Instrument | undefined
type FindBook = (venue: string, symbol: string) => OrderBook.BookView | undefined

/** As the market told it; made exact when it is needed. */
interface Price {
  price: number
  rank: number
}

export class Portfolio {
  readonly #instrument: FindInstrument
  readonly #book: FindBook
  #all = Books.make()
  #byOwner = new Map<string, Books.Books>()
  /** By venue and symbol. */
  readonly #prices = new Map<string, Map<string, Price>>()
  /** Ids of fills that were counted, oldest first, by venue and symbol. */
  readonly #counted = new Map<string, Set<string>>()
  /** Fills of instruments that are not known: they cannot be valued, and are told here rather than lost. */
  unvalued = 0

  /** The middle of a live book is the price of what no other is told of. */
  constructor(instrument: FindInstrument, book: FindBook = () => undefined) {
    this.#instrument = instrument
    this.#book = book
  }

  /** Takes a fill; false when it had been counted, or its instrument is not known. */
  fill(fill: PrivateEvent.Fill): boolean {
    if (!this.remember(fill)) return false
    const instrument = this.#instrument(fill.venue, fill.symbol)
    if (instrument === undefined) {
      this.unvalued++
      return false
    }
    const size = BigDecimal.fromStringUnsafe(fill.size)
    const price = BigDecimal.fromStringUnsafe(fill.price)
    const signed = fill.side === "buy" ? size : BigDecimal.negate(size)
    for (const books of [this.#all, this.#of(fill.strategy ?? UNOWNED)]) {
      const account = Books.accountOf(books, fill.venue, instrument)
      account.holding = HoldingOf.fill(instrument, account.holding, signed, price)
      account.turnover = BigDecimal.sum(account.turnover, size)
      account.fills++
      if (fill.fee !== undefined && fill.feeAsset !== undefined) Books.add(books.fees, fill.feeAsset, fill.fee)
    }
    return true
  }

  /** Takes a funding payment: the account's, and no strategy's, because a venue pays for the net position. */
  funding({ amount, asset }: PrivateEvent.Funding): void {
    Books.add(this.#all.funding, asset, amount)
    Books.add(this.#of(UNOWNED).funding, asset, amount)
  }

  /**
   * What a unit is worth now. A mark is taken over a quote's middle, and that over a trade, however late they come. Prices that
   * are not above 0 are passed over.
   */
  price(venue: string, symbol: string, price: number, source: PriceSource): void {
    if (!(price > 0)) return
    const bySymbol = this.#prices.get(venue) ?? new Map<string, Price>()
    if (bySymbol.size === 0) this.#prices.set(venue, bySymbol)
    const known = bySymbol.get(symbol)
    const rank = RANKS[source]
    if (known === undefined) bySymbol.set(symbol, { price, rank })
    else if (rank >= known.rank) {
      known.price = price
      known.rank = rank
    }
  }

  holding(venue: string, symbol: string, owner?: string): Holding {
    const books = owner === undefined ? this.#all : this.#byOwner.get(owner)
    const account = books?.accounts.get(Books.keyOf(venue, symbol))
    return account === undefined ? flat : this.#shown(account)
  }

  /** Of one owner, or of all. */
  summary(owner?: string): Summary {
    const books = (owner === undefined ? this.#all : this.#byOwner.get(owner)) ?? Books.make()
    const realized: Books.Sums = new Map()
    const unrealized: Books.Sums = new Map()
    const rows = [...books.accounts.values()].map((account): Row => {
      const { fills, instrument, turnover, venue } = account
      const asset = assetOf(account)
      const row = this.#shown(account)
      Books.add(realized, asset, row.realizedPnl)
      if (row.unrealizedPnl !== undefined) Books.add(unrealized, asset, row.unrealizedPnl)
      return { venue, symbol: instrument.symbol, asset, turnover: Amount.write(turnover), fills, ...row }
    })
    return {
      rows,
      realizedPnl: shown(realized),
      unrealizedPnl: shown(unrealized),
      fees: shown(books.fees),
      funding: shown(books.funding),
      netPnl: shown(this.net(owner))
    }
  }

  /** Realised and unrealised, less fees, with funding, by asset: of one owner, or of all. */
  net(owner?: string): ReadonlyMap<string, BigDecimal.BigDecimal> {
    const books = (owner === undefined ? this.#all : this.#byOwner.get(owner)) ?? Books.make()
    const net: Books.Sums = new Map()
    for (const account of books.accounts.values()) {
      const asset = assetOf(account)
      const price = this.#priceOf(account)
      Books.add(net, asset, HoldingOf.realized(account.holding))
      if (price !== undefined) {
        Books.add(net, asset, HoldingOf.unrealized(account.instrument, account.holding, price))
      }
    }
    for (const [asset, fee] of books.fees) Books.add(net, asset, BigDecimal.negate(fee))
    for (const [asset, amount] of books.funding) Books.add(net, asset, amount)
    return net
  }

  /** Everybody who has had a fill or a payment. */
  owners(): ReadonlyArray<string> {
    return [...this.#byOwner.keys()]
  }

  /** What a unit is worth by the latest that was told; `undefined` where nothing was. */
  lastPrice(venue: string, symbol: string): number | undefined {
    const told = this.#prices.get(venue)?.get(symbol)
    return told?.price ?? middleOf(this.#book(venue, symbol))
  }

  /** Of what is not flat. */
  openPrices(): ReadonlyArray<LastPrice> {
    return [...this.#all.accounts.values()].flatMap(({ holding, instrument: { symbol }, venue }) => {
      const price = BigDecimal.isZero(holding.size) ? undefined : this.lastPrice(venue, symbol)
      return price === undefined ? [] : [{ venue, symbol, price }]
    })
  }

  /** All that was counted so far, as plain JSON: prices and the ids of fills are not among it. */
  snapshot(): PortfolioSnapshot.PortfolioSnapshot {
    return PortfolioSnapshot.write({ all: this.#all, byOwner: this.#byOwner })
  }

  /** Takes the place of all that was counted so far; false when it is no snapshot of a portfolio. */
  restore(snapshot: unknown): boolean {
    const decoded = PortfolioSnapshot.decode(snapshot)
    if (Option.isNone(decoded)) return false
    const { all, byOwner } = PortfolioSnapshot.read(decoded.value)
    this.#all = all
    this.#byOwner = new Map(byOwner)
    return true
  }

  /** This fill is counted from now on: false when it was before. */
  remember({ id, symbol, venue }: Pick<PrivateEvent.Fill, "id" | "symbol" | "venue">): boolean {
    const key = Books.keyOf(venue, symbol)
    const counted = this.#counted.get(key) ?? new Set<string>()
    this.#counted.set(key, counted)
    if (counted.has(id)) return false
    counted.add(id)
    if (counted.size > REMEMBERED) counted.delete(counted.values().next().value!)
    return true
  }

  #priceOf({ instrument, venue }: Books.Account): BigDecimal.BigDecimal | undefined {
    const price = this.lastPrice(venue, instrument.symbol)
    return price === undefined ? undefined : BigDecimal.fromNumberUnsafe(price)
  }

  #shown(account: Books.Account): Holding {
    const { holding, instrument } = account
    const price = this.#priceOf(account)
    const average = HoldingOf.averagePrice(instrument, holding)
    return {
      size: Amount.write(holding.size),
      ...(average !== undefined && { averagePrice: shownPrice(average) }),
      realizedPnl: Amount.write(HoldingOf.realized(holding)),
      ...(price !== undefined && { unrealizedPnl: Amount.write(HoldingOf.unrealized(instrument, holding, price)) })
    }
  }

  #of(owner: string): Books.Books {
    const books = this.#byOwner.get(owner) ?? Books.make()
    this.#byOwner.set(owner, books)
    return books
  }
}

const shownPrice = (price: BigDecimal.BigDecimal): Amount.Amount =>
  Amount.write(BigDecimal.round(price, { scale: SHOWN_SCALE, mode: "half-even" }))

const flat: Holding = { size: "0", realizedPnl: "0" }

const assetOf = ({ instrument }: Books.Account): string => instrument.settle ?? instrument.quote

const middleOf = (view: OrderBook.BookView | undefined): number | undefined => {
  if (view?.state !== "live") return undefined
  const [bid, ask] = [view.book.bestBid(), view.book.bestAsk()]
  return bid === undefined || ask === undefined ? undefined : (bid[0] + ask[0]) / 2
}

const shown = (sums: ReadonlyMap<string, BigDecimal.BigDecimal>): ByAsset =>
  Object.fromEntries(
    [...sums].filter(([, sum]) => !BigDecimal.isZero(sum)).map(([asset, sum]) => [asset, Amount.write(sum)])
  )
