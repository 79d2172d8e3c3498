/** The wire protocol of each market. */
import { binance } from "./binance/protocol.ts"
import { bybit } from "./bybit/protocol.ts"
import type { MarketKind } from "./market/definition.ts"
import type { Protocol } from "./Protocol.ts"

export const protocolOf: Readonly<Record<MarketKind, Protocol>> = {
  spot: binance,
  usdm: binance,
  "bybit-spot": bybit,
  "bybit-linear": bybit,
  "bybit-inverse": bybit
}

/** Each once; asked in this order whose a path is. */
export const protocols: ReadonlyArray<Protocol> = [bybit, binance]
