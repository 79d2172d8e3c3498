/**
 * The frames that come most (trades, quotes, changes of books), read from the text of a combined frame without
 * `JSON.parse`. Whatever is not exactly as expected is left to the decoder, which sees the same frame anew.
 *
 * Guarantees: the sink is told nothing, or the one event that the decoder would have told; keys may come in any order and
 * unknown ones may be among them.
 */
import { Frame, Scanner, type SocketVenue } from "@tidewire/core"

/** What a scan needs beside the text. */
export interface Scope {
  readonly scanner: Scanner.Scanner
  /** What events carry as `venue`. */
  readonly venue: string
  receivedTime: number
  /** The row's times as far as they were met; -1 before. */
  matchingTime: number
  eventTime: number
}

/** Reads the row at the scanner and tells it; false when it is to be read another way. Nothing may be told then. */
export type Scan = (scope: Scope, sink: SocketVenue.DecodeSink) => boolean

/** How a combined frame begins, goes on after its stream's name, and ends after its row. */
const BEFORE_STREAM = Scanner.bytesOf('{"stream":"')
const BEFORE_ROW = '","data":'
const AFTER_ROW = Scanner.bytesOf("}")

const SPACE = 32
const QUOTE = 34
const AT = 64
const BACKSLASH = 92

/** Tries the scan of the stream that a frame names; `scans` are by what follows the symbol, `trade`, `depth@100ms`. */
export const make = (scans: ReadonlyMap<string, Scan>, venue: string) => {
  const scope: Scope = { scanner: new Scanner.Scanner(), venue, receivedTime: 0, matchingTime: -1, eventTime: -1 }
  const byStream = [...scans].map(([stream, scan]) => ({ ending: Scanner.bytesOf(`@${stream}${BEFORE_ROW}`), scan }))

  return (frame: Frame.Frame, receivedTime: number, sink: SocketVenue.DecodeSink): boolean => {
    const bytes = Frame.bytes(frame)
    if (!Scanner.startsWith(bytes, BEFORE_STREAM, 0)) return false
    const at = endOfSymbol(bytes)
    for (const { ending, scan } of byStream) {
      if (!Scanner.startsWith(bytes, ending, at)) continue
      scope.receivedTime = receivedTime
      scope.matchingTime = -1
      scope.eventTime = -1
      scope.scanner.begin(bytes, at + ending.length)
      return scan(scope, sink)
    }
    return false
  }
}

/** Where a stream's name has its `@`, or where it has something that no name has. */
const endOfSymbol = (bytes: Uint8Array): number => {
  for (let at = BEFORE_STREAM.length; ; at++) {
    const code = bytes[at]!
    // past the end there is nothing, which is no greater than anything
    if (code === AT || code === QUOTE || code === BACKSLASH || !(code > SPACE)) return at
  }
}

/** True when all of a frame was taken, and nothing in it was out of the ordinary. */
export const isWhole = ({ scanner }: Scope): boolean => scanner.isPlain && scanner.isAtEnd(AFTER_ROW)

/** The numbers of the keys that rows have in common, and of those that single kinds have. */
export const key = {
  kind: Scanner.keyOf("e"),
  eventTime: Scanner.keyOf("E"),
  matchingTime: Scanner.keyOf("T"),
  symbol: Scanner.keyOf("s"),
  family: Scanner.keyOf("st"),
  price: Scanner.keyOf("p"),
  quantity: Scanner.keyOf("q"),
  buyerIsMaker: Scanner.keyOf("m"),
  tradeId: Scanner.keyOf("t"),
  first: Scanner.keyOf("U"),
  last: Scanner.keyOf("u"),
  previous: Scanner.keyOf("pu"),
  bids: Scanner.keyOf("b"),
  bidSize: Scanner.keyOf("B"),
  asks: Scanner.keyOf("a"),
  askSize: Scanner.keyOf("A")
} as const

/** Rows of another family of contracts are not for this market. Source: docs/venues/binance.md, "Contract families". */
const USDM_FAMILY = 1

/** Takes a value that rows of every kind have, or passes over one that is not needed; false for another family's row. */
export const common = (scope: Scope, met: number): boolean => {
  const { scanner } = scope
  switch (met) {
    case key.matchingTime:
      scope.matchingTime = scanner.integer()
      return true
    case key.eventTime:
      scope.eventTime = scanner.integer()
      return true
    case key.family:
      return scanner.integer() === USDM_FAMILY
    default:
      scanner.skip()
      return true
  }
}

/** The matching time, else the event time; -1 when the row has neither. */
export const exchangeTimeOf = ({ eventTime, matchingTime }: Scope): number =>
  matchingTime === -1 ? eventTime : matchingTime
