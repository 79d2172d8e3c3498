/**
 * Liquidations (`allLiquidation`). The venue's side is that of the position: `Buy` means that a long was liquidated, by an
 * order that sold. Ours is the side of that order. The price is the one at which the position was bankrupt.
 * Source: docs/venues/bybit.md, "Liquidations".
 */
import { type Event, Exact, Field } from "@tidewire/core"
import { eachRow } from "./reader.ts"

/** `{"T":1790000000390,"s":"BTCUSDT","S":"Buy","v":"0.120","p":"60990.00"}` */
export const liquidation = eachRow((row, { venue, receivedTime }, sink, frameTime) => {
  const { S, T, p, s, v } = row
  const symbol = Field.symbol(s)
  const price = Field.positive(p)
  const size = Field.positive(v)
  const exchangeTime = Field.eventTime(T, frameTime)
  if (symbol === "") return sink.malformed(Field.reason("s", "a symbol", s))
  if (S !== "Buy" && S !== "Sell") return sink.malformed(Field.reason("S", "Buy or Sell", S))
  if (price !== price) return sink.malformed(Field.reason("p", "a price above 0", p))
  if (size !== size) return sink.malformed(Field.reason("v", "a size above 0", v))
  if (exchangeTime !== exchangeTime) return sink.malformed(Field.reason("T or ts", "a time", T ?? frameTime))
  const side = S === "Buy" ? "sell" : "buy"
  const event = { type: "liquidation", venue, symbol, exchangeTime, receivedTime, side, price, size } as const
  const exact = Exact.inexact(sink, { price: p, size: v })
  sink.event(Exact.sparse<Event.Liquidation>({ ...event, exact: undefined }, exact))
})
