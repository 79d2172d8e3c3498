/**
 * The rows of public streams, as schemas: the reference that the decoder is held to. Only fields that are read are
 * described; a row may have more. Times are optional because an event can do without one.
 * Source: docs/venues/binance.md, "Streams of spot" and "Streams of USDⓈ-M".
 */
import { Interval, Scalar } from "@tidewire/core"
import { Schema } from "effect"

const times = { E: Schema.optionalKey(Scalar.Time), T: Schema.optionalKey(Scalar.Time) }

/** `{"e":"trade","E":1790000000123,"s":"BTCUSDT","t":5550001,"p":"61250.10000000","q":"0.01500000","T":1790000000122,"m":true,"M":true}` */
export const Trade = Schema.Struct({
  e: Schema.Literal("trade"),
  ...times,
  s: Scalar.Symbol,
  t: Scalar.Id,
  p: Scalar.Positive,
  q: Scalar.Positive,
  m: Schema.Boolean
})

/** `{"e":"aggTrade","E":1790000000150,"s":"BTCUSDT","a":2220001,"p":"61251.0","q":"0.045","nq":"0.040","f":4440001,"l":4440003,"T":1790000000101,"m":true,"st":1}` */
export const AggregateTrade = Schema.Struct({
  e: Schema.Literal("aggTrade"),
  ...times,
  s: Scalar.Symbol,
  a: Scalar.Id,
  p: Scalar.Positive,
  q: Scalar.Positive,
  m: Schema.Boolean
})

/** An empty side has price and size 0. */
const isQuote = (row: { readonly b: string; readonly B: string; readonly a: string; readonly A: string }) =>
  (Number(row.b) > 0 || Number(row.B) === 0) && (Number(row.a) > 0 || Number(row.A) === 0)

/** Spot: `{"u":8123456789,"s":"BTCUSDT","b":"61250.10000000","B":"1.50000000","a":"61250.11000000","A":"0.82000000"}`; futures: the same with `e`, `E` and `T`. */
export const Quote = Schema.Struct({
  e: Schema.optionalKey(Schema.Literal("bookTicker")),
  ...times,
  u: Scalar.Id,
  s: Scalar.Symbol,
  b: Scalar.NotNegative,
  B: Scalar.NotNegative,
  a: Scalar.NotNegative,
  A: Scalar.NotNegative
}).check(Schema.makeFilter(isQuote))

const change = {
  e: Schema.Literal("depthUpdate"),
  ...times,
  s: Scalar.Symbol,
  U: Scalar.Id,
  u: Scalar.Id,
  b: Scalar.Levels,
  a: Scalar.Levels
}

const inOrder = Schema.makeFilter((row: { readonly U: number; readonly u: number }) => row.U <= row.u)

/** `{"e":"depthUpdate","E":1790000000200,"s":"BTCUSDT","U":8123456780,"u":8123456789,"b":[["61249.00000000","0.00000000"]],"a":[]}` */
export const SpotChange = Schema.Struct(change).check(inOrder)

/** `{"e":"depthUpdate","E":1790000000152,"T":1790000000149,"s":"BTCUSDT","U":9000000101,"u":9000000123,"pu":9000000099,"b":[],"a":[["61251.0","2.005"]]}` */
export const UsdmChange = Schema.Struct({ ...change, pu: Scalar.Id }).check(inOrder)

/** The row of `@depth20@100ms` on futures: as `UsdmChange`, but whole. Only `u` of its ids is read. */
export const UsdmWhole = Schema.Struct({
  ...times,
  e: Schema.Literal("depthUpdate"),
  s: Scalar.Symbol,
  u: Scalar.Id,
  b: Scalar.Levels,
  a: Scalar.Levels
})

/** `{"lastUpdateId":8123456789,"bids":[["61250.10000000","1.50000000"]],"asks":[["61250.11000000","0.82000000"]]}` */
export const SpotWhole = Schema.Struct({ ...times, lastUpdateId: Scalar.Id, bids: Scalar.Levels, asks: Scalar.Levels })

