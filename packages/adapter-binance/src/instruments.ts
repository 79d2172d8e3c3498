/**
 * The instruments of a market from `exchangeInfo`. An instrument that cannot be read is left out and counted; it costs
 * none of the others. Amounts are the venue's digits without trailing zeros.
 * Source: docs/venues/binance.md, "Instruments".
 */
import { Decimal, type Instrument, type Rest, UnifiedSymbol, type VenueError } from "@tidewire/core"
import { Effect, Option, Schema } from "effect"
import type { Listing } from "./market.ts"
import { orderRules, type Origin } from "./orderRules.ts"
import type { Weights } from "./weights.ts"
import * as wire from "./wire.ts"

const statuses: Readonly<Record<string, Instrument.Instrument["status"]>> = {
  PRE_TRADING: "preparing",
  PENDING_TRADING: "preparing",
  TRADING: "trading",
  HALT: "halted",
  BREAK: "halted",
  AUCTION_MATCH: "halted",
  POST_TRADING: "halted",
  END_OF_DAY: "halted",
  PRE_SETTLE: "settling",
  SETTLING: "settling",
  PRE_DELIVERING: "settling",
  DELIVERING: "settling",
  DELIVERED: "closed",
  CLOSE: "closed"
}

/** The delivery date of contracts that are never delivered: 25 December 2100, 08:00 UTC. */
const NEVER = 4_133_404_800_000

type Filters = (typeof wire.SpotInstrument.Type)["filters"]

/** Tick, step, least value and the rules of orders; `undefined` without the first two. */
const grid = (filters: Filters, origin: Origin) => {
  const find = (...types: ReadonlyArray<string>) => filters.find((filter) => types.includes(filter.filterType))
  const tickSize = find("PRICE_FILTER")?.tickSize
  const lotSize = find("LOT_SIZE")?.stepSize
  const least = find("NOTIONAL", "MIN_NOTIONAL")
  const minNotional = least?.minNotional ?? least?.notional
  const rules = orderRules(filters, origin)
  return tickSize === undefined || lotSize === undefined
    ? undefined
    : {
        tickSize: Decimal.trimmed(tickSize),
        lotSize: Decimal.trimmed(lotSize),
        ...(minNotional !== undefined && { minNotional: Decimal.trimmed(minNotional) }),
        ...(rules !== undefined && { orderRules: rules })
      }
}

const readSpot = (venue: string, row: typeof wire.SpotInstrument.Type): Instrument.Instrument | undefined => {
  const sizes = grid(row.filters, "zero")
  const { symbol, baseAsset: base, quoteAsset: quote } = row
  const status = statuses[row.status] ?? "halted"
  const traits = { kind: "spot", contractSize: "1", sizeUnit: "base", status } as const
  return sizes && { venue, symbol, unified: UnifiedSymbol.of({ base, quote }), base, quote, ...traits, ...sizes }
}

const readUsdm = (venue: string, row: typeof wire.UsdmInstrument.Type): Instrument.Instrument | undefined => {
  const sizes = grid(row.filters, "least")
  const { symbol, baseAsset: base, quoteAsset: quote, marginAsset: settle } = row
  // a contract before its listing has no type yet, but its date
  const perpetual = row.contractType === "" ? row.deliveryDate === NEVER : row.contractType.includes("PERPETUAL")
  const contract = { base, quote, settle, ...(!perpetual && { delivery: row.deliveryDate }) }
  const status = statuses[row.status] ?? "halted"
  const traits = { kind: perpetual ? "perpetual" : "future", contractSize: "1", sizeUnit: "base", status } as const
  return sizes && { venue, symbol, unified: UnifiedSymbol.of(contract), base, quote, settle, ...traits, ...sizes }
}

const list =
  <A, I>(
    path: string,
    schema: Schema.Codec<A, I>,
    read: (venue: string, row: A) => Instrument.Instrument | undefined
  ) =>
  (rest: Rest.Rest, weights: Weights, venue: string): Effect.Effect<Listing, VenueError.VenueError> => {
    const decode = Schema.decodeUnknownOption(schema)
    return Effect.map(rest.get(path, {}, wire.ExchangeInfo, weights.instruments), ({ symbols }) => {
      const instruments = symbols.flatMap((row) => {
        const decoded = Option.getOrUndefined(decode(row))
        const instrument = decoded === undefined ? undefined : read(venue, decoded)
        return instrument === undefined ? [] : [instrument]
      })
      return { instruments, skipped: symbols.length - instruments.length }
    })
  }

export const spotInstruments = list("/api/v3/exchangeInfo", wire.SpotInstrument, readSpot)

export const usdmInstruments = list("/fapi/v1/exchangeInfo", wire.UsdmInstrument, readUsdm)
