/**
 * `instruments-info` of each category, in the venue's present shape. Guarantees that the filters are those the market
 * really trades on. Source: Bybit v5 docs, "Get Instruments Info".
 */
import type { MarketDefinition, SymbolStatus } from "../market/definition.ts"
import { make as makeGrid } from "../market/grid.ts"
import type { RestContext } from "../rest/Endpoint.ts"
import { categoryOf } from "./category.ts"
import { invalid } from "./failure.ts"
import * as query from "./query.ts"

const statuses: Readonly<Record<SymbolStatus, string>> = {
  TRADING: "Trading",
  BREAK: "Closed",
  HALT: "Closed",
  SETTLING: "Settling",
  PENDING_TRADING: "PreLaunch",
  CLOSE: "Closed"
}

const statusOf = ({ status = "TRADING" }: MarketDefinition): string => statuses[status]

/** Without trailing zeros, as far as the step goes. */
const plain = (value: number, step: string): string => String(Number(value.toFixed((step.split(".")[1] ?? "").length)))

const spotRow = (definition: MarketDefinition) => ({
  symbol: definition.symbol,
  baseCoin: definition.base,
  quoteCoin: definition.quote,
  innovation: "0",
  status: statusOf(definition),
  marginTrading: "utaOnly",
  stTag: "0",
  lotSizeFilter: {
    basePrecision: definition.stepSize,
    quotePrecision: "0.0000001",
    minOrderQty: definition.stepSize,
    maxOrderQty: plain(definition.typicalSize * 20_000, definition.stepSize),
    minOrderAmt: definition.minNotional,
    maxOrderAmt: "8000000",
    maxLimitOrderQty: plain(definition.typicalSize * 20_000, definition.stepSize),
    maxMarketOrderQty: plain(definition.typicalSize * 2_000, definition.stepSize)
  },
  priceFilter: { tickSize: definition.tickSize },
  riskParameters: { priceLimitRatioX: "0.05", priceLimitRatioY: "0.05" },
  symbolType: ""
})

const contractType = ({ contractType: type, market }: MarketDefinition): string =>
  `${market === "bybit-inverse" ? "Inverse" : "Linear"}${type === "PERPETUAL" ? "Perpetual" : "Futures"}`

const futuresRow = (definition: MarketDefinition, place: number) => ({
  symbol: definition.symbol,
  symbolId: 1 + place,
  contractType: contractType(definition),
  status: statusOf(definition),
  baseCoin: definition.base,
  quoteCoin: definition.quote,
  launchTime: String(definition.onboardTime ?? 1_584_230_400_000),
  deliveryTime: String(definition.deliveryTime ?? 0),
  deliveryFeeRate: "",
  priceScale: String(definition.pricePrecision ?? makeGrid(definition.tickSize, 0).decimals),
  leverageFilter: { minLeverage: "1", maxLeverage: "100.00", leverageStep: "0.01" },
  priceFilter: {
    minPrice: definition.tickSize,
    maxPrice: plain(definition.price * 30, definition.tickSize),
    tickSize: definition.tickSize
  },
  lotSizeFilter: {
    maxOrderQty: plain(definition.typicalSize * 20_000, definition.stepSize),
    minOrderQty: definition.stepSize,
    qtyStep: definition.stepSize,
    postOnlyMaxOrderQty: plain(definition.typicalSize * 20_000, definition.stepSize),
    maxMktOrderQty: plain(definition.typicalSize * 2_000, definition.stepSize),
    minNotionalValue: definition.minNotional
  },
  unifiedMarginTrade: true,
  fundingInterval: definition.contractType === "PERPETUAL" ? 480 : 0,
  settleCoin: definition.settle ?? definition.quote,
  copyTrading: "none",
  upperFundingRate: definition.contractType === "PERPETUAL" ? "0.00375" : "",
  lowerFundingRate: definition.contractType === "PERPETUAL" ? "-0.00375" : "",
  isPreListing: false,
  preListingInfo: null,
  riskParameters: { priceLimitRatioX: "0.01", priceLimitRatioY: "0.02" },
  displayName: "",
  symbolType: ""
})

/** What orders of a market must fit. */
export const filtersOf = (
  definition: MarketDefinition
): { readonly lot: Readonly<Record<string, string>>; readonly priceRatio: string } => {
  const { lotSizeFilter, riskParameters } =
    definition.market === "bybit-spot" ? spotRow(definition) : futuresRow(definition, 0)
  return { lot: lotSizeFilter, priceRatio: riskParameters.priceLimitRatioY }
}

const cursorOf = (first: string, last: string): string => encodeURIComponent(`first=${first}&last=${last}`)

/** The symbol behind which a page begins; clients may have decoded the cursor once. */
const lastOf = (cursor: string): string => {
  // unlike decodeURIComponent this reads any text
  const decoded = cursor.includes("=") ? cursor : (new URLSearchParams(`cursor=${cursor}`).get("cursor") ?? "")
  return new URLSearchParams(decoded).get("last") ?? ""
}

/** Where the page begins. */
const placeOf = (list: ReadonlyArray<MarketDefinition>, cursor: string): number => {
  if (cursor === "") return 0
  const last = list.findIndex(({ symbol }) => symbol === lastOf(cursor))
  if (last < 0) throw invalid("cursor")
  return last + 1
}

/** Spot has no pages. Options are known and there are none. */
export const instruments = ({ venue }: RestContext, params: URLSearchParams): unknown => {
  if (params.get("category") === "option") return { category: "option", list: [], nextPageCursor: "" }
  const category = categoryOf(venue.kind)
  const symbol = params.get("symbol")
  if (symbol !== null && !venue.definitions.has(symbol)) throw invalid("symbol")
  const status = params.get("status") ?? (symbol === null ? "Trading" : undefined)
  const base = params.get("baseCoin")
  const all = [...venue.definitions.values()]
  const found = all.filter(
    (one) =>
      (symbol === null || one.symbol === symbol) &&
      (status === undefined || statusOf(one) === status) &&
      (base === null || one.base === base)
  )
  if (category === "spot") return { category, list: found.map(spotRow) }
  const limit = query.limit(params, 500, 1000)
  const from = placeOf(found, params.get("cursor") ?? "")
  const page = found.slice(from, from + limit)
  const isLast = from + limit >= found.length
  return {
    category,
    list: page.map((one) => futuresRow(one, all.indexOf(one))),
    nextPageCursor: isLast ? "" : cursorOf(page[0]!.symbol, page.at(-1)!.symbol)
  }
}
