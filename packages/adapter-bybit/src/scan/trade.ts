/** Trades, scanned: up to 1024 a frame, told when the last of them was read. */
import { type Event, Shape } from "@tidewire/core"
import type { Scan } from "./scan.ts"

const row = Shape.make({
  T: Shape.integer,
  s: Shape.name,
  S: Shape.choice("Buy", "Sell"),
  v: Shape.positive,
  p: Shape.positive,
  i: Shape.text
})

type Trade = { -readonly [Field in keyof Event.Trade]: Event.Trade[Field] }

let found: Array<Trade> = []

const add = (): boolean => {
  const { at, numbers, texts } = row
  found.push({
    type: "trade",
    venue: "",
    symbol: texts[at.s]!,
    exchangeTime: numbers[at.T]!,
    receivedTime: 0,
    id: texts[at.i]!,
    price: numbers[at.p]!,
    size: numbers[at.v]!,
    side: numbers[at.S] === 0 ? "buy" : "sell",
    origin: "stream"
  })
  return true
}

const rows = Shape.list(row, add)

export const trade: Scan = {
  data: (scanner) => {
    found = []
    return rows(scanner)
  },
  tell: ({ receivedTime, venue }, sink) => {
    const told = found
    found = []
    for (const each of told) {
      each.venue = venue
      each.receivedTime = receivedTime
      sink.event(each)
    }
    return true
  }
}
