/** Best bid and ask, scanned. Futures rows say their kind and have times; spot rows have neither. */
import { Shape } from "@tidewire/core"
import { family, type Scan, timeOf, times } from "./scan.ts"

const make = (kind: object): Scan => {
  const row = Shape.make({
    ...kind,
    u: Shape.integer,
    ...times,
    s: Shape.name,
    // an empty side is for the decoder, which knows what it may look like
    b: Shape.positive,
    B: Shape.decimal,
    a: Shape.positive,
    A: Shape.decimal,
    ...family
  })
  const { at, numbers, texts } = row
  return {
    data: row.read,
    tell: ({ receivedTime, venue }, sink) => {
      const exchangeTime = timeOf(row)
      const symbol = texts[at.s]!
      const bid = numbers[at.b]!
      const bidSize = numbers[at.B]!
      const ask = numbers[at.a]!
      const askSize = numbers[at.A]!
      const sequence = numbers[at.u]!
      sink.event(
        exchangeTime === exchangeTime
          ? { type: "quote", venue, symbol, exchangeTime, receivedTime, bid, bidSize, ask, askSize, sequence }
          : { type: "quote", venue, symbol, receivedTime, bid, bidSize, ask, askSize, sequence }
      )
      return true
    }
  }
}

/** A row with a kind is none of spot's quotes. */
export const spotQuote = make({ e: Shape.optional(Shape.nested(() => false)) })
export const usdmQuote = make({ e: Shape.choice("bookTicker") })
