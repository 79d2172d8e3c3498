/**
 * `exchangeInfo` of both markets, in the venue's present shape. Guarantees that the filters are those the market
 * really trades on. Numbers of limits are the documented ones.
 */
import type { MarketDefinition } from "../market/definition.ts"
import type { Market } from "../market/market.ts"

/** Rounds a price to what the market could quote and writes it with the tick's digits. */
const textOf = (value: number, step: string): string => value.toFixed((step.split(".")[1] ?? "").length)

const eight = (text: string): string => Number(text).toFixed(8)

export const spotRateLimits = (weight: number) => [
  { rateLimitType: "REQUEST_WEIGHT", interval: "MINUTE", intervalNum: 1, limit: weight },
  { rateLimitType: "ORDERS", interval: "SECOND", intervalNum: 10, limit: 100 },
  { rateLimitType: "ORDERS", interval: "DAY", intervalNum: 1, limit: 200_000 },
  { rateLimitType: "RAW_REQUESTS", interval: "MINUTE", intervalNum: 5, limit: 300_000 }
]

export const usdmRateLimits = (weight: number) => [
  { rateLimitType: "REQUEST_WEIGHT", interval: "MINUTE", intervalNum: 1, limit: weight },
  { rateLimitType: "ORDERS", interval: "MINUTE", intervalNum: 1, limit: 1200 },
  { rateLimitType: "ORDERS", interval: "SECOND", intervalNum: 10, limit: 300 }
]

export const spotSymbol = (definition: MarketDefinition) => ({
  symbol: definition.symbol,
  status: definition.status ?? "TRADING",
  baseAsset: definition.base,
  baseAssetPrecision: 8,
  quoteAsset: definition.quote,
  quotePrecision: 8,
  quoteAssetPrecision: 8,
  baseCommissionPrecision: 8,
  quoteCommissionPrecision: 8,
  orderTypes: ["LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT"],
  icebergAllowed: true,
  ocoAllowed: true,
  otoAllowed: true,
  opoAllowed: true,
  quoteOrderQtyMarketAllowed: true,
  allowTrailingStop: true,
  cancelReplaceAllowed: true,
  amendAllowed: true,
  pegInstructionsAllowed: true,
  isSpotTradingAllowed: true,
  isMarginTradingAllowed: true,
  filters: [
    {
      filterType: "PRICE_FILTER",
      minPrice: eight(definition.tickSize),
      maxPrice: eight(String(definition.price * 20)),
      tickSize: eight(definition.tickSize)
    },
    {
      filterType: "LOT_SIZE",
      minQty: eight(definition.stepSize),
      maxQty: eight(String(definition.typicalSize * 100_000)),
      stepSize: eight(definition.stepSize)
    },
    { filterType: "ICEBERG_PARTS", limit: 100 },
    {
      filterType: "MARKET_LOT_SIZE",
      minQty: "0.00000000",
      maxQty: eight(String(definition.typicalSize * 2_000)),
      stepSize: "0.00000000"
    },
    {
      filterType: "TRAILING_DELTA",
      minTrailingAboveDelta: 10,
      maxTrailingAboveDelta: 2000,
      minTrailingBelowDelta: 10,
      maxTrailingBelowDelta: 2000
    },
    {
      filterType: "PERCENT_PRICE_BY_SIDE",
      bidMultiplierUp: "5",
      bidMultiplierDown: "0.2",
      askMultiplierUp: "5",
      askMultiplierDown: "0.2",
      avgPriceMins: 5
    },
    {
      filterType: "NOTIONAL",
      minNotional: eight(definition.minNotional),
      applyMinToMarket: true,
      maxNotional: "9000000.00000000",
      applyMaxToMarket: false,
      avgPriceMins: 5
    },
    { filterType: "MAX_NUM_ORDERS", maxNumOrders: 200 },
    { filterType: "MAX_NUM_ORDER_LISTS", maxNumOrderLists: 20 },
    { filterType: "MAX_NUM_ALGO_ORDERS", maxNumAlgoOrders: 5 },
    { filterType: "MAX_NUM_ORDER_AMENDS", maxNumOrderAmends: 10 }
  ],
  permissions: [],
  permissionSets: [["SPOT", "MARGIN"]],
  defaultSelfTradePreventionMode: "EXPIRE_MAKER",
  allowedSelfTradePreventionModes: ["EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH", "DECREMENT"]
})

/** The delivery date the venue gives to contracts that have none. */
const NEVER = 4_133_404_800_000

export const usdmSymbol = (definition: MarketDefinition, market: Market | undefined) => ({
  symbol: definition.symbol,
  pair: definition.base + definition.quote,
  contractType: definition.contractType ?? "PERPETUAL",
  deliveryDate: definition.deliveryTime ?? NEVER,
  onboardDate: definition.onboardTime ?? 1_569_398_400_000,
  status: definition.status ?? "TRADING",
  maintMarginPercent: "2.5000",
  requiredMarginPercent: "5.0000",
  baseAsset: definition.base,
  quoteAsset: definition.quote,
  marginAsset: definition.quote,
  pricePrecision: definition.pricePrecision ?? market?.priceGrid.shown ?? 8,
  quantityPrecision: definition.quantityPrecision ?? market?.sizeGrid.shown ?? 8,
  baseAssetPrecision: 8,
  quotePrecision: 8,
  underlyingType: "COIN",
  underlyingSubType: [],
  triggerProtect: "0.0500",
  liquidationFee: "0.012500",
  marketTakeBound: "0.05",
  maxMoveOrderLimit: 10_000,
  filters: [
    {
      filterType: "PRICE_FILTER",
      minPrice: definition.tickSize,
      maxPrice: textOf(definition.price * 20, definition.tickSize),
      tickSize: definition.tickSize
    },
    {
      filterType: "LOT_SIZE",
      minQty: definition.stepSize,
      maxQty: textOf(definition.typicalSize * 20_000, definition.stepSize),
      stepSize: definition.stepSize
    },
    {
      filterType: "MARKET_LOT_SIZE",
      minQty: definition.stepSize,
      maxQty: textOf(definition.typicalSize * 2_000, definition.stepSize),
      stepSize: definition.stepSize
    },
    { filterType: "MAX_NUM_ORDERS", limit: 200 },
    { filterType: "MAX_NUM_ALGO_ORDERS", limit: 10 },
    { filterType: "MIN_NOTIONAL", notional: definition.minNotional },
    { filterType: "PERCENT_PRICE", multiplierUp: "1.0500", multiplierDown: "0.9500", multiplierDecimal: "4" },
    { filterType: "POSITION_RISK_CONTROL", positionControlSide: "NONE" }
  ],
  orderTypes: ["LIMIT", "MARKET", "STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET", "TRAILING_STOP_MARKET"],
  timeInForce: ["GTC", "IOC", "FOK", "GTX", "GTD"]
})
