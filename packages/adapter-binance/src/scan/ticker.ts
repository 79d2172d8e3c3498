/** Statistics of the last 24 hours, scanned. */
import { type Event, Exact, Shape } from "@tidewire/core"
import { family, type Scan } from "./scan.ts"

const row = Shape.make({
  e: Shape.choice("24hrTicker"),
  E: Shape.integer,
  s: Shape.name,
  c: Shape.longDecimal,
  b: Shape.optional(Shape.longDecimal),
  a: Shape.optional(Shape.longDecimal),
  o: Shape.longDecimal,
  h: Shape.longDecimal,
  l: Shape.longDecimal,
  v: Shape.longDecimal,
  q: Shape.longDecimal,
  ...family
})

const { at } = row
/** The names of the decimals in an event. */
const decimals = [
  ["last", at.c],
  ["open", at.o],
  ["high", at.h],
  ["low", at.l],
  ["volume", at.v],
  ["quoteVolume", at.q],
  ["bid", at.b],
  ["ask", at.a]
] as const

export const ticker: Scan = {
  data: row.read,
  tell: ({ receivedTime, venue }, sink) => {
    const { numbers, texts } = row
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
    const exact = row.exact(decimals, sink)
    if (bid > 0 && ask > 0) sink.event(exact === undefined ? { ...known, bid, ask } : { ...known, bid, ask, exact })
    else if (!(bid > 0 || ask > 0)) sink.event(exact === undefined ? known : { ...known, exact })
    else {
      const sides = { bid: bid > 0 ? bid : undefined, ask: ask > 0 ? ask : undefined, exact: undefined }
      sink.event(Exact.sparse<Event.Ticker>({ ...known, ...sides }, exact))
    }
    return true
  }
}
