/**
 * Best bid and ask (`bookTicker`). Futures rows carry times, spot rows none. An empty side is price 0 and size 0; a
 * price of 0 with a size is impossible.
 * Source: docs/venues/binance.md, "Streams of spot" and "Streams of USDⓈ-M".
 */
import { Decimal, type Event, Exact, Field } from "@tidewire/core"
import type { Reader } from "./reader.ts"

/** `{"u":8123456789,"s":"BTCUSDT","b":"61250.10","B":"1.5","a":"61250.11","A":"0.82"}` */
export const quote: Reader = (row, context, sink) => {
  const { s, u, b, B, a, A } = row
  const name = Field.symbol(s)
  const sequence = Field.integer(u)
  const bid = Field.notNegative(b)
  const bidSize = Field.notNegative(B)
  const ask = Field.notNegative(a)
  const askSize = Field.notNegative(A)
  const exchangeTime = Field.eventTime(row["T"], row["E"])
  if (name === "") return sink.malformed(Field.reason("s", "a symbol", s))
  if (sequence !== sequence) return sink.malformed(Field.reason("u", "an update id", u))
  if (bid !== bid || (bid === 0 && bidSize > 0)) return sink.malformed(Field.reason("b", "a price", b))
  if (bidSize !== bidSize) return sink.malformed(Field.reason("B", "a size of 0 or more", B))
  if (ask !== ask || (ask === 0 && askSize > 0)) return sink.malformed(Field.reason("a", "a price", a))
  if (askSize !== askSize) return sink.malformed(Field.reason("A", "a size of 0 or more", A))
  if (exchangeTime !== exchangeTime) return sink.malformed(Field.reason("T or E", "a time", row["T"] ?? row["E"]))
  const exact =
    Decimal.isExact(b as string) &&
    Decimal.isExact(B as string) &&
    Decimal.isExact(a as string) &&
    Decimal.isExact(A as string)
  if (exact) {
    const { venue, receivedTime } = context
    sink.event(
      exchangeTime === undefined
        ? { type: "quote", venue, symbol: name, receivedTime, bid, bidSize, ask, askSize, sequence }
        : { type: "quote", venue, symbol: name, exchangeTime, receivedTime, bid, bidSize, ask, askSize, sequence }
    )
    return
  }
  sink.event(
    Exact.sparse<Event.Quote>(
      {
        type: "quote",
        venue: context.venue,
        symbol: name,
        exchangeTime,
        receivedTime: context.receivedTime,
        bid,
        bidSize,
        ask,
        askSize,
        sequence,
        exact: undefined
      },
      Exact.inexact(sink, { bid: b, bidSize: B, ask: a, askSize: A })
    )
  )
}
