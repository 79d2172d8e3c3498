/**
 * Answers of the public REST API. Fields that are not read are not described; what the venue adds does no harm.
 * Source: docs/venues/binance.md, "REST".
 */
import { Scalar } from "@tidewire/core"
import { Schema } from "effect"

/** `{"lastUpdateId":1027024,"E":1790000000200,"T":1790000000199,"bids":[["4.0","431.0"]],"asks":[["4.2","12.0"]]}`; times on futures only */
export const Depth = Schema.Struct({
  lastUpdateId: Scalar.Id,
  E: Schema.optionalKey(Scalar.Time),
  T: Schema.optionalKey(Scalar.Time),
  bids: Scalar.Levels,
  asks: Scalar.Levels
})

/** `[{"id":28457,"price":"4.00000100","qty":"12.00000000","quoteQty":"48.00","time":1499865549590,"isBuyerMaker":true,"isBestMatch":true}]` */
export const HistoricalTrades = Schema.Array(
  Schema.Struct({
    id: Scalar.Id,
    price: Scalar.Positive,
    qty: Scalar.Positive,
    time: Scalar.Time,
    isBuyerMaker: Schema.Boolean
  })
)

/** `[{"a":26129,"p":"0.01633102","q":"4.70443515","f":27781,"l":27781,"T":1498793709153,"m":true}]` */
export const AggregateTrades = Schema.Array(
  Schema.Struct({ a: Scalar.Id, p: Scalar.Positive, q: Scalar.Positive, T: Scalar.Time, m: Schema.Boolean })
)

/** `[[1499040000000,"0.0163","0.8000","0.0157","0.0157","148976.1",1499644799999,"2434.1",308,"1756.8","28.4","0"]]`: open time, open, high, low, close, volume, close time, quote volume, trades, and three that are not read */
export const Klines = Schema.Array(
  Schema.TupleWithRest(
    Schema.Tuple([
      Scalar.Time,
      Scalar.NotNegative,
      Scalar.NotNegative,
      Scalar.NotNegative,
      Scalar.NotNegative,
      Scalar.NotNegative,
      Scalar.Time,
      Scalar.NotNegative,
      Scalar.Id
    ]),
    [Schema.Unknown]
  )
)

/** `{"symbol":"BTCUSDT","bidPrice":"61250.10","bidQty":"1.5","askPrice":"61250.11","askQty":"0.82"}`; futures add `"time":1790000000199,"lastUpdateId":8123456789` */
export const RestQuote = Schema.Struct({
  symbol: Scalar.Symbol,
  bidPrice: Scalar.NotNegative,
  bidQty: Scalar.NotNegative,
  askPrice: Scalar.NotNegative,
  askQty: Scalar.NotNegative,
  time: Schema.optionalKey(Scalar.Time),
  lastUpdateId: Schema.optionalKey(Scalar.Id)
})

/** `{"symbol":"BTCUSDT","lastPrice":"61250.1","openPrice":"60800","highPrice":"61900","lowPrice":"60500","volume":"1200","quoteVolume":"73000000","closeTime":1790000000200,…}`; best bid and ask on spot only */
export const RestTicker = Schema.Struct({
  symbol: Scalar.Symbol,
  lastPrice: Scalar.NotNegative,
  openPrice: Scalar.NotNegative,
  highPrice: Scalar.NotNegative,
  lowPrice: Scalar.NotNegative,
  volume: Scalar.NotNegative,
  quoteVolume: Scalar.NotNegative,
  closeTime: Scalar.Time,
  bidPrice: Schema.optionalKey(Scalar.NotNegative),
  askPrice: Schema.optionalKey(Scalar.NotNegative)
})

/** `{"symbol":"BTCUSDT","markPrice":"61250.55","indexPrice":"61251.1","lastFundingRate":"0.0001","nextFundingTime":1790006400000,"time":1790000000200}`; without funding its rate is `""` and its time 0 */
export const RestMark = Schema.Struct({
  symbol: Scalar.Symbol,
  markPrice: Scalar.NotNegative,
  indexPrice: Scalar.NotNegative,
  lastFundingRate: Scalar.orEmpty(Scalar.AnyDecimal),
  nextFundingTime: Scalar.Time,
  time: Scalar.Time
})

/** `{"filterType":"PRICE_FILTER","minPrice":"0.01","maxPrice":"1000000.00","tickSize":"0.01"}`; the fields differ by type */
const Filter = Schema.Struct({
  filterType: Schema.String,
  tickSize: Schema.optionalKey(Scalar.NotNegative),
  stepSize: Schema.optionalKey(Scalar.NotNegative),
  minNotional: Schema.optionalKey(Scalar.NotNegative),
  notional: Schema.optionalKey(Scalar.NotNegative),
  minPrice: Schema.optionalKey(Scalar.NotNegative),
  maxPrice: Schema.optionalKey(Scalar.NotNegative),
  minQty: Schema.optionalKey(Scalar.NotNegative),
  maxQty: Schema.optionalKey(Scalar.NotNegative),
  maxNumOrders: Schema.optionalKey(Schema.Finite),
  limit: Schema.optionalKey(Schema.Finite)
})

const instrument = {
  symbol: Scalar.Symbol,
  status: Schema.String,
  baseAsset: Scalar.Symbol,
  quoteAsset: Scalar.Symbol,
  filters: Schema.Array(Filter)
}

/** `{"symbol":"BTCUSDT","status":"TRADING","baseAsset":"BTC","quoteAsset":"USDT","filters":[…],…}` */
export const SpotInstrument = Schema.Struct(instrument)

/** As spot's, with `"contractType":"PERPETUAL","deliveryDate":4133404800000,"marginAsset":"USDT"` */
export const UsdmInstrument = Schema.Struct({
  ...instrument,
  contractType: Schema.String,
  deliveryDate: Scalar.Time,
  marginAsset: Scalar.Symbol
})

/** `{"timezone":"UTC","serverTime":1790000000200,"rateLimits":[…],"symbols":[…]}`: each instrument is read by itself */
export const ExchangeInfo = Schema.Struct({ symbols: Schema.Array(Schema.Unknown) })