/** `{"e":"kline","E":1790000001999,"s":"BTCUSDT","k":{"t":1789999980000,"T":1790000039999,"i":"1m","o":"61240.00","c":"61250.10","h":"61260.00","l":"61239.90","v":"12.5","n":91,"x":false,"q":"765501.0"}}` */
export const Bar = Schema.Struct({
  e: Schema.Literal("kline"),
  E: Schema.optionalKey(Scalar.Time),
  s: Scalar.Symbol,
  k: Schema.Struct({
    t: Scalar.Time,
    T: Scalar.Time,
    i: Schema.Literals(Interval.all),
    o: Scalar.NotNegative,
    c: Scalar.NotNegative,
    h: Scalar.NotNegative,
    l: Scalar.NotNegative,
    v: Scalar.NotNegative,
    n: Scalar.Id,
    x: Schema.Boolean,
    q: Scalar.NotNegative
  })
})

/** `{"e":"24hrTicker","E":1790000000200,"s":"BTCUSDT","c":"61250.10","b":"61250.10","a":"61250.11","o":"60800.00","h":"61900.00","l":"60500.00","v":"18234.10","q":"1114000000.00"}`; futures have no `b` and `a`. */
export const Ticker = Schema.Struct({
  e: Schema.Literal("24hrTicker"),
  E: Schema.optionalKey(Scalar.Time),
  s: Scalar.Symbol,
  c: Scalar.NotNegative,
  o: Scalar.NotNegative,
  h: Scalar.NotNegative,
  l: Scalar.NotNegative,
  v: Scalar.NotNegative,
  q: Scalar.NotNegative,
  b: Schema.optionalKey(Scalar.NotNegative),
  a: Schema.optionalKey(Scalar.NotNegative)
})

/** `{"e":"markPriceUpdate","E":1790000001000,"s":"BTCUSDT","p":"61250.55000000","i":"61251.10000000","r":"0.00010000","T":1790006400000,"st":1}` */
export const Mark = Schema.Struct({
  e: Schema.Literal("markPriceUpdate"),
  ...times,
  s: Scalar.Symbol,
  p: Schema.optionalKey(Scalar.orEmpty(Scalar.NotNegative)),
  i: Schema.optionalKey(Scalar.orEmpty(Scalar.NotNegative)),
  r: Schema.optionalKey(Scalar.orEmpty(Scalar.AnyDecimal))
})

const order = {
  s: Scalar.Symbol,
  S: Schema.Literals(["BUY", "SELL"]),
  T: Schema.optionalKey(Scalar.Time),
  q: Schema.optionalKey(Schema.Unknown),
  p: Schema.optionalKey(Schema.Unknown),
  ap: Schema.optionalKey(Scalar.NotNegative),
  z: Schema.optionalKey(Scalar.NotNegative)
}

const isPositive = Schema.is(Scalar.Positive)

/** The limit and the ordered size matter only while nothing is filled. */
const isLiquidation = (row: {
  readonly ap?: string
  readonly z?: string
  readonly p?: unknown
  readonly q?: unknown
}) => (Number(row.ap ?? 0) > 0 || isPositive(row.p)) && (Number(row.z ?? 0) > 0 || isPositive(row.q))

/** `{"e":"forceOrder","E":1790000000400,"o":{"s":"BTCUSDT","S":"SELL","o":"LIMIT","f":"IOC","q":"0.120","p":"60990.0","ap":"61010.2","X":"FILLED","l":"0.020","z":"0.120","T":1790000000390},"st":1}` */
export const Liquidation = Schema.Struct({
  e: Schema.Literal("forceOrder"),
  E: Schema.optionalKey(Scalar.Time),
  o: Schema.Struct(order).check(Schema.makeFilter(isLiquidation))
})
