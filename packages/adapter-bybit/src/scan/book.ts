/** Books, scanned: changes and snapshots of a checked book, and the best level of each side. */
import { type Event, Shape } from "@tidewire/core"
import { FIRST_UPDATE } from "../decode/book.ts"
import { type Scan, timeOf } from "./scan.ts"

const row = Shape.make({ s: Shape.name, b: Shape.bids, a: Shape.asks, u: Shape.integer })
const { at, levels, numbers, texts } = row

/** A side without a level is price 0 and size 0. */
const EMPTY: Event.Level = [0, 0]

export const change: Scan = {
  data: row.read,
  tell: ({ receivedTime }, sink, head) => {
    const exchangeTime = timeOf(head)
    if (exchangeTime !== exchangeTime || head.type === undefined) return false
    const symbol = texts[at.s]!
    const update = numbers[at.u]!
    const bids = levels[at.b]!
    const asks = levels[at.a]!
    if (head.type === "snapshot" || update === FIRST_UPDATE) {
      sink.snapshot({ symbol, sequence: update, bids, asks, exchangeTime, receivedTime })
    } else sink.delta({ symbol, first: update, last: update, bids, asks, exchangeTime, receivedTime })
    return true
  }
}

export const wholeBook: Scan = {
  data: row.read,
  tell: ({ receivedTime, venue }, sink, head) => {
    const exchangeTime = timeOf(head)
    if (exchangeTime !== exchangeTime || head.type !== "snapshot") return false
    const symbol = texts[at.s]!
    const sequence = numbers[at.u]!
    const bids = levels[at.b]!
    const asks = levels[at.a]!
    const [bid, bidSize] = bids[0] ?? EMPTY
    const [ask, askSize] = asks[0] ?? EMPTY
    sink.event({ type: "quote", venue, symbol, exchangeTime, receivedTime, bid, bidSize, ask, askSize, sequence })
    sink.event({ type: "book", venue, symbol, exchangeTime, receivedTime, kind: "snapshot", bids, asks, sequence })
    return true
  }
}
