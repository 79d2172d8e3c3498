/**
 * The frames of public topics, as schemas: the reference that the decoder is held to. Only fields that are read are
 * described; a frame may have more. Times are optional because an event can do without one.
 * Source: docs/venues/bybit.md, "Channels".
 */
import { Scalar } from "@tidewire/core"
import { Schema } from "effect"
import * as intervals from "../intervals.ts"

const Name = Scalar.Symbol
const Side = Schema.Literals(["Buy", "Sell"])
const time = Schema.optionalKey(Scalar.Time)

/** `{"T":1790000000228,"s":"BTCUSDT","S":"Sell","v":"0.015","p":"61250.90","L":"MinusTick","i":"6f0a1c9e-0000-5000-8000-0000000000aa","BT":false,"RPI":false,"seq":88000140}` */
export const Trade = Schema.Struct({ T: time, s: Name, S: Side, v: Scalar.Positive, p: Scalar.Positive, i: Name })

/** `{"T":1790000000390,"s":"BTCUSDT","S":"Buy","v":"0.120","p":"60990.00"}` */
export const Liquidation = Schema.Struct({ T: time, s: Name, S: Side, v: Scalar.Positive, p: Scalar.Positive })

/** `{"start":1789999980000,"end":1790000039999,"interval":"1","open":"61240.0","close":"61250.9","high":"61260.0","low":"61239.9","volume":"12.5","turnover":"765501.2","confirm":false,"timestamp":1790000000998}` */
export const Bar = Schema.Struct({
  start: Scalar.Time,
  end: Scalar.Time,
  interval: Schema.String.check(Schema.makeFilter((text) => intervals.read(text) !== undefined)),
  open: Scalar.NotNegative,
  close: Scalar.NotNegative,
  high: Scalar.NotNegative,
  low: Scalar.NotNegative,
  volume: Scalar.NotNegative,
  turnover: Scalar.NotNegative,
  confirm: Schema.Boolean
})

const bookData = Schema.Struct({ s: Name, b: Scalar.Levels, a: Scalar.Levels, u: Scalar.Id })

/** `{"topic":"orderbook.50.BTCUSDT","type":"delta","ts":1790000000220,"data":{"s":"BTCUSDT","b":[["61249.00","0"]],"a":[],"u":700101,"seq":88000131},"cts":1790000000217}` */
export const Book = Schema.Struct({
  topic: Schema.String,
  type: Schema.Literals(["snapshot", "delta"]),
  ts: time,
  cts: time,
  data: bookData
})

/** As `Book`, and always whole. */
export const WholeBook = Schema.Struct({ ...Book.fields, type: Schema.Literal("snapshot") })

const text = (schema: typeof Scalar.AnyDecimal) => Schema.optionalKey(Scalar.orEmpty(schema))
const amount = text(Scalar.NotNegative)

/** `{"topic":"tickers.BTCUSDT","type":"delta","cs":88000141,"ts":1790000000300,"data":{"symbol":"BTCUSDT","bid1Price":"61250.90"}}`; what is absent is unchanged, what is empty has no value */
export const Ticker = Schema.Struct({
  topic: Schema.String,
  type: Schema.Literals(["snapshot", "delta"]),
  ts: time,
  data: Schema.Struct({
    symbol: Name,
    lastPrice: amount,
    prevPrice24h: amount,
    highPrice24h: amount,
    lowPrice24h: amount,
    volume24h: amount,
    turnover24h: amount,
    bid1Price: amount,
    ask1Price: amount,
    markPrice: amount,
    indexPrice: amount,
    fundingRate: text(Scalar.AnyDecimal),
    nextFundingTime: Schema.optionalKey(Schema.String.check(Schema.isPattern(/^\d{0,15}$/)))
  })
})
