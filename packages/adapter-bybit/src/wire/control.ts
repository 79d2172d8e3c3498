/**
 * Control frames, both ways.
 * Source: docs/venues/bybit.md, "Control frames".
 */
import { Schema } from "effect"

/** `{"req_id":"7/2","op":"subscribe","args":["orderbook.50.BTCUSDT","publicTrade.BTCUSDT"]}` */
export const Request = Schema.Struct({
  req_id: Schema.String,
  op: Schema.Literals(["subscribe", "unsubscribe"]),
  args: Schema.Array(Schema.String)
})

/** `{"req_id":"ping-1","op":"ping"}` */
export const Ping = Schema.Struct({ req_id: Schema.String, op: Schema.Literal("ping") })

/** `{"success":true,"ret_msg":"","conn_id":"c0ffee-01","req_id":"7/2","op":"subscribe"}`; a refusal is the same with `false` and its words */
export const Answer = Schema.Struct({
  success: Schema.Boolean,
  ret_msg: Schema.String,
  op: Schema.String,
  req_id: Schema.optionalKey(Schema.String),
  conn_id: Schema.optionalKey(Schema.String)
})
