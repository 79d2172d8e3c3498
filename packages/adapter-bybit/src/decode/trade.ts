/**
 * Trades (`publicTrade`), up to 1024 a frame. Ids name a trade and do not count. Block trades and trades with retail
 * orders are trades like others.
 * Source: docs/venues/bybit.md, "Trades".
 */
import { Decimal, type Event, Exact, Field } from "@tidewire/core"
import { eachRow } from "./reader.ts"

/** `{"T":1790000000228,"s":"BTCUSDT","S":"Sell","v":"0.015","p":"61250.90","i":"6f0a1c9e-…","BT":false,"seq":88000140}` */
export const trade = eachRow((row, { venue, receivedTime }, sink, frameTime) => {
  const { S, T, i, p, s, v } = row
  const symbol = Field.symbol(s)
  const id = Field.symbol(i)
  const price = Field.positive(p)
  const size = Field.positive(v)
  const exchangeTime = Field.eventTime(T, frameTime)
  if (symbol === "") return sink.malformed(Field.reason("s", "a symbol", s))
  if (id === "") return sink.malformed(Field.reason("i", "a trade id", i))
  if (S !== "Buy" && S !== "Sell") return sink.malformed(Field.reason("S", "Buy or Sell", S))
  if (price !== price) return sink.malformed(Field.reason("p", "a price above 0", p))
  if (size !== size) return sink.malformed(Field.reason("v", "a size above 0", v))
  if (exchangeTime !== exchangeTime) return sink.malformed(Field.reason("T or ts", "a time", T ?? frameTime))
  const event = {
    type: "trade",
    venue,
    symbol,
    exchangeTime: exchangeTime as number,
    receivedTime,
    id,
    price,
    size,
    side: S === "Buy" ? "buy" : "sell",
    origin: "stream"
  } as const
  if (exchangeTime !== undefined && Decimal.isExact(p as string) && Decimal.isExact(v as string)) sink.event(event)
  else sink.event(Exact.sparse<Event.Trade>({ ...event, exact: undefined }, Exact.inexact(sink, { price: p, size: v })))
})
