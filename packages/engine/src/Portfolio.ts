/**
 * What all fills and funding payments of an engine come to: holdings, profits and losses, fees by asset, for each strategy and
 * in all. Exact decimals; nothing here is a float.
 *
 * Guarantees: a fill is counted once by venue, symbol and id, however often it is told, of the latest `REMEMBERED` of its
 * symbol; the holdings of strategies, with those of nobody (`UNOWNED`), add up to the account's. Holdings of an account are
 * what its fills make of it since the portfolio began: what was there before is not known here, but told by `position` events.
 */
import { Amount, type Instrument, type PrivateEvent } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"
import * as HoldingOf from "./Holding.ts"
import type { Holding } from "./Strategy.ts"

/** Whose the fills of orders are that no strategy placed. */
export const UNOWNED = ""

/** Fills of one symbol that are known again: more than a venue tells anew after a break. */
const REMEMBERED = 10_000

const ZERO = BigDecimal.fromBigInt(0n)

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

export type PriceSource = "mark" | "quote" | "trade"

const RANKS: Record<PriceSource, number> = { mark: 2, quote: 1, trade: 0 }

/** As the market told it; made exact when it is needed. */
interface Price {
  price: number
  rank: number
}

interface Account {
  readonly venue: string
  readonly instrument: Instrument.Instrument
  holding: HoldingOf.Holding
  turnover: BigDecimal.BigDecimal
  fills: number
}

/** One owner's books. */
interface Books {
  /** By venue and symbol. */
  readonly accounts: Map<string, Account>
  readonly fees: Map<string, BigDecimal.BigDecimal>
  readonly funding: Map<string, BigDecimal.BigDecimal>
}

const keyOf = (venue: string, symbol: string): string => `${venue}\n${symbol}`

const newBooks = (): Books => ({ accounts: new Map(), fees: new Map(), funding: new Map() })

export class Portfolio {
  readonly #instrument: (venue: string, symbol: string) => Instrument.Instrument | undefined
  readonly #all = newBooks()
  readonly #byOwner = new Map<string, Books>()
  /** By venue and symbol. */
  readonly #prices = new Map<string, Map<string, Price>>()
  /** Ids of fills that were counted, oldest first, by venue and symbol. */
  readonly #counted = new Map<string, Set<string>>()
  /** Fills of instruments that are not known: they cannot be valued, and are told here rather than lost. */
  unvalued = 0

  constructor(instrument: (venue: string, symbol: string) => Instrument.Instrument | undefined) {
    this.#instrument = instrument
  }

