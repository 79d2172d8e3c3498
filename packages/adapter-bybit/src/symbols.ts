/**
 * What a symbol stands for: the assets of an instrument, and its kind. Symbols are upper case everywhere, in topics as in
 * payloads and REST.
 * Source: docs/venues/bybit.md, "Symbols" and "Instruments".
 */
import type { Instrument, UnifiedSymbol } from "@tidewire/core"
import type * as wire from "./wire.ts"

export interface Contract extends UnifiedSymbol.Contract {
  readonly kind: Instrument.Instrument["kind"]
}

export type ReadContract = (row: typeof wire.Instrument.Type) => Contract | undefined

/** `BTC/USDT` */
export const spotContract: ReadContract = ({ baseCoin: base, quoteCoin: quote }) => ({ kind: "spot", base, quote })

/** `BTC/USDT:USDT`, `BTC/USDC:USDC`, `BTC/USD:BTC`; with the day of delivery where it has one. */
export const settledContract: ReadContract = (row) => {
  const { baseCoin: base, contractType = "", deliveryTime = "", quoteCoin: quote, settleCoin: settle } = row
  if (settle === undefined) return undefined
  if (contractType.endsWith("Perpetual")) return { kind: "perpetual", base, quote, settle }
  const delivery = Number(deliveryTime)
  return contractType.endsWith("Futures") && delivery > 0
    ? { kind: "future", base, quote, settle, delivery }
    : undefined
}
