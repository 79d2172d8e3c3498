/**
 * Control frames of the streams, both ways.
 * Source: docs/venues/binance.md, "Control frames".
 */
import { Schema } from "effect"

const id = Schema.Union([Schema.Int, Schema.String, Schema.Null])

/** `{"method":"SUBSCRIBE","params":["btcusdt@trade","btcusdt@depth@100ms"],"id":7}` */
export const Request = Schema.Struct({
  method: Schema.Literals(["SUBSCRIBE", "UNSUBSCRIBE"]),
  params: Schema.Array(Schema.String),
  id: Schema.Int
})

/** `{"result":null,"id":7}`; lists and properties come in the same frame: `{"result":["btcusdt@trade"],"id":9}` */
export const Result = Schema.Struct({ result: Schema.Unknown, id })

const refusal = { code: Schema.Finite, msg: Schema.String }

/** `{"code":2,"msg":"Invalid request: …","id":1}`; the id may be missing */
export const Refusal = Schema.Struct({ ...refusal, id: Schema.optionalKey(id) })

/** `{"error":{"code":2,"msg":"Invalid request: …"},"id":1}` */
export const WrappedRefusal = Schema.Struct({ error: Schema.Struct(refusal), id: Schema.optionalKey(id) })

/** `{"e":"serverShutdown","E":1790000000123}`, also wrapped as `{"stream":"!serverShutdown","data":…}` or `{"event":…}` */
export const Shutdown = Schema.Struct({ e: Schema.Literal("serverShutdown"), E: Schema.optionalKey(Schema.Finite) })

/** `{"stream":"btcusdt@trade","data":{…}}` */
export const Combined = Schema.Struct({ stream: Schema.String, data: Schema.Unknown })
