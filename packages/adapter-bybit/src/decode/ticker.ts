/**
 * Tickers (`tickers`): statistics of the last 24 hours, and of contracts their mark price, index price and funding. An
 * event is told when a field of it was in the frame, and a ticker only once everything is known that it must have. A
 * change whose ticker has not come whole in this session says nothing yet.
 * Source: docs/venues/bybit.md, "Tickers".
 */
import { type Event, Exact, Field, type SocketVenue } from "@tidewire/core"
import { type Context, isRow, type Reader } from "./reader.ts"
import type { Merged, Ticker } from "./tickers.ts"

/** `{"symbol":"BTCUSDT","lastPrice":"61250.90","prevPrice24h":"60800","markPrice":"61250.55","fundingRate":"0.0001",…}` */
export const ticker: Reader = (frame, context, sink) => {
  const { sizeUnit, tickers } = context
  const { data, ts, type } = frame
  if (type !== "snapshot" && type !== "delta") return sink.malformed(Field.reason("type", "snapshot or delta", type))
  if (!isRow(data)) return sink.malformed(Field.reason("data", "an object", data))
  const symbol = Field.symbol(data["symbol"])
  const exchangeTime = Field.eventTime(undefined, ts)
  if (symbol === "") return sink.malformed(Field.reason("symbol", "a symbol", data["symbol"]))
  if (exchangeTime !== exchangeTime) return sink.malformed(Field.reason("ts", "a time", ts))
  const known = type === "snapshot" ? tickers.begin(symbol) : tickers.find(symbol)
  if (known === undefined) return sink.ignored()
  const merged = known.merge(data, sizeUnit, sink)
  if (merged.malformed !== undefined) return sink.malformed(merged.malformed)
  tellTicker(known, merged, exchangeTime, context, sink)
}

/** Tells of a ticker as it stands the events that a frame had a field of. */
export const tellTicker = (
  known: Ticker,
  merged: Pick<Merged, "ticker" | "mark">,
  exchangeTime: number | undefined,
  { receivedTime, venue }: Context,
  sink: SocketVenue.DecodeSink
): void => {
  const { symbol } = known
  const stamps = { venue, symbol, exchangeTime, receivedTime, exact: undefined }
  const { ask, bid, fundingRate, high, index, last, low, mark, nextFundingTime, open, quoteVolume, volume } =
    known.values
  const isTicker =
    merged.ticker &&
    last !== undefined &&
    open !== undefined &&
    high !== undefined &&
    low !== undefined &&
    volume !== undefined &&
    quoteVolume !== undefined
  const hasMark = (mark ?? index ?? fundingRate ?? nextFundingTime) !== undefined
  const isMark = merged.mark && hasMark
  if (isTicker) {
    const exact = known.exact("ticker")
    if (exchangeTime !== undefined && bid !== undefined && bid > 0 && ask !== undefined && ask > 0) {
      const statistics = { last, open, high, low, volume, quoteVolume, bid, ask }
      const event = { type: "ticker", venue, symbol, exchangeTime, receivedTime, ...statistics } as const
      sink.event(exact === undefined ? event : { ...event, exact })
    } else {
      const statistics = { last, open, high, low, volume, quoteVolume, bid: present(bid), ask: present(ask) }
      sink.event(Exact.sparse<Event.Ticker>({ type: "ticker", ...stamps, ...statistics }, exact))
    }
  }
  if (isMark) {
    const exact = known.exact("mark")
    const isWhole = mark !== undefined && index !== undefined && fundingRate !== undefined
    if (exchangeTime !== undefined && isWhole && nextFundingTime !== undefined && nextFundingTime > 0) {
      const values = { mark, index, fundingRate, nextFundingTime }
      const event = { type: "mark", venue, symbol, exchangeTime, receivedTime, ...values } as const
      sink.event(exact === undefined ? event : { ...event, exact })
    } else {
      const values = { mark, index, fundingRate, nextFundingTime: present(nextFundingTime) }
      sink.event(Exact.sparse<Event.Mark>({ type: "mark", ...stamps, ...values }, exact))
    }
  }
  if (!isTicker && !isMark) sink.ignored()
}

/** The venue's 0 for an empty side, and for no funding, is nothing. */
const present = (value: number | undefined): number | undefined => (value === 0 ? undefined : value)