  /** Takes a fill; false when it had been counted, or its instrument is not known. */
  fill(fill: PrivateEvent.Fill): boolean {
    const key = keyOf(fill.venue, fill.symbol)
    if (!this.#isNew(key, fill.id)) return false
    const instrument = this.#instrument(fill.venue, fill.symbol)
    if (instrument === undefined) {
      this.unvalued++
      return false
    }
    const size = BigDecimal.fromStringUnsafe(fill.size)
    const price = BigDecimal.fromStringUnsafe(fill.price)
    const signed = fill.side === "buy" ? size : BigDecimal.negate(size)
    for (const books of [this.#all, this.#of(fill.strategy ?? UNOWNED)]) {
      const account = accountOf(books, key, fill.venue, instrument)
      account.holding = HoldingOf.fill(instrument, account.holding, signed, price)
      account.turnover = BigDecimal.sum(account.turnover, size)
      account.fills++
      if (fill.fee !== undefined && fill.feeAsset !== undefined) add(books.fees, fill.feeAsset, fill.fee)
    }
    return true
  }

  /** Takes a funding payment: the account's, and no strategy's, because a venue pays for the net position. */
  funding({ amount, asset }: PrivateEvent.Funding): void {
    add(this.#all.funding, asset, amount)
    add(this.#of(UNOWNED).funding, asset, amount)
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
    const account = books?.accounts.get(keyOf(venue, symbol))
    return account === undefined ? flat : this.#shown(account)
  }

  /** Of one owner, or of all. */
  summary(owner?: string): Summary {
    const books = (owner === undefined ? this.#all : this.#byOwner.get(owner)) ?? newBooks()
    const realized = new Map<string, BigDecimal.BigDecimal>()
    const unrealized = new Map<string, BigDecimal.BigDecimal>()
    const net = new Map<string, BigDecimal.BigDecimal>()
    const rows: Array<Row> = []
    for (const account of books.accounts.values()) {
      const { fills, instrument, turnover, venue } = account
      const asset = instrument.settle ?? instrument.quote
      const row = this.#shown(account)
      rows.push({
        venue,
        symbol: instrument.symbol,
        asset,
        turnover: Amount.write(turnover),
        fills,
        ...row
      })
      for (const sums of [realized, net]) add(sums, asset, row.realizedPnl)
      if (row.unrealizedPnl !== undefined) for (const sums of [unrealized, net]) add(sums, asset, row.unrealizedPnl)
    }
    for (const [asset, fee] of books.fees) add(net, asset, Amount.write(BigDecimal.negate(fee)))
    for (const [asset, amount] of books.funding) add(net, asset, Amount.write(amount))
    return {
      rows,
      realizedPnl: shown(realized),
      unrealizedPnl: shown(unrealized),
      fees: shown(books.fees),
      funding: shown(books.funding),
      netPnl: shown(net)
    }
  }

  /** Everybody who has had a fill or a payment. */
  owners(): ReadonlyArray<string> {
    return [...this.#byOwner.keys()]
  }

  #shown({ holding, instrument, venue }: Account): Holding {
    const told = this.#prices.get(venue)?.get(instrument.symbol)
    const price = told === undefined ? undefined : BigDecimal.fromNumberUnsafe(told.price)
    const average = HoldingOf.averagePrice(instrument, holding)
    return {
      size: Amount.write(holding.size),
      ...(average !== undefined && { averagePrice: shownPrice(average) }),
      realizedPnl: Amount.write(HoldingOf.realized(holding)),
      ...(price !== undefined && { unrealizedPnl: Amount.write(HoldingOf.unrealized(instrument, holding, price)) })
    }
  }

  #isNew(key: string, id: string): boolean {
    const counted = this.#counted.get(key) ?? new Set<string>()
    this.#counted.set(key, counted)
    if (counted.has(id)) return false
    counted.add(id)
    if (counted.size > REMEMBERED) counted.delete(counted.values().next().value!)
    return true
  }

  #of(owner: string): Books {
    const books = this.#byOwner.get(owner) ?? newBooks()
    this.#byOwner.set(owner, books)
    return books
  }
}

const shownPrice = (price: BigDecimal.BigDecimal): Amount.Amount =>
  Amount.write(BigDecimal.round(price, { scale: SHOWN_SCALE, mode: "half-even" }))

const flat: Holding = { size: "0", realizedPnl: "0" }

const accountOf = ({ accounts }: Books, key: string, venue: string, instrument: Instrument.Instrument): Account => {
  const account = accounts.get(key) ?? { venue, instrument, holding: HoldingOf.empty, turnover: ZERO, fills: 0 }
  accounts.set(key, account)
  return account
}

const add = (sums: Map<string, BigDecimal.BigDecimal>, asset: string, amount: Amount.Amount): void => {
  sums.set(asset, BigDecimal.sum(sums.get(asset) ?? ZERO, BigDecimal.fromStringUnsafe(amount)))
}

const shown = (sums: ReadonlyMap<string, BigDecimal.BigDecimal>): ByAsset =>
  Object.fromEntries(
    [...sums].filter(([, sum]) => !BigDecimal.isZero(sum)).map(([asset, sum]) => [asset, Amount.write(sum)])
  )
