/**
 * What a paper account has: balances of assets, and positions in contracts. Exact decimals.
 *
 * Guarantees: nothing is spent that is not there: an order holds what it may cost until it ends. Contracts need an initial
 * margin of their worth by the leverage, out of the asset they settle in; there is no liquidation, but nothing can be opened
 * on a loss that has used the margin up.
 */
import { Amount, Instrument, type Order } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"
import * as Schema from "effect/Schema"
import * as HoldingOf from "../Holding.ts"
import type { Fee } from "./Fees.ts"

const ZERO = BigDecimal.fromBigInt(0n)

interface Asset {
  total: BigDecimal.BigDecimal
  locked: BigDecimal.BigDecimal
}

/** What an open order keeps from being spent. */
export interface Hold {
  readonly asset: string
  readonly amount: BigDecimal.BigDecimal
}

/** All but what orders hold, which end with their process. */
export const WalletSnapshot = Schema.Struct({
  assets: Schema.Record(Schema.String, Amount.Amount),
  positions: Schema.Array(
    Schema.Struct({
      instrument: Instrument.Instrument,
      size: Amount.Amount,
      cash: Amount.Amount,
      entryWorth: Amount.Amount
    })
  )
})
export interface WalletSnapshot extends Schema.Schema.Type<typeof WalletSnapshot> {}

export class Wallet {
  readonly assets = new Map<string, Asset>()
  /** By symbol; contracts only. */
  readonly positions = new Map<string, { readonly instrument: Instrument.Instrument; holding: HoldingOf.Holding }>()
  readonly #leverage: BigDecimal.BigDecimal

  constructor(balances: Readonly<Record<string, string>>, leverage: number) {
    this.#leverage = BigDecimal.fromNumberUnsafe(leverage)
    for (const [asset, amount] of Object.entries(balances)) {
      this.assets.set(asset, { total: BigDecimal.fromStringUnsafe(amount), locked: ZERO })
    }
  }

  position(symbol: string): HoldingOf.Holding {
    return this.positions.get(symbol)?.holding ?? HoldingOf.empty
  }

  free(asset: string): BigDecimal.BigDecimal {
    const { locked, total } = this.#asset(asset)
    return BigDecimal.subtract(BigDecimal.subtract(total, locked), this.#margin(asset))
  }

  snapshot(): WalletSnapshot {
    return {
      assets: Object.fromEntries([...this.assets].map(([asset, { total }]) => [asset, Amount.write(total)])),
      positions: [...this.positions.values()].map(({ holding: { cash, entryWorth, size }, instrument }) => ({
        instrument,
        size: Amount.write(size),
        cash: Amount.write(cash),
        entryWorth: Amount.write(entryWorth)
      }))
    }
  }

  /** In the place of all there is. */
  restore({ assets, positions }: WalletSnapshot): void {
    this.assets.clear()
    this.positions.clear()
    const read = BigDecimal.fromStringUnsafe
    for (const [asset, total] of Object.entries(assets)) this.assets.set(asset, { total: read(total), locked: ZERO })
    for (const { cash, entryWorth, instrument, size } of positions) {
      const holding = { size: read(size), cash: read(cash), entryWorth: read(entryWorth) }
      this.positions.set(instrument.symbol, { instrument, holding })
    }
  }

  /**
   * What an order of this size may cost at this price; nothing where it only makes a position smaller, as far as other orders of
   * its side (`others`) leave something of that.
   */
  cost(
    instrument: Instrument.Instrument,
    side: Order.Side,
    size: BigDecimal.BigDecimal,
    price: BigDecimal.BigDecimal,
    others: BigDecimal.BigDecimal = ZERO
  ): Hold {
    if (instrument.kind === "spot") {
      return side === "sell"
        ? { asset: instrument.base, amount: size }
        : { asset: instrument.quote, amount: BigDecimal.multiply(size, price) }
    }
    const asset = instrument.settle ?? instrument.quote
    const held = this.position(instrument.symbol).size
    const opposite = BigDecimal.sign(held) === (side === "buy" ? -1 : 1) ? BigDecimal.abs(held) : ZERO
    const against = BigDecimal.max(BigDecimal.subtract(opposite, others), ZERO)
    const opening = BigDecimal.max(BigDecimal.subtract(size, against), ZERO)
    return { asset, amount: this.#initialMargin(instrument, opening, price) }
  }

  hold({ amount, asset }: Hold): boolean {
    if (BigDecimal.isGreaterThan(amount, this.free(asset))) return false
    const entry = this.#asset(asset)
    entry.locked = BigDecimal.sum(entry.locked, amount)
    return true
  }

  release({ amount, asset }: Hold): void {
    const entry = this.#asset(asset)
    entry.locked = BigDecimal.subtract(entry.locked, amount)
  }

  /** Books a fill and its fee; gives the assets that have changed. */
  fill(
    instrument: Instrument.Instrument,
    side: Order.Side,
    size: BigDecimal.BigDecimal,
    price: BigDecimal.BigDecimal,
    fee: Fee
  ): ReadonlySet<string> {
    const changed = new Set([fee.asset])
    this.#add(fee.asset, BigDecimal.negate(fee.amount))
    const signed = side === "buy" ? size : BigDecimal.negate(size)
    if (instrument.kind === "spot") {
      this.#add(instrument.base, signed)
      this.#add(instrument.quote, BigDecimal.negate(BigDecimal.multiply(signed, price)))
      return changed.add(instrument.base).add(instrument.quote)
    }
    const before = this.position(instrument.symbol)
    const after = HoldingOf.fill(instrument, before, signed, price)
    const earned = BigDecimal.subtract(HoldingOf.realized(after), HoldingOf.realized(before))
    this.positions.set(instrument.symbol, { instrument, holding: after })
    const asset = instrument.settle ?? instrument.quote
    this.#add(asset, earned)
    return changed.add(asset)
  }

  /** Pays or gets an amount, as funding does. */
  pay(asset: string, amount: BigDecimal.BigDecimal): void {
    this.#add(asset, amount)
  }

  #initialMargin(
    instrument: Instrument.Instrument,
    size: BigDecimal.BigDecimal,
    price: BigDecimal.BigDecimal
  ): BigDecimal.BigDecimal {
    const worth = BigDecimal.abs(BigDecimal.multiply(size, HoldingOf.worth(instrument, price)))
    return BigDecimal.round(BigDecimal.divideUnsafe(worth, this.#leverage), { scale: 8, mode: "ceil" })
  }

  /** What the positions that settle in an asset keep of it. */
  #margin(asset: string): BigDecimal.BigDecimal {
    let margin = ZERO
    for (const { holding, instrument } of this.positions.values()) {
      if ((instrument.settle ?? instrument.quote) !== asset) continue
      const entry = HoldingOf.averagePrice(instrument, holding)
      if (entry === undefined) continue
      margin = BigDecimal.sum(margin, this.#initialMargin(instrument, BigDecimal.abs(holding.size), entry))
    }
    return margin
  }

  #add(asset: string, amount: BigDecimal.BigDecimal): void {
    const entry = this.#asset(asset)
    entry.total = BigDecimal.sum(entry.total, amount)
  }

  #asset(asset: string): Asset {
    const entry = this.assets.get(asset) ?? { total: ZERO, locked: ZERO }
    this.assets.set(asset, entry)
    return entry
  }
}
