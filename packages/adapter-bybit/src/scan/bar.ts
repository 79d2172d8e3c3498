/** Bars, scanned: told when the last of a frame was read. */
import { type Event, Exact, Shape, type SocketVenue } from "@tidewire/core"
import { topicSymbol } from "../decode/reader.ts"
import * as intervals from "../intervals.ts"
import type { Scan } from "./scan.ts"

const row = Shape.make({
  start: Shape.integer,
  end: Shape.integer,
  interval: Shape.name,
  open: Shape.longDecimal,
  close: Shape.longDecimal,
  high: Shape.longDecimal,
  low: Shape.longDecimal,
  volume: Shape.longDecimal,
  turnover: Shape.longDecimal,
  confirm: Shape.boolean
})

type Found = Pick<
  Event.Bar,
  "interval" | "openTime" | "closeTime" | "open" | "high" | "low" | "close" | "volume" | "isFinal"
> & {
  readonly turnover: number
  /** The texts that a float64 does not hold, by slot. */
  readonly texts: ReadonlyArray<string | undefined> | undefined
}

let found: Array<Found> = []

const add = (): boolean => {
  const { at, numbers, texts } = row
  const interval = intervals.read(texts[at.interval])
  if (interval === undefined) return false
  found.push({
    interval,
    openTime: numbers[at.start]!,
    closeTime: numbers[at.end]!,
    open: numbers[at.open]!,
    high: numbers[at.high]!,
    low: numbers[at.low]!,
    close: numbers[at.close]!,
    volume: numbers[at.volume]!,
    turnover: numbers[at.turnover]!,
    texts: row.isExact ? undefined : texts.map((_, slot) => row.inexact(slot)),
    isFinal: numbers[at.confirm] === 1
  })
  return true
}

const exactOf = (texts: ReadonlyArray<string | undefined>, isBase: boolean, sink: SocketVenue.DecodeSink) => {
  const { close, high, low, open, turnover, volume } = row.at
  const quoteVolume = texts[isBase ? turnover : volume]
  return Exact.inexact(sink, {
    open: texts[open],
    high: texts[high],
    low: texts[low],
    close: texts[close],
    volume: texts[volume],
    quoteVolume
  })
}

const rows = Shape.list(row, add)

export const bar: Scan = {
  data: (scanner) => {
    found = []
    return rows(scanner)
  },
  tell: (context, sink, { ts: exchangeTime }) => {
    const { receivedTime, sizeUnit, venue } = context
    const symbol = topicSymbol(context)
    if (exchangeTime !== exchangeTime || symbol === "") return false
    const isBase = sizeUnit === "base"
    for (const { texts, turnover, volume, interval, openTime, closeTime, open, high, low, close, isFinal } of found) {
      const stamps = { type: "bar", venue, symbol, exchangeTime, receivedTime } as const
      const event: Event.Bar = {
        ...stamps,
        interval,
        openTime,
        closeTime,
        open,
        high,
        low,
        close,
        volume,
        quoteVolume: isBase ? turnover : volume,
        isFinal,
        origin: "stream"
      }
      const exact = texts === undefined ? undefined : exactOf(texts, isBase, sink)
      sink.event(exact === undefined ? event : { ...event, exact })
    }
    return true
  }
}
