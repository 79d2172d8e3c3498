/**
 * Books: changes of a checked book (`@depth`), and whole books of few levels (`@depth5`, `@depth10`, `@depth20`).
 *
 * On futures both have the same fields, and only the stream's name tells them apart; spot's whole books have no kind
 * and no symbol at all. A change that the rule could not chain (ids missing, in the wrong order) is malformed.
 * Source: docs/venues/binance.md, "Books".
 */
import { type BookRule, type Event, Exact, Field, Levels } from "@tidewire/core"
import { type Reader, streamSymbol } from "./reader.ts"

/** The part of a stream's name after its symbol, up to the number of levels. */
const DEPTH = "@depth"

/** True for the name of a stream of whole books: `btcusdt@depth20@100ms`. */
export const isPartialStream = (stream: string): boolean => {
  const at = stream.lastIndexOf(DEPTH)
  const code = at === -1 ? 0 : stream.charCodeAt(at + DEPTH.length)
  return code >= 48 && code <= 57
}

/** `{"e":"depthUpdate","E":1790000000152,"T":1790000000149,"s":"BTCUSDT","U":101,"u":123,"pu":99,"b":[],"a":[]}` */
export const change =
  (chain: "by first id" | "by previous id"): Reader =>
  (row, context, sink) => {
    const { s, U, u, pu } = row
    const name = Field.symbol(s)
    const first = Field.integer(U)
    const last = Field.integer(u)
    const previous = chain === "by previous id" ? Field.integer(pu) : undefined
    const bids = Levels.read(row["b"], "bids")
    const asks = Levels.read(row["a"], "asks")
    const exchangeTime = Field.eventTime(row["T"], row["E"])
    if (name === "") return sink.malformed(Field.reason("s", "a symbol", s))
    if (first !== first) return sink.malformed(Field.reason("U", "an update id", U))
    if (last !== last || last < first) return sink.malformed(Field.reason("u", "an update id not below U", u))
    if (previous !== previous) return sink.malformed(Field.reason("pu", "an update id", pu))
    if (typeof bids === "string") return sink.malformed(bids)
    if (typeof asks === "string") return sink.malformed(asks)
    if (exchangeTime !== exchangeTime) return sink.malformed(Field.reason("T or E", "a time", row["T"] ?? row["E"]))
    const { receivedTime } = context
    const exact = Levels.inexact(sink, row["b"], row["a"])
    if (exchangeTime === undefined || exact !== undefined) {
      const fields = { symbol: name, first, last, previous, bids, asks, exchangeTime, receivedTime, exact: undefined }
      sink.delta(Exact.sparse<BookRule.BookDelta>(fields, exact))
    } else if (previous === undefined) {
      sink.delta({ symbol: name, first, last, bids, asks, exchangeTime, receivedTime })
    } else {
      sink.delta({ symbol: name, first, last, previous, bids, asks, exchangeTime, receivedTime })
    }
  }

/** Futures: what a `depthUpdate` is, its stream's name says; a raw one is a change. */
export const changeOrWhole = (readChange: Reader): Reader => {
  const readWhole = whole("s", "u", "b", "a")
  return (row, context, sink) => {
    const { stream } = context
    if (stream === undefined) return readChange(row, context, sink)
    // @rpiDepth carries another book, with retail orders, under the same event kind
    if (!stream.includes(DEPTH)) return sink.unknown(stream)
    return isPartialStream(stream) ? readWhole(row, context, sink) : readChange(row, context, sink)
  }
}

/** A whole book; without a field for its symbol the stream's name has it. */
const whole =
  (symbolField: "s" | undefined, idField: string, bidsField: string, asksField: string): Reader =>
  (row, context, sink) => {
    const name = symbolField === undefined ? streamSymbol(context) : Field.symbol(row[symbolField])
    const sequence = Field.integer(row[idField])
    const bids = Levels.read(row[bidsField], "bids")
    const asks = Levels.read(row[asksField], "asks")
    const exchangeTime = Field.eventTime(row["T"], row["E"])
    if (name === "") return sink.malformed(Field.reason("s", "a symbol", row["s"] ?? context.stream))
    if (sequence !== sequence) return sink.malformed(Field.reason(idField, "an update id", row[idField]))
    if (typeof bids === "string") return sink.malformed(bids)
    if (typeof asks === "string") return sink.malformed(asks)
    if (exchangeTime !== exchangeTime) return sink.malformed(Field.reason("T or E", "a time", row["T"] ?? row["E"]))
    const exact = Levels.inexact(sink, row[bidsField], row[asksField])
    const { venue, receivedTime } = context
    const kind = "snapshot"
    if (exact !== undefined) {
      const fields = {
        type: "book",
        venue,
        symbol: name,
        exchangeTime,
        receivedTime,
        kind,
        bids,
        asks,
        sequence
      } as const
      sink.event(Exact.sparse<Event.Book>({ ...fields, exact: undefined }, exact))
    } else if (exchangeTime === undefined) {
      sink.event({ type: "book", venue, symbol: name, receivedTime, kind, bids, asks, sequence })
    } else {
      sink.event({ type: "book", venue, symbol: name, exchangeTime, receivedTime, kind, bids, asks, sequence })
    }
  }

/** `{"lastUpdateId":8123456789,"bids":[["61250.10","1.5"]],"asks":[["61250.11","0.82"]]}` */
export const wholeBook: Reader = whole(undefined, "lastUpdateId", "bids", "asks")
