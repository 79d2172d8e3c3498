/** Statistics of the last 24 hours, scanned. */
import { type Event, Exact, Shape } from "@tidewire/core"
import { family, type Scan } from "./scan.ts"

const row = Shape.make({
  e: Shape.choice("24hrTicker"),
  E: Shape.integer,
  s: Shape.name,
  c: Shape.decimal,
  b: Shape.optional(Shape.decimal),
  a: Shape.optional(Shape.decimal),
  o: Shape.decimal,
  h: Shape.decimal,
  l: Shape.decimal,
  v: Shape.decimal,
  q: Shape.decimal,
  ...family
})

export const ticker: Scan = {
  data: row.read,
  tell: ({ receivedTime, venue }, sink) => {
    const { at, numbers, texts } = row
    const bid = numbers[at.b]!
    const ask = numbers[at.a]!
    const known = {
      type: "ticker",
      venue,
      symbol: texts[at.s]!,
      exchangeTime: numbers[at.E]!,
      receivedTime,
      last: numbers[at.c]!,
      open: numbers[at.o]!,
      high: numbers[at.h]!,
      low: numbers[at.l]!,
      volume: numbers[at.v]!,
      quoteVolume: numbers[at.q]!
    } as const
    // futures have neither side, and an empty one is 0
    if (bid > 0 && ask > 0) sink.event({ ...known, bid, ask })
    else if (bid > 0 || ask > 0) {
      const sides = { bid: bid > 0 ? bid : undefined, ask: ask > 0 ? ask : undefined, exact: undefined }
      sink.event(Exact.sparse<Event.Ticker>({ ...known, ...sides }, undefined))
    } else sink.event(known)
    return true
  }
}
