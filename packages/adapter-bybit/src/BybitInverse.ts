/**
 * Bybit inverse at a glance: perpetual and dated contracts that are priced in USD and settle in their coin. A size is an
 * amount of USD; everything else is as on linear.
 * Source: docs/venues/bybit.md, "Channels", "Sizes of inverse contracts".
 */
import { BybitLinear } from "./BybitLinear.ts"
import type { Market } from "./market.ts"

export const BybitInverse: Market = {
  ...BybitLinear,
  id: "bybit-inverse",
  category: "inverse",
  sizeUnit: "quote",
  settled: [{}],
  modeSymbol: "BTCUSD",
  feeAsset: (symbol) => symbol.split("USD")[0]
}
