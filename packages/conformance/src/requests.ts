/** Orders as cards ask for them, and the exact arithmetic that their amounts need. */
import { Amount, type Order } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"
import type { Terms } from "./TradingExchange.ts"

const number = (amount: Amount.Amount): BigDecimal.BigDecimal => BigDecimal.fromStringUnsafe(amount)

export const sum = (...amounts: ReadonlyArray<Amount.Amount>): Amount.Amount =>
  Amount.write(BigDecimal.sumAll(amounts.map(number)))

export const half = (amount: Amount.Amount): Amount.Amount =>
  Amount.write(BigDecimal.multiply(number(amount), number("0.5")))

/** Which order is meant. */
export const reference = (symbol: string, clientOrderId: string): Order.Reference => ({ symbol, clientOrderId })

/** A buy far below the market, where it rests. */
export const resting = (symbol: string, clientOrderId: string, { below, size }: Terms): Order.Request => ({
  ...reference(symbol, clientOrderId),
  side: "buy",
  kind: "limit",
  size,
  price: below
})

/** A buy at the best bid, where others may meet it. */
export const atTheBid = (symbol: string, clientOrderId: string, terms: Terms): Order.Request => ({
  ...resting(symbol, clientOrderId, terms),
  price: terms.bid
})

export const atMarket = (
  symbol: string,
  clientOrderId: string,
  { size }: Pick<Terms, "size">,
  side: Order.Side = "buy"
): Order.Request => ({ ...reference(symbol, clientOrderId), side, kind: "market", size })
