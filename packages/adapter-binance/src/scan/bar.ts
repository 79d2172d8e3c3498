/** Bars, scanned. */
import { Interval, Shape } from "@tidewire/core"
import { family, type Scan } from "./scan.ts"

const bar = Shape.make({
  t: Shape.integer,
  T: Shape.integer,
  i: Shape.name,
  o: Shape.decimal,
  c: Shape.decimal,
  h: Shape.decimal,
  l: Shape.decimal,
  v: Shape.decimal,
  n: Shape.integer,
  x: Shape.boolean,
  q: Shape.decimal
})

const row = Shape.make({
  e: Shape.choice("kline"),
  E: Shape.integer,
  s: Shape.name,
  k: Shape.nested(bar.read),
  ...family
})

const scan: Scan = {
  data: row.read,
  tell: ({ receivedTime, venue }, sink) => {
    const { at, numbers, texts } = bar
    const interval = texts[at.i]!
    if (!Interval.isInterval(interval)) return false
    sink.event({
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
    })
    return true
  }
}

/** The streams of every interval. */
export const bars: ReadonlyArray<readonly [stream: string, Scan]> = Interval.all.map((interval) => [
  `kline_${interval}`,
  scan
])
