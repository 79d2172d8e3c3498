/** Bars, scanned. */
import { type Event, Interval, Shape } from "@tidewire/core"
import { family, type Scan } from "./scan.ts"

const bar = Shape.make({
  t: Shape.integer,
  T: Shape.integer,
  i: Shape.name,
  o: Shape.longDecimal,
  c: Shape.longDecimal,
  h: Shape.longDecimal,
  l: Shape.longDecimal,
  v: Shape.longDecimal,
  n: Shape.integer,
  x: Shape.boolean,
  q: Shape.longDecimal
})

const row = Shape.make({
  e: Shape.choice("kline"),
  E: Shape.integer,
  s: Shape.name,
  k: Shape.nested(bar.read),
  ...family
})

/** The names of the decimals in an event. */
const decimals = [
  ["open", bar.at.o],
  ["high", bar.at.h],
  ["low", bar.at.l],
  ["close", bar.at.c],
  ["volume", bar.at.v],
  ["quoteVolume", bar.at.q]
] as const

const scan: Scan = {
  data: row.read,
  tell: ({ receivedTime, venue }, sink) => {
    const { at, numbers, texts } = bar
    const interval = texts[at.i]!
    if (!Interval.isInterval(interval)) return false
    const event: Event.Bar = {
      type: "bar",
      venue,
      symbol: row.texts[row.at.s]!,
      exchangeTime: row.numbers[row.at.E]!,
      receivedTime,
      interval,
      openTime: numbers[at.t]!,
      closeTime: numbers[at.T]!,
      open: numbers[at.o]!,
      high: numbers[at.h]!,
      low: numbers[at.l]!,
      close: numbers[at.c]!,
      volume: numbers[at.v]!,
      quoteVolume: numbers[at.q]!,
      trades: numbers[at.n]!,
      isFinal: numbers[at.x] === 1,
      origin: "stream"
    }
    const exact = bar.exact(decimals, sink)
    sink.event(exact === undefined ? event : { ...event, exact })
    return true
  }
}

/** The streams of every interval. */
export const bars: ReadonlyArray<readonly [stream: string, Scan]> = Interval.all.map((interval) => [
  `kline_${interval}`,
  scan
])
