/** Bars, scanned: told when the last of a frame was read. */
import { type Event, Shape } from "@tidewire/core"
import { topicSymbol } from "../decode/reader.ts"
import * as intervals from "../intervals.ts"
import type { Scan } from "./scan.ts"

const row = Shape.make({
  start: Shape.integer,
  end: Shape.integer,
  interval: Shape.name,
  open: Shape.decimal,
  close: Shape.decimal,
  high: Shape.decimal,
  low: Shape.decimal,
  volume: Shape.decimal,
  turnover: Shape.decimal,
  confirm: Shape.boolean
})

type Found = Pick<
  Event.Bar,
  "interval" | "openTime" | "closeTime" | "open" | "high" | "low" | "close" | "volume" | "isFinal"
> & { readonly turnover: number }

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
    isFinal: numbers[at.confirm] === 1
  })
  return true
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
    for (const { close, closeTime, high, interval, isFinal, low, open, openTime, turnover, volume } of found) {
      sink.event({
        type: "bar",
        venue,
        symbol,
        exchangeTime,
        receivedTime,
        interval,
        openTime,
        closeTime,
        open,
        high,
        low,
        close,
        volume,
        quoteVolume: sizeUnit === "base" ? turnover : volume,
        isFinal,
        origin: "stream"
      })
    }
    return true
  }
}
