/** Trades, scanned: spot `trade` and futures `aggTrade`. */
import { Shape } from "@tidewire/core"
import { family, type Scan, timeOf, times } from "./scan.ts"

/** Numbers of this many digits have their text ready; what is above them changes seldom, and its text is kept. */
const LOW_DIGITS = 3
const LOW = 10 ** LOW_DIGITS
const lowTexts = Array.from({ length: LOW }, (_, low) => String(low).padStart(LOW_DIGITS, "0"))
let high = 0
let highText = ""

const idText = (id: number): string => {
  if (id < LOW) return String(id)
  const above = Math.floor(id / LOW)
  if (above !== high) {
    high = above
    highText = String(above)
  }
  return highText + lowTexts[id - above * LOW]!
}

const make = (kind: string, idKey: "t" | "a"): Scan => {
  const row = Shape.make({
    e: Shape.choice(kind),
    ...times,
    s: Shape.name,
    [idKey as "id"]: Shape.integer,
    p: Shape.positive,
    q: Shape.positive,
    m: Shape.boolean,
    ...family
  })
  const { at, numbers, texts } = row
  const id = (at as Readonly<Record<string, number>>)[idKey]!
  return {
    data: row.read,
    tell: ({ receivedTime, venue }, sink) => {
      const exchangeTime = timeOf(row)
      if (exchangeTime !== exchangeTime) return false
      sink.event({
        type: "trade",
        venue,
        symbol: texts[at.s]!,
        exchangeTime,
        receivedTime,
        id: idText(numbers[id]!),
        price: numbers[at.p]!,
        size: numbers[at.q]!,
        // m says that the buyer was the maker: then the taker sold
        side: numbers[at.m] === 1 ? "sell" : "buy",
        origin: "stream"
      })
      return true
    }
  }
}

export const trade = make("trade", "t")

export const aggregateTrade = make("aggTrade", "a")
