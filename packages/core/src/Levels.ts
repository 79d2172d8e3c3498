/**
 * Levels of a book: pairs of decimal texts in, `[price, size]` best first out.
 *
 * Venues do not promise an order (some send bids ascending), so the order is made here: nothing to do where it
 * holds, a reversal where it is the opposite, a stable sort where it is neither; levels of one price keep their order.
 */
import * as Decimal from "./Decimal.ts"
import type { Level } from "./Event.ts"
import { notNegative, positive, reason } from "./Field.ts"
import type { DecodeSink } from "./SocketVenue.ts"

/** Bids are best first when they descend, asks when they ascend. */
export type Side = "bids" | "asks"

/** The levels, or the reason why they cannot be read. */
export const read = (raw: unknown, side: Side): Array<Level> | string => {
  if (!Array.isArray(raw)) return reason(side, "levels", raw)
  const found: Array<Level> = []
  let ascending = true
  let descending = true
  let last = Number.NaN
  for (let index = 0; index < raw.length; index++) {
    const pair: unknown = raw[index]
    if (!Array.isArray(pair) || pair.length !== 2) return reason(`${side}[${index}]`, "a price and a size", pair)
    const price = positive(pair[0])
    const size = notNegative(pair[1])
    if (price !== price) return reason(`${side}[${index}][0]`, "a price above 0", pair[0])
    if (size !== size) return reason(`${side}[${index}][1]`, "a size of 0 or more", pair[1])
    if (price <= last) ascending = false
    if (price >= last) descending = false
    last = price
    found.push([price, size])
  }
  if (side === "bids" ? descending : ascending) return found
  if (side === "bids" ? ascending : descending) return found.reverse()
  return found.sort(side === "bids" ? (left, right) => right[0] - left[0] : (left, right) => left[0] - right[0])
}

type Pairs = ReadonlyArray<readonly [string, string]>

/** The texts that a float64 does not hold, under `bids[3][1]`: the places they have in the event. */
export const inexact = (
  sink: Pick<DecodeSink, "inexact">,
  bids: unknown,
  asks: unknown
): Record<string, string> | undefined => {
  if (allExact(bids as Pairs) && allExact(asks as Pairs)) return undefined
  const exact: Record<string, string> = {}
  collect(sink, exact, "bids", bids as Pairs)
  collect(sink, exact, "asks", asks as Pairs)
  return exact
}

const allExact = (pairs: Pairs): boolean => {
  for (const pair of pairs) if (!Decimal.isExact(pair[0]) || !Decimal.isExact(pair[1])) return false
  return true
}

/** Sorting the texts as the levels were sorted, stably by price, puts them where the levels are. */
const collect = (sink: Pick<DecodeSink, "inexact">, exact: Record<string, string>, side: Side, pairs: Pairs): void => {
  const sign = side === "bids" ? -1 : 1
  const ordered = pairs.toSorted((left, right) => sign * (Decimal.parse(left[0]) - Decimal.parse(right[0])))
  for (const [index, pair] of ordered.entries()) {
    for (const place of [0, 1] as const) {
      if (Decimal.isExact(pair[place])) continue
      exact[`${side}[${index}][${place}]`] = pair[place]
      sink.inexact()
    }
  }
}
