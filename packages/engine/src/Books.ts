/** The books of one owner, or of all: what a portfolio is made of. */
import type { Amount, Instrument } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"
import * as HoldingOf from "./Holding.ts"

export const ZERO = BigDecimal.fromBigInt(0n)

/** Sums by asset. */
export type Sums = Map<string, BigDecimal.BigDecimal>

/** One instrument on one venue. */
export interface Account {
  readonly venue: string
  readonly instrument: Instrument.Instrument
  holding: HoldingOf.Holding
  /** How much was bought and sold, in the unit of the instrument. */
  turnover: BigDecimal.BigDecimal
  fills: number
}

export interface Books {
  /** By venue and symbol. */
  readonly accounts: Map<string, Account>
  readonly fees: Sums
  readonly funding: Sums
}

export const make = (): Books => ({ accounts: new Map(), fees: new Map(), funding: new Map() })

export const keyOf = (venue: string, symbol: string): string => `${venue}\n${symbol}`

export const accountOf = ({ accounts }: Books, venue: string, instrument: Instrument.Instrument): Account => {
  const key = keyOf(venue, instrument.symbol)
  const account = accounts.get(key) ?? { venue, instrument, holding: HoldingOf.empty, turnover: ZERO, fills: 0 }
  accounts.set(key, account)
  return account
}

export const add = (sums: Sums, asset: string, amount: BigDecimal.BigDecimal | Amount.Amount): void => {
  const addend = typeof amount === "string" ? BigDecimal.fromStringUnsafe(amount) : amount
  sums.set(asset, BigDecimal.sum(sums.get(asset) ?? ZERO, addend))
}
