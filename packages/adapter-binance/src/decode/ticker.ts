/**
 * Statistics of the last 24 hours (`24hrTicker`). Spot rows have a best bid and ask, which are absent here when that
 * side is empty (price 0); futures rows have none.
 * Source: docs/venues/binance.md, "Streams of spot" and "Streams of USDⓈ-M".
 */
import type { Event } from "@tidewire/core"
import { inexact, sparse } from "./exact.ts"
import { eventTime, notNegative, reason, symbol } from "./fields.ts"
import type { Reader } from "./reader.ts"

/** `{"e":"24hrTicker","E":1790000000200,"s":"BTCUSDT","c":"61250.1","o":"60800","h":"61900","l":"60500",…}` */
export const ticker: Reader = (row, context, sink) => {
  const { s, c, o, h, l, v, q, b, a } = row
  const name = symbol(s)
  const last = notNegative(c)
  const open = notNegative(o)
  const high = notNegative(h)
  const low = notNegative(l)
  const volume = notNegative(v)
  const quoteVolume = notNegative(q)
  const bid = b === undefined ? 0 : notNegative(b)
  const ask = a === undefined ? 0 : notNegative(a)
  const exchangeTime = eventTime(undefined, row["E"])
  if (name === "") return sink.malformed(reason("s", "a symbol", s))
  if (last !== last) return sink.malformed(reason("c", "a price", c))
  if (open !== open) return sink.malformed(reason("o", "a price", o))
  if (high !== high) return sink.malformed(reason("h", "a price", h))
  if (low !== low) return sink.malformed(reason("l", "a price", l))
  if (volume !== volume) return sink.malformed(reason("v", "a volume", v))
  if (quoteVolume !== quoteVolume) return sink.malformed(reason("q", "a volume", q))
  if (bid !== bid) return sink.malformed(reason("b", "a price", b))
  if (ask !== ask) return sink.malformed(reason("a", "a price", a))
  if (exchangeTime !== exchangeTime) return sink.malformed(reason("E", "a time", row["E"]))
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
  const exact = inexact(sink, { last: c, open: o, high: h, low: l, volume: v, quoteVolume: q, bid: b, ask: a })
  sink.event(sparse<Event.Ticker>(event, exact))
}
