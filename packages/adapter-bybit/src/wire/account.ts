/**
 * What an account is answered and told: REST, the private socket, the trade socket. Times are texts, sizes and prices `""`
 * where there are none. Fields that are not read are not described.
 * Source: docs/venues/bybit.md, "Private topics", "Orders", "Reads of an account".
 */
import { Scalar } from "@tidewire/core"
import { Schema } from "effect"

const side = Schema.Literals(["Buy", "Sell"])
const category = Schema.optionalKey(Schema.Literals(["spot", "linear", "inverse", "option"]))
const decimal = Scalar.orEmpty(Scalar.AnyDecimal)
const someDecimal = Schema.optionalKey(decimal)
const someText = Schema.optionalKey(Schema.String)

/** `"1790000000318"`: epoch milliseconds in a text. */
const TimeText = Schema.String.check(Schema.isPattern(/^\d{1,15}$/))

/** 0 one-way, 1 the long of a hedged account, 2 its short. */
const PositionIndex = Schema.Literals([0, 1, 2])

/** `{"retCode":0,"retMsg":"OK","result":{…},"retExtInfo":{},"time":1790000000200}` */
export const AccountAnswer = Schema.Struct({
  retCode: Schema.Int,
  retMsg: Schema.optionalKey(Schema.String),
  result: Schema.optionalKey(Schema.Unknown)
})

/** `{"retCode":0,"retMsg":"OK","result":{"timeSecond":"1790000000","timeNano":"1790000000200000000"},"time":1790000000200}` */
export const ServerTime = Schema.Struct({
  result: Schema.Struct({ timeNano: Schema.String.check(Schema.isPattern(/^\d{1,20}$/)) })
})

/** `{"orderId":"9d1f0000-0000-4000-8000-000000000001","orderLinkId":"bot-0003"}` */
export const Placed = Schema.Struct({ orderId: Schema.String.check(Schema.isMinLength(1)) })

/** A row of the topic `order` and of `/v5/order/realtime` and `/v5/order/history`. */
export const AccountOrder = Schema.Struct({
  category,
  symbol: Scalar.Symbol,
  orderId: Schema.String.check(Schema.isMinLength(1)),
  orderLinkId: Schema.String,
  side,
  orderType: Schema.String,
  price: decimal,
  qty: decimal,
  timeInForce: Schema.String,
  orderStatus: Schema.String,
  cancelType: someText,
  rejectReason: someText,
  avgPrice: someDecimal,
  cumExecQty: decimal,
  triggerPrice: someDecimal,
  triggerDirection: Schema.optionalKey(Schema.Int),
  reduceOnly: Schema.optionalKey(Schema.Boolean),
  marketUnit: someText,
  updatedTime: TimeText
})

/** A row of the topic `execution` and of `/v5/execution/list`. */
export const AccountExecution = Schema.Struct({
  category,
  symbol: Scalar.Symbol,
  orderId: Schema.String,
  orderLinkId: someText,
  side: Schema.Literals(["Buy", "Sell", "None", ""]),
  execId: Scalar.Symbol,
  execType: Schema.String,
  execPrice: decimal,
  execQty: decimal,
  execFee: someDecimal,
  feeCurrency: someText,
  execTime: TimeText,
  isMaker: Schema.optionalKey(Schema.Boolean)
})

/** A row of the topic `position` (`entryPrice`) and of `/v5/position/list` (`avgPrice`). */
export const AccountPosition = Schema.Struct({
  category,
  symbol: Scalar.Symbol,
  side: Schema.Literals(["Buy", "Sell", "None", ""]),
  size: decimal,
  positionIdx: PositionIndex,
  entryPrice: someDecimal,
  avgPrice: someDecimal,
  unrealisedPnl: someDecimal,
  updatedTime: Schema.optionalKey(Schema.Union([TimeText, Schema.Literal("")]))
})

/** A row of the topic `wallet` and of `/v5/account/wallet-balance`. */
export const AccountWallet = Schema.Struct({
  coin: Schema.Array(Schema.Struct({ coin: Scalar.Symbol, walletBalance: decimal, locked: someDecimal }))
})

const page = <A, I>(row: Schema.Codec<A, I>) =>
  Schema.Struct({ list: Schema.Array(row), nextPageCursor: Schema.optionalKey(Schema.String) })

export const AccountOrders = page(AccountOrder)
export const AccountExecutions = page(AccountExecution)
export const AccountPositions = page(AccountPosition)
export const AccountWallets = page(AccountWallet)

/** `{"readOnly":0,"permissions":{"ContractTrade":["Order","Position"],"Spot":["SpotTrade"],"Wallet":[],…},"ips":["*"],"expiredAt":"2026-12-31T00:00:00Z",…}` */
export const KeyInformation = Schema.Struct({
  readOnly: Schema.Finite,
  permissions: Schema.Struct({
    ContractTrade: Schema.optionalKey(Schema.Array(Schema.String)),
    Spot: Schema.optionalKey(Schema.Array(Schema.String)),
    Wallet: Schema.optionalKey(Schema.Array(Schema.String))
  }),
  ips: Schema.optionalKey(Schema.Array(Schema.String)),
  expiredAt: Schema.optionalKey(Schema.String)
})

/** `{"id":"5f1-order-1","topic":"order","creationTime":1790000000321,"data":[…]}` */
export const PrivateFrame = Schema.Struct({
  topic: Schema.String,
  creationTime: Schema.optionalKey(Scalar.Time),
  data: Schema.Array(Schema.Unknown)
})

/** `{"reqId":"7","retCode":0,"retMsg":"OK","op":"order.create","data":{…},"header":{"X-Bapi-Limit":"10",…},"connId":"…"}`; `auth` has no id */
export const TradeAnswer = Schema.Struct({
  reqId: Schema.optionalKey(Schema.String),
  retCode: Schema.Int,
  retMsg: Schema.optionalKey(Schema.String),
  op: Schema.String,
  data: Schema.optionalKey(Schema.Unknown),
  header: Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown))
})

/** `{"success":true,"ret_msg":"","op":"auth","conn_id":"…","req_id":"1"}`; the id may be missing */
export const PrivateAnswer = Schema.Struct({
  success: Schema.Boolean,
  ret_msg: Schema.optionalKey(Schema.String),
  op: Schema.String,
  req_id: Schema.optionalKey(Schema.String)
})
