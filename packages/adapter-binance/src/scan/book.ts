/** Books, scanned: changes of a checked book, and whole books of few levels. */
import { Shape, type SocketVenue } from "@tidewire/core"
import { type Context, streamSymbol } from "../decode/reader.ts"
import { family, type Scan, timeOf, times } from "./scan.ts"

const KIND = "depthUpdate"

/** The fields of a change; those of a whole book of futures are the same, of which fewer are needed. */
const fields = { e: Shape.choice(KIND), ...times, s: Shape.name, U: Shape.integer, u: Shape.integer, b: Shape.bids }
const rest = { a: Shape.asks, ...family }

const spotRow = Shape.make({ ...fields, ...rest })

export const spotChange: Scan = {
  data: spotRow.read,
  tell: ({ receivedTime }, sink) => {
    const { at, levels, numbers, texts } = spotRow
    const exchangeTime = timeOf(spotRow)
    const first = numbers[at.U]!
    const last = numbers[at.u]!
    if (exchangeTime !== exchangeTime || last < first) return false
    const symbol = texts[at.s]!
    sink.delta({ symbol, first, last, bids: levels[at.b]!, asks: levels[at.a]!, exchangeTime, receivedTime })
    return true
  }
}

const usdmRow = Shape.make({ ...fields, pu: Shape.integer, ...rest })

export const usdmChange: Scan = {
  data: usdmRow.read,
  tell: ({ receivedTime }, sink) => {
    const { at, levels, numbers, texts } = usdmRow
    const exchangeTime = timeOf(usdmRow)
    const first = numbers[at.U]!
    const last = numbers[at.u]!
    if (exchangeTime !== exchangeTime || last < first) return false
    const symbol = texts[at.s]!
    const previous = numbers[at.pu]!
    sink.delta({ symbol, first, last, previous, bids: levels[at.b]!, asks: levels[at.a]!, exchangeTime, receivedTime })
    return true
  }
}

const tellWhole = (
  symbol: string,
  sequence: number,
  exchangeTime: number,
  { levels }: Shape.Shape<never>,
  slots: { readonly bids: number; readonly asks: number },
  { receivedTime, venue }: Context,
  sink: SocketVenue.DecodeSink
): boolean => {
  const bids = levels[slots.bids]!
  const asks = levels[slots.asks]!
  sink.event(
    exchangeTime === exchangeTime
      ? { type: "book", venue, symbol, exchangeTime, receivedTime, kind: "snapshot", bids, asks, sequence }
      : { type: "book", venue, symbol, receivedTime, kind: "snapshot", bids, asks, sequence }
  )
  return true
}

const usdmWholeRow = Shape.make({
  e: Shape.choice(KIND),
  ...times,
  s: Shape.name,
  u: Shape.integer,
  b: Shape.bids,
  ...rest
})

export const usdmWhole: Scan = {
  data: usdmWholeRow.read,
  tell: (context, sink) => {
    const { at, numbers, texts } = usdmWholeRow
    const slots = { bids: at.b, asks: at.a }
    return tellWhole(texts[at.s]!, numbers[at.u]!, timeOf(usdmWholeRow), usdmWholeRow, slots, context, sink)
  }
}

/** Spot's whole books have no kind and no symbol. */
const spotWholeRow = Shape.make({
  e: Shape.optional(Shape.nested(() => false)),
  lastUpdateId: Shape.integer,
  bids: Shape.bids,
  asks: Shape.asks,
  ...times
})

export const spotWhole: Scan = {
  data: spotWholeRow.read,
  tell: (context, sink) => {
    const { at, numbers } = spotWholeRow
    const symbol = streamSymbol(context)
    return (
      symbol !== "" &&
      tellWhole(symbol, numbers[at.lastUpdateId]!, timeOf(spotWholeRow), spotWholeRow, at, context, sink)
    )
  }
}
