/**
 * Forced orders (`forceOrder`). `S` is the side of the liquidation order itself, which is our meaning too. Its price is
 * the average of its fills once there are any, else its limit; its size what was filled, else what was ordered.
 * Source: docs/venues/binance.md, "Liquidations".
 */
import { type Event, Exact, Field } from "@tidewire/core"
import { isRow, type Reader } from "./reader.ts"

/** `{"e":"forceOrder","E":1790000000400,"o":{"s":"BTCUSDT","S":"SELL","q":"0.12","p":"60990","ap":"61010.2",…}}` */
export const liquidation: Reader = (row, context, sink) => {
  const { o } = row
  if (!isRow(o)) return sink.malformed(Field.reason("o", "an order", o))
  const { s, S, p, ap, q, z } = o
  const name = Field.symbol(s)
  const average = ap === undefined ? 0 : Field.notNegative(ap)
  const filled = z === undefined ? 0 : Field.notNegative(z)
  const price = average > 0 ? average : Field.positive(p)
  const size = filled > 0 ? filled : Field.positive(q)
  const exchangeTime = Field.eventTime(o["T"], row["E"])
  if (name === "") return sink.malformed(Field.reason("o.s", "a symbol", s))
  if (S !== "BUY" && S !== "SELL") return sink.malformed(Field.reason("o.S", "BUY or SELL", S))
  if (average !== average) return sink.malformed(Field.reason("o.ap", "a price", ap))
  if (filled !== filled) return sink.malformed(Field.reason("o.z", "a size", z))
  if (price !== price) return sink.malformed(Field.reason("o.p", "a price above 0", p))
  if (size !== size) return sink.malformed(Field.reason("o.q", "a size above 0", q))
  if (exchangeTime !== exchangeTime) return sink.malformed(Field.reason("o.T or E", "a time", o["T"] ?? row["E"]))
  const { venue, receivedTime } = context
  const side = S === "SELL" ? "sell" : "buy"
  const event = { type: "liquidation", venue, symbol: name, exchangeTime, receivedTime, side, price, size } as const
  const exact = Exact.inexact(sink, { price: average > 0 ? ap : p, size: filled > 0 ? z : q })
  sink.event(Exact.sparse<Event.Liquidation>({ ...event, exact: undefined }, exact))
}
