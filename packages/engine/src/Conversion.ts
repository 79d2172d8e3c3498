/**
 * What an amount of one asset is worth in another, by the last prices of the instruments between the two: good enough to
 * limit a loss by, not to keep books in.
 *
 * Assumption: the dollar coins (`DOLLARS`) are worth the same. An asset that has no price is worth `undefined`, never 0.
 */
import type { Instrument } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"

const DOLLARS: ReadonlySet<string> = new Set(["USD", "USDT", "USDC", "FDUSD", "TUSD", "BUSD", "DAI", "USDE", "USD1"])

const ONE = BigDecimal.fromBigInt(1n)

export interface ConversionSetup {
  /** What is converted to. */
  readonly currency: string
  /** All of them, of all venues: read when an asset is first asked for. */
  readonly instruments: () => Iterable<Instrument.Instrument>
  readonly price: (venue: string, symbol: string) => number | undefined
}

export class Conversion {
  readonly #setup: ConversionSetup
  /** The instruments that say what an asset is worth, spot before contracts. */
  readonly #ways = new Map<string, ReadonlyArray<Instrument.Instrument>>()

  constructor(setup: ConversionSetup) {
    this.#setup = setup
  }

  /** What one unit is worth; `undefined` when nobody has told. */
  rate(asset: string): BigDecimal.BigDecimal | undefined {
    if (this.#isSame(asset)) return ONE
    for (const { symbol, venue } of this.#waysOf(asset)) {
      const price = this.#setup.price(venue, symbol)
      if (price !== undefined && price > 0) return BigDecimal.fromNumberUnsafe(price)
    }
    return undefined
  }

  #isSame(asset: string): boolean {
    const { currency } = this.#setup
    return asset === currency || (DOLLARS.has(asset) && DOLLARS.has(currency))
  }

  #waysOf(asset: string): ReadonlyArray<Instrument.Instrument> {
    const known = this.#ways.get(asset)
    if (known !== undefined) return known
    const ways = [...this.#setup.instruments()]
      .filter(({ base, quote }) => base === asset && this.#isSame(quote))
      .toSorted((left, right) => Number(right.kind === "spot") - Number(left.kind === "spot"))
    this.#ways.set(asset, ways)
    return ways
  }
}
