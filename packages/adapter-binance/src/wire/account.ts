/**
 * Answers to an account's requests, over REST and the WebSocket API. Fields that are not read are not described.
 * Source: docs/venues/binance.md, "Orders" and "Reads of an account".
 */
import { Scalar } from "@tidewire/core"
import { Schema } from "effect"

const side = Schema.Literals(["BUY", "SELL"])

/** `{"symbol":"BTCUSDT","orderId":40000123,"clientOrderId":"bot-0001","transactTime":1790000000290}` */
export const Placed = Schema.Struct({ orderId: Scalar.Id })

/** `{"algoId":2000000547400625,"clientAlgoId":"bot-0003"}` */
export const AlgoPlaced = Schema.Struct({ algoId: Scalar.Id })

/** Nothing of it is read. */
export const Anything = Schema.Unknown

/** `{"symbol":"BTCUSDT","orderId":40000123,"clientOrderId":"bot-0001","price":"61250.10","origQty":"0.015","executedQty":"0","status":"NEW","timeInForce":"GTC","type":"LIMIT","side":"BUY","stopPrice":"0","time":1790000000290,"updateTime":1790000000290}`; spot adds `cummulativeQuoteQty`, futures `avgPrice`, `reduceOnly` and `origType` */
export const Order = Schema.Struct({
  symbol: Scalar.Symbol,
  orderId: Scalar.Id,
  clientOrderId: Schema.String,
  price: Scalar.NotNegative,
  origQty: Scalar.NotNegative,
  executedQty: Scalar.NotNegative,
  cummulativeQuoteQty: Schema.optionalKey(Scalar.AnyDecimal),
  avgPrice: Schema.optionalKey(Scalar.NotNegative),
  status: Schema.String,
  timeInForce: Schema.String,
  type: Schema.String,
  origType: Schema.optionalKey(Schema.String),
  side,
  stopPrice: Schema.optionalKey(Scalar.NotNegative),
  reduceOnly: Schema.optionalKey(Schema.Boolean),
  time: Schema.optionalKey(Scalar.Time),
  updateTime: Schema.optionalKey(Scalar.Time)
})
export const Orders = Schema.Array(Order)

/** `{"algoId":2000000547400625,"clientAlgoId":"bot-0003","orderType":"STOP","symbol":"BTCUSDT","side":"BUY","timeInForce":"GTC","quantity":"0.015","algoStatus":"NEW","triggerPrice":"61300","price":"61310","reduceOnly":false}` */
export const AlgoOrder = Schema.Struct({
  algoId: Scalar.Id,
  clientAlgoId: Schema.String,
  orderType: Schema.String,
  symbol: Scalar.Symbol,
  side,
  timeInForce: Schema.String,
  quantity: Scalar.NotNegative,
  algoStatus: Schema.String,
  triggerPrice: Scalar.NotNegative,
  price: Scalar.NotNegative,
  reduceOnly: Schema.optionalKey(Schema.Boolean),
  /** The order that it became; `""` before. */
  actualOrderId: Schema.optionalKey(Schema.Union([Schema.String, Scalar.Id])),
  updateTime: Schema.optionalKey(Scalar.Time)
})
export const AlgoOrders = Schema.Array(AlgoOrder)

/** `[{"symbol":"BTCUSDT","id":5550004,"orderId":40000123,"price":"61250.10","qty":"0.005","commission":"0.000005","commissionAsset":"BTC","time":1790000000308,"isBuyer":true,"isMaker":true}]`; on futures `side`, and `maker` for `isMaker` */
export const Fills = Schema.Array(
  Schema.Struct({
    symbol: Scalar.Symbol,
    id: Scalar.Id,
    orderId: Scalar.Id,
    price: Scalar.NotNegative,
    qty: Scalar.NotNegative,
    commission: Schema.optionalKey(Scalar.AnyDecimal),
    commissionAsset: Schema.optionalKey(Schema.String),
    time: Scalar.Time,
    isBuyer: Schema.optionalKey(Schema.Boolean),
    side: Schema.optionalKey(side),
    isMaker: Schema.optionalKey(Schema.Boolean),
    maker: Schema.optionalKey(Schema.Boolean)
  })
)

/** `{"balances":[{"asset":"BTC","free":"1.5","locked":"0.015"}],…}` */
export const SpotAccount = Schema.Struct({
  canTrade: Schema.optionalKey(Schema.Boolean),
  balances: Schema.Array(Schema.Struct({ asset: Schema.String, free: Scalar.AnyDecimal, locked: Scalar.AnyDecimal }))
})

/** `[{"asset":"USDT","balance":"9999.8","availableBalance":"9000.1",…}]` */
export const UsdmBalances = Schema.Array(
  Schema.Struct({
    asset: Schema.String,
    balance: Scalar.AnyDecimal,
    availableBalance: Schema.optionalKey(Scalar.AnyDecimal),
    updateTime: Schema.optionalKey(Scalar.Time)
  })
)

/** `[{"symbol":"BTCUSDT","positionSide":"BOTH","positionAmt":"0.015","entryPrice":"61250.9","unRealizedProfit":"0.0015","updateTime":1790000000318}]` */
export const Positions = Schema.Array(
  Schema.Struct({
    symbol: Scalar.Symbol,
    positionSide: Schema.Literals(["BOTH", "LONG", "SHORT"]),
    positionAmt: Scalar.AnyDecimal,
    entryPrice: Scalar.AnyDecimal,
    unRealizedProfit: Schema.optionalKey(Scalar.AnyDecimal),
    updateTime: Schema.optionalKey(Scalar.Time)
  })
)

/** `{"dualSidePosition":false}` */
export const PositionMode = Schema.Struct({ dualSidePosition: Schema.Boolean })

/** `{"listenKey":"pqia91ma19a5s61cv6a81va65sdf19v8a65a1a5s61cv6a81va65sdf19v8a65a1"}` */
export const ListenKey = Schema.Struct({ listenKey: Schema.String.check(Schema.isMinLength(1)) })

/** `{"serverTime":1790000000200}` */
export const ServerTime = Schema.Struct({ serverTime: Scalar.Time })
