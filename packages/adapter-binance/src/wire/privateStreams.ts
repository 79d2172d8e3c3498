/**
 * Rows of the private streams. Only fields that are read are described; a row may have more. Times are optional because an
 * event can do without one.
 * Source: docs/venues/binance.md, "Private stream of spot" and "Private stream of USDⓈ-M".
 */
import { Scalar } from "@tidewire/core"
import { Schema } from "effect"

const side = Schema.Literals(["BUY", "SELL"])
const time = Schema.optionalKey(Scalar.Time)

/** A trade id; -1 or 0 without a trade. */
const tradeId = Schema.Int

/** `{"e":"executionReport","E":1790000000310,"s":"BTCUSDT","c":"bot-0001","S":"BUY","o":"LIMIT","f":"GTC","q":"0.015","p":"61250.10","P":"0","g":-1,"C":"","x":"TRADE","X":"FILLED","r":"NONE","i":40000123,"l":"0.005","z":"0.015","L":"61250.10","n":"0.000005","N":"BTC","T":1790000000308,"t":5550004,"m":true,"Z":"918.75"}` */
export const ExecutionReport = Schema.Struct({
  e: Schema.Literal("executionReport"),
  E: time,
  s: Scalar.Symbol,
  c: Schema.String,
  S: side,
  o: Schema.String,
  f: Schema.String,
  q: Scalar.NotNegative,
  p: Scalar.NotNegative,
  P: Scalar.NotNegative,
  C: Schema.optionalKey(Schema.String),
  x: Schema.String,
  X: Schema.String,
  r: Schema.String,
  i: Scalar.Id,
  l: Scalar.NotNegative,
  z: Scalar.NotNegative,
  L: Scalar.NotNegative,
  n: Schema.optionalKey(Schema.NullOr(Scalar.AnyDecimal)),
  N: Schema.optionalKey(Schema.NullOr(Schema.String)),
  T: time,
  t: tradeId,
  m: Schema.Boolean,
  Z: Scalar.NotNegative,
  eR: Schema.optionalKey(Schema.Union([Schema.String, Schema.Int]))
})

/** `{"e":"outboundAccountPosition","E":1790000000311,"u":1790000000310,"B":[{"a":"BTC","f":"1.5","l":"0.015"}]}`: what may have changed, absolute */
export const AccountPosition = Schema.Struct({
  e: Schema.Literal("outboundAccountPosition"),
  E: time,
  u: time,
  B: Schema.Array(Schema.Struct({ a: Schema.String, f: Scalar.AnyDecimal, l: Scalar.AnyDecimal }))
})

/** `{"e":"ORDER_TRADE_UPDATE","E":1790000000320,"T":1790000000318,"o":{"s":"BTCUSDT","c":"bot-0002","S":"BUY","o":"LIMIT","f":"GTX","q":"0.015","p":"61250.9","ap":"61250.90","sp":"0","x":"TRADE","X":"FILLED","i":50000123,"l":"0.015","z":"0.015","L":"61250.9","N":"USDT","n":"0.18","T":1790000000318,"t":4440010,"m":true,"R":false,"ot":"LIMIT","ps":"BOTH","si":0,"er":"0"}}` */
export const OrderTradeUpdate = Schema.Struct({
  e: Schema.Literal("ORDER_TRADE_UPDATE"),
  E: time,
  T: time,
  o: Schema.Struct({
    s: Scalar.Symbol,
    c: Schema.String,
    S: side,
    o: Schema.String,
    f: Schema.String,
    q: Scalar.NotNegative,
    p: Scalar.NotNegative,
    ap: Schema.optionalKey(Scalar.NotNegative),
    sp: Schema.optionalKey(Scalar.NotNegative),
    x: Schema.String,
    X: Schema.String,
    i: Scalar.Id,
    l: Scalar.NotNegative,
    z: Scalar.NotNegative,
    L: Scalar.NotNegative,
    N: Schema.optionalKey(Schema.NullOr(Schema.String)),
    n: Schema.optionalKey(Schema.NullOr(Scalar.AnyDecimal)),
    T: time,
    t: tradeId,
    m: Schema.Boolean,
    R: Schema.Boolean,
    ot: Schema.optionalKey(Schema.String),
    si: Schema.optionalKey(Schema.Int),
    st: Schema.optionalKey(Schema.Unknown),
    er: Schema.optionalKey(Schema.String)
  })
})

/** `{"e":"ALGO_UPDATE","T":1790000000320,"E":1790000000321,"o":{"caid":"bot-0003","aid":2000000547400625,"at":"CONDITIONAL","o":"STOP","s":"BTCUSDT","S":"BUY","f":"GTC","q":"0.015","X":"NEW","ai":"","tp":"61300","p":"61310","R":false}}` */
export const AlgoUpdate = Schema.Struct({
  e: Schema.Literal("ALGO_UPDATE"),
  E: time,
  T: time,
  o: Schema.Struct({
    caid: Schema.String,
    aid: Scalar.Id,
    o: Schema.String,
    s: Scalar.Symbol,
    S: side,
    f: Schema.String,
    q: Scalar.NotNegative,
    X: Schema.String,
    tp: Scalar.NotNegative,
    p: Scalar.NotNegative,
    R: Schema.Boolean,
    rm: Schema.optionalKey(Schema.String)
  })
})

/** `{"e":"ACCOUNT_UPDATE","E":1790000000320,"T":1790000000318,"a":{"m":"ORDER","B":[{"a":"USDT","wb":"9999.8","cw":"9999.8","bc":"0"}],"P":[{"s":"BTCUSDT","pa":"0.015","ep":"61250.9","up":"0.0015","ps":"BOTH"}]}}`: only what changed */
export const AccountUpdate = Schema.Struct({
  e: Schema.Literal("ACCOUNT_UPDATE"),
  E: time,
  T: time,
  a: Schema.Struct({
    m: Schema.String,
    B: Schema.optionalKey(
      Schema.Array(
        Schema.Struct({ a: Schema.String, wb: Scalar.AnyDecimal, bc: Schema.optionalKey(Scalar.AnyDecimal) })
      )
    ),
    P: Schema.optionalKey(
      Schema.Array(
        Schema.Struct({
          s: Scalar.Symbol,
          pa: Scalar.AnyDecimal,
          ep: Scalar.AnyDecimal,
          up: Schema.optionalKey(Scalar.AnyDecimal),
          ps: Schema.Literals(["BOTH", "LONG", "SHORT"])
        })
      )
    )
  })
})

/** An answer of the WebSocket API: `{"id":"1","status":200,"result":{…},"rateLimits":[…]}` or `{"id":"1","status":400,"error":{"code":-2010,"msg":"…"}}` */
export const ApiAnswer = Schema.Struct({
  id: Schema.NullOr(Schema.Union([Schema.String, Schema.Int])),
  status: Schema.Int,
  result: Schema.optionalKey(Schema.Unknown),
  error: Schema.optionalKey(
    Schema.Struct({
      code: Schema.Int,
      msg: Schema.String,
      data: Schema.optionalKey(Schema.Unknown)
    })
  ),
  rateLimits: Schema.optionalKey(
    Schema.Array(
      Schema.Struct({
        rateLimitType: Schema.String,
        interval: Schema.String,
        intervalNum: Schema.Int,
        limit: Schema.Int,
        count: Schema.Int
      })
    )
  )
})
export type ApiAnswer = typeof ApiAnswer.Type
