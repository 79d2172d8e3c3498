/**
 * What a fill costs. Rates are fractions of the fill's worth (0.001 is ten basis points), negative for a rebate.
 * Assumption: spot pays in what is received (base of a purchase, quote of a sale), contracts in what they settle in; no
 * discounts for the venue's own coin.
 */
import type { Instrument, Order } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"
import * as HoldingOf from "../Holding.ts"

export type Liquidity = "maker" | "taker"

export interface Fee {
  readonly asset: string
  readonly amount: BigDecimal.BigDecimal
}

export interface Fees {
  readonly of: (
    instrument: Instrument.Instrument,
    side: Order.Side,
    size: BigDecimal.BigDecimal,
    price: BigDecimal.BigDecimal,
    liquidity: Liquidity
  ) => Fee
}

/** Digits that a venue keeps of a fee. */
const SCALE = 8

export const rates = (maker: string, taker: string): Fees => {
  const byLiquidity = { maker: BigDecimal.fromStringUnsafe(maker), taker: BigDecimal.fromStringUnsafe(taker) }
  return {
    of: (instrument, side, size, price, liquidity) => {
      const isInBase = instrument.kind === "spot" && side === "buy"
      const worth = isInBase ? size : BigDecimal.abs(BigDecimal.multiply(size, HoldingOf.worth(instrument, price)))
      const amount = BigDecimal.multiply(worth, byLiquidity[liquidity])
      return {
        asset: isInBase ? instrument.base : (instrument.settle ?? instrument.quote),
        amount: BigDecimal.round(amount, { scale: SCALE, mode: "half-even" })
      }
    }
  }
}
