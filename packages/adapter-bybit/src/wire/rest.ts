/**
 * Answers of the public REST API: each is `{"retCode":0,"retMsg":"OK","result":{…},"retExtInfo":{},"time":1790000000200}`.
 * Fields that are not read are not described; what the venue adds does no harm.
 * Source: docs/venues/bybit.md, "REST".
 */
import { Scalar } from "@tidewire/core"
import { Schema } from "effect"

const answer = <A, I>(result: Schema.Codec<A, I>) => Schema.Struct({ result })
const list = <A, I>(row: Schema.Codec<A, I>) => answer(Schema.Struct({ list: Schema.Array(row) }))

/** `"1790000000200"`: epoch milliseconds in a text. */
const TimeText = Schema.String.check(Schema.isPattern(/^\d{1,15}$/))

/** `{"s":"BTCUSDT","b":[["61250.90","3.21"]],"a":[["61251.00","2.005"]],"ts":1790000000200,"u":700100,"seq":88000100,"cts":1790000000196}` */
export const RestBook = answer(
  Schema.Struct({
    s: Scalar.Symbol,
    b: Scalar.Levels,
    a: Scalar.Levels,
    u: Scalar.Id,
    ts: Schema.optionalKey(Scalar.Time),
    cts: Schema.optionalKey(Scalar.Time)
  })
)

/** `{"list":[{"execId":"6f0a1c9e-0000-5000-8000-0000000000aa","symbol":"BTCUSDT","price":"61250.90","size":"0.015","side":"Sell","time":"1790000000228","isBlockTrade":false}]}`, newest first */
export const Trades = list(
  Schema.Struct({
    execId: Scalar.Symbol,
    price: Scalar.Positive,
    size: Scalar.Positive,
    side: Schema.Literals(["Buy", "Sell"]),
    time: TimeText
  })
)

/** `{"list":[["1789999980000","61240.0","61260.0","61239.9","61250.9","12.5","765501.2"]]}`: start, open, high, low, close, volume, turnover; newest first */
export const Bars = list(
  Schema.TupleWithRest(
    Schema.Tuple([
      TimeText,
      Scalar.NotNegative,
      Scalar.NotNegative,
      Scalar.NotNegative,
      Scalar.NotNegative,
      Scalar.NotNegative,
      Scalar.NotNegative
    ]),
    [Schema.Unknown]
  )
)

/** `{"list":[{"symbol":"BTCUSDT","lastPrice":"61250.90",…}]}`: as the snapshot on the socket, and `time` beside the result */
export const Tickers = Schema.Struct({
  result: Schema.Struct({ list: Schema.Array(Schema.Record(Schema.String, Schema.Unknown)) }),
  time: Scalar.Time
})

/** One page; each instrument is read by itself. Spot has no pages, and no cursor. */
export const Instruments = answer(
  Schema.Struct({ list: Schema.Array(Schema.Unknown), nextPageCursor: Schema.optionalKey(Schema.String) })
)

const amount = Schema.optionalKey(Scalar.orEmpty(Scalar.NotNegative))

/** `{"symbol":"BTCUSDT","contractType":"LinearPerpetual","status":"Trading","baseCoin":"BTC","quoteCoin":"USDT","settleCoin":"USDT","deliveryTime":"0","priceFilter":{"tickSize":"0.10"},"lotSizeFilter":{"qtyStep":"0.001","minNotionalValue":"5"}}`; spot has `basePrecision` and `minOrderAmt` */
export const Instrument = Schema.Struct({
  symbol: Scalar.Symbol,
  status: Schema.String,
  baseCoin: Scalar.Symbol,
  quoteCoin: Scalar.Symbol,
  settleCoin: Schema.optionalKey(Scalar.Symbol),
  contractType: Schema.optionalKey(Schema.String),
  deliveryTime: Schema.optionalKey(Scalar.orEmpty(Scalar.NotNegative)),
  priceFilter: Schema.Struct({ tickSize: Scalar.NotNegative, minPrice: amount, maxPrice: amount }),
  lotSizeFilter: Schema.Struct({
    qtyStep: amount,
    basePrecision: amount,
    minNotionalValue: amount,
    minOrderAmt: amount,
    minOrderQty: amount,
    maxOrderQty: amount,
    maxMktOrderQty: amount,
    maxLimitOrderQty: amount,
    maxMarketOrderQty: amount
  })
})
