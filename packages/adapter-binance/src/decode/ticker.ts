/**
 * Statistics of the last 24 hours (`24hrTicker`). Spot rows have a best bid and ask, which are absent here when that
 * side is empty (price 0); futures rows have none.
 * Source: docs/venues/binance.md, "Streams of spot" and "Streams of USDⓈ-M".
 */
import { type Event, Exact, Field } from "@tidewire/core"
import type { Reader } from "./reader.ts"

/** `{"e":"24hrTicker","E":1790000000200,"s":"BTCUSDT","c":"61250.1","o":"60800","h":"61900","l":"60500",…}` */
export const ticker: Reader = (row, context, sink) => {
  const { s, c, o, h, l, v, q, b, a } = row
  const name = Field.symbol(s)
  const last = Field.notNegative(c)
  const open = Field.notNegative(o)
  const high = Field.notNegative(h)
  const low = Field.notNegative(l)
  const volume = Field.notNegative(v)
  const quoteVolume = Field.notNegative(q)
  const bid = b === undefined ? 0 : Field.notNegative(b)
  const ask = a === undefined ? 0 : Field.notNegative(a)
  const exchangeTime = Field.eventTime(undefined, row["E"])
  if (name === "") return sink.malformed(Field.reason("s", "a symbol", s))
  if (last !== last) return sink.malformed(Field.reason("c", "a price", c))
  if (open !== open) return sink.malformed(Field.reason("o", "a price", o))
  if (high !== high) return sink.malformed(Field.reason("h", "a price", h))
  if (low !== low) return sink.malformed(Field.reason("l", "a price", l))
  if (volume !== volume) return sink.malformed(Field.reason("v", "a volume", v))
  if (quoteVolume !== quoteVolume) return sink.malformed(Field.reason("q", "a volume", q))
  if (bid !== bid) return sink.malformed(Field.reason("b", "a price", b))
  if (ask !== ask) return sink.malformed(Field.reason("a", "a price", a))
  if (exchangeTime !== exchangeTime) return sink.malformed(Field.reason("E", "a time", row["E"]))
  const event = {
    type: "ticker",
    venue: context.venue,
    symbol: name,
    exchangeTime,
    receivedTime: context.receivedTime,
    last,
    open,
    high,
    low,
    volume,
    quoteVolume,
    bid: bid === 0 ? undefined : bid,
    ask: ask === 0 ? undefined : ask,
    exact: undefined
  } as const
  const exact = Exact.inexact(sink, { last: c, open: o, high: h, low: l, volume: v, quoteVolume: q, bid: b, ask: a })
  sink.event(Exact.sparse<Event.Ticker>(event, exact))
}
