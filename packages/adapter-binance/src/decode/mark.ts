/**
 * Mark price, index price and funding (`markPriceUpdate`). Contracts with a delivery date have no funding: rate `""`
 * and time 0, which are absent in the event.
 * Source: docs/venues/binance.md, "Streams of USDⓈ-M".
 */
import type { Event } from "@tidewire/core"
import { decimal, eventTime, notNegative, reason, symbol, time } from "./fields.ts"
import { inexact, sparse } from "./exact.ts"
import type { Reader } from "./reader.ts"

const isAbsent = (value: unknown): boolean => value === undefined || value === ""

/** `{"e":"markPriceUpdate","E":1790000001000,"s":"BTCUSDT","p":"61250.55","i":"61251.1","r":"0.0001","T":…}` */
export const mark: Reader = (row, context, sink) => {
  const { s, p, i, r, T } = row
  const name = symbol(s)
  const price = isAbsent(p) ? undefined : notNegative(p)
  const index = isAbsent(i) ? undefined : notNegative(i)
  const fundingRate = isAbsent(r) ? undefined : decimal(r)
  const nextFundingTime = T === undefined || T === 0 ? undefined : time(T)
  const exchangeTime = eventTime(undefined, row["E"])
  if (name === "") return sink.malformed(reason("s", "a symbol", s))
  if (price !== price) return sink.malformed(reason("p", "a price", p))
  if (index !== index) return sink.malformed(reason("i", "a price", i))
  if (fundingRate !== fundingRate) return sink.malformed(reason("r", "a rate", r))
  if (nextFundingTime !== nextFundingTime) return sink.malformed(reason("T", "a time", T))
  if (exchangeTime !== exchangeTime) return sink.malformed(reason("E", "a time", row["E"]))
  const { venue, receivedTime } = context
  const event = { type: "mark", venue, symbol: name, exchangeTime, receivedTime, mark: price, index } as const
  const exact = inexact(sink, { mark: p, index: i, fundingRate: r })
  sink.event(sparse<Event.Mark>({ ...event, fundingRate, nextFundingTime, exact: undefined }, exact))
}
