/** Tickers, scanned: the fields that are there are merged into what is known, as the decoder does. */
import { Shape } from "@tidewire/core"
import { tellTicker } from "../decode/ticker.ts"
import type { Found } from "../decode/tickers.ts"
import type { Scan } from "./scan.ts"

const amount = Shape.optional(Shape.longAmount)

const row = Shape.make({
  symbol: Shape.name,
  lastPrice: amount,
  prevPrice24h: amount,
  highPrice24h: amount,
  lowPrice24h: amount,
  volume24h: amount,
  turnover24h: amount,
  bid1Price: amount,
  ask1Price: amount,
  markPrice: amount,
  indexPrice: amount,
  fundingRate: Shape.optional(Shape.rate),
  nextFundingTime: Shape.optional(Shape.timeText)
})

const slots: Readonly<Record<string, number>> = row.at

const found: Found = {
  has: (key) => row.has(slots[key]!),
  value: (key) => row.numbers[slots[key]!]!,
  inexact: (key) => row.inexact(slots[key]!)
}

export const ticker: Scan = {
  data: row.read,
  tell: (context, sink, { ts: exchangeTime, type }) => {
    if (type === undefined || exchangeTime !== exchangeTime) return false
    const symbol = row.texts[row.at.symbol]!
    const known = type === "snapshot" ? context.tickers.begin(symbol) : context.tickers.find(symbol)
    if (known === undefined) sink.ignored()
    else tellTicker(known, known.take(found, context.sizeUnit, sink), exchangeTime, context, sink)
    return true
  }
}
