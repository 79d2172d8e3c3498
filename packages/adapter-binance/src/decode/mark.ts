/**
 * Mark price, index price and funding (`markPriceUpdate`). Contracts with a delivery date have no funding: rate `""`
 * and time 0, which are absent in the event.
 * Source: docs/venues/binance.md, "Streams of USDⓈ-M".
 */
import { type Event, Exact, Field } from "@tidewire/core"
import type { Reader } from "./reader.ts"

const isAbsent = (value: unknown): boolean => value === undefined || value === ""

/** `{"e":"markPriceUpdate","E":1790000001000,"s":"BTCUSDT","p":"61250.55","i":"61251.1","r":"0.0001","T":…}` */
export const mark: Reader = (row, context, sink) => {
  const { s, p, i, r, T } = row
  const name = Field.symbol(s)
  const price = isAbsent(p) ? undefined : Field.notNegative(p)
  const index = isAbsent(i) ? undefined : Field.notNegative(i)
  const fundingRate = isAbsent(r) ? undefined : Field.decimal(r)
  const nextFundingTime = T === undefined || T === 0 ? undefined : Field.time(T)
  const exchangeTime = Field.eventTime(undefined, row["E"])
  if (name === "") return sink.malformed(Field.reason("s", "a symbol", s))
  if (price !== price) return sink.malformed(Field.reason("p", "a price", p))
  if (index !== index) return sink.malformed(Field.reason("i", "a price", i))
  if (fundingRate !== fundingRate) return sink.malformed(Field.reason("r", "a rate", r))
  if (nextFundingTime !== nextFundingTime) return sink.malformed(Field.reason("T", "a time", T))
  if (exchangeTime !== exchangeTime) return sink.malformed(Field.reason("E", "a time", row["E"]))
  const { venue, receivedTime } = context
  const event = { type: "mark", venue, symbol: name, exchangeTime, receivedTime, mark: price, index } as const
  const exact = Exact.inexact(sink, { mark: p, index: i, fundingRate: r })
  sink.event(Exact.sparse<Event.Mark>({ ...event, fundingRate, nextFundingTime, exact: undefined }, exact))
}
