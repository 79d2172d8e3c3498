/**
 * Bars (`kline`). The venue repeats a bar while it stands; `x` is true on the message that closes it.
 * Source: docs/venues/binance.md, "Bars".
 */
import { Decimal, type Event, Exact, Field, Interval } from "@tidewire/core"
import { isRow, type Reader } from "./reader.ts"

/** `{"e":"kline","E":1790000001999,"s":"BTCUSDT","k":{"t":…,"T":…,"i":"1m","o":"1","h":"1","l":"1","c":"1",…}}` */
export const bar: Reader = (row, context, sink) => {
  const { s, k } = row
  if (!isRow(k)) return sink.malformed(Field.reason("k", "a bar", k))
  const { i, o, h, l, c, v, q, x } = k
  const name = Field.symbol(s)
  const openTime = Field.time(k["t"])
  const closeTime = Field.time(k["T"])
  const open = Field.notNegative(o)
  const high = Field.notNegative(h)
  const low = Field.notNegative(l)
  const close = Field.notNegative(c)
  const volume = Field.notNegative(v)
  const quoteVolume = Field.notNegative(q)
  const trades = Field.integer(k["n"])
  const exchangeTime = Field.eventTime(undefined, row["E"])
  if (name === "") return sink.malformed(Field.reason("s", "a symbol", s))
  if (typeof i !== "string") return sink.malformed(Field.reason("k.i", "an interval", i))
  if (!Interval.isInterval(i)) return sink.unknown(`kline ${i}`)
  if (openTime !== openTime) return sink.malformed(Field.reason("k.t", "a time", k["t"]))
  if (closeTime !== closeTime) return sink.malformed(Field.reason("k.T", "a time", k["T"]))
  if (open !== open) return sink.malformed(Field.reason("k.o", "a price", o))
  if (high !== high) return sink.malformed(Field.reason("k.h", "a price", h))
  if (low !== low) return sink.malformed(Field.reason("k.l", "a price", l))
  if (close !== close) return sink.malformed(Field.reason("k.c", "a price", c))
  if (volume !== volume) return sink.malformed(Field.reason("k.v", "a volume", v))
  if (quoteVolume !== quoteVolume) return sink.malformed(Field.reason("k.q", "a volume", q))
  if (trades !== trades) return sink.malformed(Field.reason("k.n", "a count", k["n"]))
  if (typeof x !== "boolean") return sink.malformed(Field.reason("k.x", "true or false", x))
  if (exchangeTime !== exchangeTime) return sink.malformed(Field.reason("E", "a time", row["E"]))
  const event = {
    type: "bar",
    venue: context.venue,
    symbol: name,
    exchangeTime: exchangeTime as number,
    receivedTime: context.receivedTime,
    interval: i,
    openTime,
    closeTime,
    open,
    high,
    low,
    close,
    volume,
    quoteVolume,
    trades,
    isFinal: x,
    origin: "stream"
  } as const
  const exact =
    Decimal.isExact(o as string) &&
    Decimal.isExact(h as string) &&
    Decimal.isExact(l as string) &&
    Decimal.isExact(c as string) &&
    Decimal.isExact(v as string) &&
    Decimal.isExact(q as string)
  if (exact && exchangeTime !== undefined) return sink.event(event)
  const texts = Exact.inexact(sink, { open: o, high: h, low: l, close: c, volume: v, quoteVolume: q })
  sink.event(Exact.sparse<Event.Bar>({ ...event, exact: undefined }, texts))
}
