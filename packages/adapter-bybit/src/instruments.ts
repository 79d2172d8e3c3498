/**
 * The instruments of a market, page by page. An instrument that cannot be read is left out and counted; it costs none of
 * the others. Amounts are the venue's digits without trailing zeros.
 *
 * Ends when the venue names no next page, or one that it has named before; what has been read by then is what there is.
 * Source: docs/venues/bybit.md, "Instruments".
 */
import { Decimal, type Instrument, type Rest, UnifiedSymbol, type VenueError } from "@tidewire/core"
import { Effect, Option, Schema } from "effect"
import { READ_WEIGHT } from "./limits.ts"
import type { Market } from "./market.ts"
import { orderRules } from "./orderRules.ts"
import * as wire from "./wire.ts"

/** The instruments that could be read, and how many could not. */
export interface Listing {
  readonly instruments: ReadonlyArray<Instrument.Instrument>
  readonly skipped: number
}

/** The most that one page has. */
const PAGE = 1000

const statuses: Readonly<Record<string, Instrument.Instrument["status"]>> = {
  PreLaunch: "preparing",
  Trading: "trading",
  Settling: "settling",
  Delivering: "settling",
  Closed: "closed"
}

const decode = Schema.decodeUnknownOption(wire.Instrument)

const read = (
  { readContract, sizeUnit }: Market,
  venue: string,
  row: typeof wire.Instrument.Type
): Instrument.Instrument | undefined => {
  const { lotSizeFilter, priceFilter, symbol } = row
  const contract = readContract(row)
  const lotSize = lotSizeFilter.qtyStep || lotSizeFilter.basePrecision
  const minNotional = lotSizeFilter.minNotionalValue || lotSizeFilter.minOrderAmt
  if (contract === undefined || !lotSize) return undefined
  const { base, kind, quote, settle } = contract
  const rules = orderRules(row)
  return {
    venue,
    symbol,
    unified: UnifiedSymbol.of(contract),
    base,
    quote,
    ...(settle !== undefined && { settle }),
    kind,
    tickSize: Decimal.trimmed(priceFilter.tickSize),
    lotSize: Decimal.trimmed(lotSize),
    ...(minNotional && { minNotional: Decimal.trimmed(minNotional) }),
    ...(rules !== undefined && { orderRules: rules }),
    contractSize: "1",
    sizeUnit,
    status: statuses[row.status] ?? "halted"
  }
}

export const list = (market: Market, rest: Rest.Rest, venue: string): Effect.Effect<Listing, VenueError.VenueError> =>
  Effect.gen(function* () {
    const instruments: Array<Instrument.Instrument> = []
    let skipped = 0
    const seen = new Set<string>()
    let cursor: string | undefined
    do {
      const parameters = { category: market.category, limit: PAGE, cursor }
      const { result } = yield* rest.get("/v5/market/instruments-info", parameters, wire.Instruments, READ_WEIGHT)
      for (const row of result.list) {
        const decoded = Option.getOrUndefined(decode(row))
        const instrument = decoded === undefined ? undefined : read(market, venue, decoded)
        if (instrument === undefined) skipped++
        else instruments.push(instrument)
      }
      cursor = result.nextPageCursor
      if (cursor === undefined || seen.has(cursor)) break
      seen.add(cursor)
    } while (cursor !== "")
    return { instruments, skipped }
  })
