/**
 * What sums of several assets are worth in one of them, at the latest prices that were told. Exact decimals.
 *
 * An asset without a price in the currency has no value here, and is named.
 */
import { Amount, type Event, type Instrument } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"

const ZERO = BigDecimal.fromBigInt(0n)
const ONE = BigDecimal.fromBigInt(1n)
const HALF = BigDecimal.fromStringUnsafe("0.5")

export class Valuation {
  readonly currency: string
  readonly #instrument: (venue: string, symbol: string) => Instrument.Instrument | undefined
  /** Of a base in the currency, as the market told it last: bid and ask, or twice what traded. */
  readonly #prices = new Map<string, readonly [number, number]>()
  readonly unvalued = new Set<string>()

  constructor(currency: string, instrument: (venue: string, symbol: string) => Instrument.Instrument | undefined) {
    this.currency = currency
    this.#instrument = instrument
  }

  trade({ price, symbol, venue }: Event.Trade): void {
    this.#told(venue, symbol, [price, price])
  }

  quote({ ask, bid, symbol, venue }: Event.Quote): void {
    if (bid > 0 && ask > 0) this.#told(venue, symbol, [bid, ask])
  }

  value(sums: Readonly<Record<string, Amount.Amount>>): BigDecimal.BigDecimal {
    let total = ZERO
    for (const [asset, amount] of Object.entries(sums)) {
      const exact = BigDecimal.fromStringUnsafe(amount)
      const price = asset === this.currency ? ONE : this.#price(asset)
      if (price === undefined) this.unvalued.add(asset)
      else total = BigDecimal.sum(total, BigDecimal.multiply(exact, price))
    }
    return total
  }

  /** The middle, exactly. */
  #price(asset: string): BigDecimal.BigDecimal | undefined {
    const prices = this.#prices.get(asset)
    if (prices === undefined) return undefined
    const [bid, ask] = prices
    return BigDecimal.multiply(BigDecimal.sum(BigDecimal.fromNumberUnsafe(bid), BigDecimal.fromNumberUnsafe(ask)), HALF)
  }

  #told(venue: string, symbol: string, prices: readonly [number, number]): void {
    const instrument = this.#instrument(venue, symbol)
    if (instrument?.quote === this.currency && prices[0] > 0) this.#prices.set(instrument.base, prices)
  }
}
