/**
 * Books: changes of 50, 200 and 1000 levels on the snapshot that comes before them, and the best level of each side,
 * which is a quote and a whole book of one level in one.
 *
 * An update id of 1 is a snapshot whatever the frame says of itself: the venue's service has begun anew. Times are the
 * matching engine's (`cts`) where there is one. What only the type of a frame could tell apart is malformed without it.
 * Source: docs/venues/bybit.md, "Books" and "Book chain".
 */
import { type BookRule, type Event, Exact, Field, Levels, type SocketVenue } from "@tidewire/core"
import { type Context, isRow, type Reader, type Row } from "./reader.ts"

/** The update id with which the venue's service begins. */
export const FIRST_UPDATE = 1

/** A side without a level is price 0 and size 0. */
const EMPTY: Event.Level = [0, 0]

interface Read {
  readonly symbol: string
  readonly update: number
  readonly bids: ReadonlyArray<Event.Level>
  readonly asks: ReadonlyArray<Event.Level>
  readonly exchangeTime: number | undefined
  readonly exact: Exact.Exact | undefined
}

/** `{"s":"BTCUSDT","b":[["61250.90","3.21"]],"a":[["61251.00","2.005"]],"u":700100,"seq":88000100}` and `cts` beside it; else why not. */
const read = (frame: Row, sink: SocketVenue.DecodeSink): Read | string => {
  const { cts, data, ts } = frame
  if (!isRow(data)) return Field.reason("data", "an object", data)
  const symbol = Field.symbol(data["s"])
  const update = Field.integer(data["u"])
  const bids = Levels.read(data["b"], "bids")
  const asks = Levels.read(data["a"], "asks")
  const exchangeTime = Field.eventTime(cts, ts)
  if (symbol === "") return Field.reason("s", "a symbol", data["s"])
  if (update !== update) return Field.reason("u", "an update id", data["u"])
  if (typeof bids === "string") return bids
  if (typeof asks === "string") return asks
  if (exchangeTime !== exchangeTime) return Field.reason("cts or ts", "a time", cts ?? ts)
  return { symbol, update, bids, asks, exchangeTime, exact: Levels.inexact(sink, data["b"], data["a"]) }
}

/** `orderbook.50`, `.200` and `.1000` */
export const change: Reader = (frame, { receivedTime }, sink) => {
  const { type } = frame
  if (type !== "snapshot" && type !== "delta") {
    return sink.malformed(Field.reason("type", "snapshot or delta", type))
  }
  const found = read(frame, sink)
  if (typeof found === "string") return sink.malformed(found)
  const { asks, bids, exact, exchangeTime, symbol, update } = found
  const isWhole = type === "snapshot" || update === FIRST_UPDATE
  if (exchangeTime !== undefined && exact === undefined) {
    if (isWhole) sink.snapshot({ symbol, sequence: update, bids, asks, exchangeTime, receivedTime })
    else sink.delta({ symbol, first: update, last: update, bids, asks, exchangeTime, receivedTime })
    return
  }
  const stamps = { symbol, exchangeTime, receivedTime, bids, asks, exact: undefined }
  if (isWhole) sink.snapshot(Exact.sparse<BookRule.BookSnapshot>({ ...stamps, sequence: update }, exact))
  else {
    sink.delta(Exact.sparse<BookRule.BookDelta>({ ...stamps, first: update, last: update, previous: undefined }, exact))
  }
}

/** `orderbook.1`; repeated every 3 s with the same id when nothing changes. */
export const wholeBook: Reader = (frame, context, sink) => {
  if (frame["type"] !== "snapshot") return sink.malformed(Field.reason("type", "snapshot", frame["type"]))
  const found = read(frame, sink)
  if (typeof found === "string") return sink.malformed(found)
  const { asks, bids, exact, exchangeTime, symbol, update: sequence } = found
  const { receivedTime, venue } = context
  if (exchangeTime !== undefined && exact === undefined) {
    const [bid, bidSize] = bids[0] ?? EMPTY
    const [ask, askSize] = asks[0] ?? EMPTY
    sink.event({ type: "quote", venue, symbol, exchangeTime, receivedTime, bid, bidSize, ask, askSize, sequence })
    sink.event({ type: "book", venue, symbol, exchangeTime, receivedTime, kind: "snapshot", bids, asks, sequence })
    return
  }
  inexactQuote(found, context, sink)
  const stamps = { venue, symbol, exchangeTime, receivedTime, sequence, exact: undefined } as const
  sink.event(Exact.sparse<Event.Book>({ type: "book", ...stamps, kind: "snapshot", bids, asks }, exact))
}

/** The places in a book that a quote is made of. */
const places = [
  ["bid", "bids[0][0]"],
  ["bidSize", "bids[0][1]"],
  ["ask", "asks[0][0]"],
  ["askSize", "asks[0][1]"]
] as const

const inexactQuote = (found: Read, { receivedTime, venue }: Context, sink: SocketVenue.DecodeSink): void => {
  const { exact, exchangeTime, symbol, update: sequence } = found
  const [bid, bidSize] = found.bids[0] ?? EMPTY
  const [ask, askSize] = found.asks[0] ?? EMPTY
  const texts = places.flatMap(([field, place]) =>
    exact?.[place] === undefined ? [] : [[field, exact[place]] as const]
  )
  const stamps = { type: "quote", venue, symbol, exchangeTime, receivedTime, exact: undefined } as const
  const event = { ...stamps, bid, bidSize, ask, askSize, sequence }
  sink.event(Exact.sparse<Event.Quote>(event, texts.length === 0 ? undefined : Object.fromEntries(texts)))
}
