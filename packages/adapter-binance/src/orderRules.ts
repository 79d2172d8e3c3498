/**
 * The venue's filters as rules of orders. A bound of 0 is one that the venue has switched off.
 * Source: docs/venues/binance.md, "Instruments".
 */
import { Decimal, type Instrument, Sparse } from "@tidewire/core"
import type * as wire from "./wire.ts"

type Filters = (typeof wire.SpotInstrument.Type)["filters"]

/** What futures count prices and sizes from: their least ones. Spot counts from 0. */
export type Origin = "zero" | "least"

export const orderRules = (filters: Filters, origin: Origin): Instrument.OrderRules | undefined => {
  const find = (type: string) => filters.find(({ filterType }) => filterType === type)
  const price = find("PRICE_FILTER")
  const size = find("LOT_SIZE")
  const market = find("MARKET_LOT_SIZE")
  const most = find("MAX_NUM_ORDERS")
  const marketRules = Sparse.of<NonNullable<Instrument.OrderRules["market"]>>({
    lotSize: bound(market?.stepSize),
    minSize: bound(market?.minQty),
    maxSize: bound(market?.maxQty)
  })
  const rules = Sparse.of<Instrument.OrderRules>({
    minPrice: bound(price?.minPrice),
    maxPrice: bound(price?.maxPrice),
    priceOrigin: origin === "least" ? bound(price?.minPrice) : undefined,
    minSize: bound(size?.minQty),
    maxSize: bound(size?.maxQty),
    sizeOrigin: origin === "least" ? bound(size?.minQty) : undefined,
    market: Object.keys(marketRules).length === 0 ? undefined : marketRules,
    maxOpenOrders: most?.maxNumOrders ?? most?.limit
  })
  return Object.keys(rules).length === 0 ? undefined : rules
}

const bound = (text: string | undefined): string | undefined =>
  text === undefined || Number(text) === 0 ? undefined : Decimal.trimmed(text)
