/**
 * The venue's filters as rules of orders. A bound of 0, or an empty one, is none.
 * Source: docs/venues/bybit.md, "Instruments".
 */
import { Decimal, type Instrument, Sparse } from "@tidewire/core"
import type * as wire from "./wire.ts"

/** Active orders of a contract; of spot no number is told. */
const MOST_OPEN = 500

export const orderRules = ({
  contractType,
  lotSizeFilter: lot,
  priceFilter: price
}: typeof wire.Instrument.Type): Instrument.OrderRules | undefined => {
  const isContract = contractType !== undefined
  const largest = bound(lot.maxMktOrderQty ?? lot.maxMarketOrderQty)
  const rules = Sparse.of<Instrument.OrderRules>({
    minPrice: bound(price.minPrice),
    maxPrice: bound(price.maxPrice),
    priceOrigin: undefined,
    // spot's is deprecated: the least worth counts there
    minSize: isContract ? bound(lot.minOrderQty) : undefined,
    maxSize: bound(lot.maxLimitOrderQty ?? lot.maxOrderQty),
    sizeOrigin: undefined,
    market: largest === undefined ? undefined : { maxSize: largest },
    maxOpenOrders: isContract ? MOST_OPEN : undefined
  })
  return Object.keys(rules).length === 0 ? undefined : rules
}

const bound = (text: string | undefined): string | undefined =>
  text === undefined || text === "" || Number(text) === 0 ? undefined : Decimal.trimmed(text)
