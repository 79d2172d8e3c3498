/**
 * Streams of all symbols: arrays of the rows that changed, and the best prices every five seconds.
 * USDⓈ-M arrays carry COIN-M rows as well (`st` 2), as the venue's do since 2026-06-30.
 */
import type { MarketKind } from "../market/definition.ts"
import type { Market } from "../market/market.ts"
import type { Totals } from "../market/tape.ts"
import type { Payload } from "../topics/Frame.ts"
import type { Emit, Source } from "../topics/Source.ts"
import type { At, Frames } from "./frames.ts"
import { spotFrames } from "./spotFrames.ts"
import type { StreamSpec } from "./streamName.ts"
import { usdmFrames } from "./usdmFrames.ts"

const rowOf = (kind: MarketKind, spec: StreamSpec, market: Market, at: At): Payload => {
  const frames: Frames = kind === "spot" ? spotFrames : usdmFrames
  if (spec.kind === "markPrice") return usdmFrames.markPrice(market, at)
  return spec.kind === "ticker" ? frames.ticker(market, at) : frames.miniTicker(market, at)
}

/** A function from the markets to the rows that are due: all marks, but only those tickers that changed. */
export const rows = (kind: MarketKind, spec: StreamSpec, at: At) => {
  const seen = new Map<Market, Totals>()
  const isNews = (market: Market): boolean => {
    const { totals } = market.tape
    if (spec.kind === "markPrice") return true
    if (seen.get(market) === totals) return false
    seen.set(market, totals)
    return true
  }
  return (markets: ReadonlyArray<Market>): ReadonlyArray<Payload> => {
    const out = markets.filter(isNews).map((market) => rowOf(kind, spec, market, at))
    const [first] = out
    return kind === "usdm" && first !== undefined ? [...out, usdmFrames.coinMargined(first)] : out
  }
}

export const slowBookTicker = (market: Market, at: At, emit: Emit): Source => {
  let changed = true
  return {
    periodMs: 5000,
    topChanged: () => {
      changed = true
    },
    tick: () => {
      if (changed) emit(usdmFrames.bookTicker(market, at))
      changed = false
    }
  }
}
