/**
 * Trades: spot `trade` (one fill, id `t`) and futures `aggTrade` (the fills of one taker order at one price, id `a`).
 * A trade without a price and a size above 0 is no trade: it is rejected with the field's name.
 */
import { Decimal, type Event, Exact, Field } from "@tidewire/core"
import type { Reader } from "./reader.ts"

/** `{"e":"trade","E":1790000000123,"s":"BTCUSDT","t":5550001,"p":"61250.1","q":"0.015","T":1790000000122,"m":true}` */
const reader =
  (idField: "t" | "a"): Reader =>
  (row, context, sink) => {
    const { s, p, q, m } = row
    const name = Field.symbol(s)
    const id = Field.integer(row[idField])
    const price = Field.positive(p)
    const size = Field.positive(q)
    const exchangeTime = Field.eventTime(row["T"], row["E"])
    if (name === "") return sink.malformed(Field.reason("s", "a symbol", s))
    if (id !== id) return sink.malformed(Field.reason(idField, "a trade id", row[idField]))
    if (price !== price) return sink.malformed(Field.reason("p", "a price above 0", p))
    if (size !== size) return sink.malformed(Field.reason("q", "a size above 0", q))
    if (typeof m !== "boolean") return sink.malformed(Field.reason("m", "true or false", m))
    if (exchangeTime !== exchangeTime) return sink.malformed(Field.reason("T or E", "a time", row["T"] ?? row["E"]))
    const event = {
      type: "trade",
      venue: context.venue,
      symbol: name,
      exchangeTime: exchangeTime as number,
      receivedTime: context.receivedTime,
      id: String(id),
      price,
      size,
      // m says that the buyer was the maker: then the taker sold
      side: m ? "sell" : "buy",
      origin: "stream"
    } as const
    if (exchangeTime !== undefined && Decimal.isExact(p as string) && Decimal.isExact(q as string)) sink.event(event)
    else
      sink.event(Exact.sparse<Event.Trade>({ ...event, exact: undefined }, Exact.inexact(sink, { price: p, size: q })))
  }

/** Source: docs/venues/binance.md, "Streams of spot". */
export const trade = reader("t")

/** Source: docs/venues/binance.md, "Streams of USDⓈ-M". */
export const aggregateTrade = reader("a")
