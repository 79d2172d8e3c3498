/**
 * What sums of several assets are worth in one of them, at the latest prices that were told. Exact decimals.
 *
 * An asset without a price in the currency has no value here, and is named.
 */
import { Amount, type Event, type Instrument } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"

const ZERO = BigDecimal.fromBigInt(0n)

export class Valuation {
  readonly currency: string
  readonly #instrument: (venue: string, symbol: string) => Instrument.Instrument | undefined
  /** Of a base in the currency, as the market told it last. */
  readonly #prices = new Map<string, number>()
  readonly unvalued = new Set<string>()

  constructor(currency: string, instrument: (venue: string, symbol: string) => Instrument.Instrument | undefined) {
    this.currency = currency
    this.#instrument = instrument
  }

  trade({ price, symbol, venue }: Event.Trade): void {
    this.#told(venue, symbol, price)
  }

  quote({ ask, bid, symbol, venue }: Event.Quote): void {
    if (bid > 0 && ask > 0) this.#told(venue, symbol, (bid + ask) / 2)
  }

  value(sums: Readonly<Record<string, Amount.Amount>>): BigDecimal.BigDecimal {
    let total = ZERO
    for (const [asset, amount] of Object.entries(sums)) {
      const exact = BigDecimal.fromStringUnsafe(amount)
      const price = asset === this.currency ? 1 : this.#prices.get(asset)
      if (price === undefined) this.unvalued.add(asset)
      else total = BigDecimal.sum(total, BigDecimal.multiply(exact, BigDecimal.fromNumberUnsafe(price)))
    }
    return total
  }

  #told(venue: string, symbol: string, price: number): void {
    const instrument = this.#instrument(venue, symbol)
    if (instrument?.quote === this.currency && price > 0) this.#prices.set(instrument.base, price)
  }
}
