/**
 * Bars (`kline`). The venue repeats a bar while it stands; `confirm` is true on the message that closes it. Only the topic
 * names the symbol. The time is the frame's: the row has that of its last trade, which stands still while the bar is told
 * again. Where sizes are amounts of the quote asset, so is the volume, and the turnover is not.
 * Source: docs/venues/bybit.md, "Bars" and "Sizes of inverse contracts".
 */
import { type Event, Exact, Field } from "@tidewire/core"
import * as intervals from "../intervals.ts"
import { eachRow, topicSymbol } from "./reader.ts"

/** `{"start":1789999980000,"end":1790000039999,"interval":"1","open":"61240","close":"61250",…,"confirm":false}` */
export const bar = eachRow((row, context, sink, frameTime) => {
  const { close: c, confirm, end, high: h, low: l, open: o, start, turnover: q, volume: v } = row
  const interval = intervals.read(row["interval"])
  const symbol = topicSymbol(context)
  const openTime = Field.time(start)
  const closeTime = Field.time(end)
  const open = Field.notNegative(o)
  const high = Field.notNegative(h)
  const low = Field.notNegative(l)
  const close = Field.notNegative(c)
  const volume = Field.notNegative(v)
  const turnover = Field.notNegative(q)
  const exchangeTime = Field.eventTime(undefined, frameTime)
  if (symbol === "") return sink.malformed(Field.reason("topic", "a symbol", context.topic))
  if (typeof row["interval"] !== "string")
    return sink.malformed(Field.reason("interval", "an interval", row["interval"]))
  if (interval === undefined) return sink.unknown(`kline ${row["interval"]}`)
  if (openTime !== openTime) return sink.malformed(Field.reason("start", "a time", start))
  if (closeTime !== closeTime) return sink.malformed(Field.reason("end", "a time", end))
  if (open !== open) return sink.malformed(Field.reason("open", "a price", o))
  if (high !== high) return sink.malformed(Field.reason("high", "a price", h))
  if (low !== low) return sink.malformed(Field.reason("low", "a price", l))
  if (close !== close) return sink.malformed(Field.reason("close", "a price", c))
  if (volume !== volume) return sink.malformed(Field.reason("volume", "a volume", v))
  if (turnover !== turnover) return sink.malformed(Field.reason("turnover", "a volume", q))
  if (typeof confirm !== "boolean") return sink.malformed(Field.reason("confirm", "true or false", confirm))
  if (exchangeTime !== exchangeTime) {
    return sink.malformed(Field.reason("ts", "a time", frameTime))
  }
  const { receivedTime, sizeUnit, venue } = context
  const quoteText = sizeUnit === "base" ? q : v
  const event = {
    type: "bar",
    venue,
    symbol,
    exchangeTime,
    receivedTime,
    interval,
    openTime,
    closeTime,
    open,
    high,
    low,
    close,
    volume,
    quoteVolume: sizeUnit === "base" ? turnover : volume,
    trades: undefined,
    isFinal: confirm,
    origin: "stream",
    exact: undefined
  } as const
  const exact = Exact.inexact(sink, { open: o, high: h, low: l, close: c, volume: v, quoteVolume: quoteText })
  sink.event(Exact.sparse<Event.Bar>(event, exact))
})
