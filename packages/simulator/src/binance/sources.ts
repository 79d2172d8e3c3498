/**
 * Where a stream's frames come from: each source listens to one market and emits payloads as they are due.
 * Guarantees the venue's cadence: real time, or at multiples of the stream's period, and only when there is news.
 */
import type { Side } from "../market/book.ts"
import type { Interval } from "../market/interval.ts"
import type { Liquidation, Market } from "../market/market.ts"
import type { Aggregate } from "../market/tape.ts"
import { type Emit, onTrades, type Source } from "../topics/Source.ts"
import type { At, Frames } from "./frames.ts"
import { avgPrice, spotFrames } from "./spotFrames.ts"
import type { StreamSpec } from "./streamName.ts"
import { usdmFrames } from "./usdmFrames.ts"

/** Diffs of the book: `U` is the first change since the last frame, `pu` the last change told before it. */
const depthSource = (market: Market, frames: Frames, periodMs: number, at: At, emit: Emit): Source => {
  const spot = market.definition.market === "spot"
  const changed = { bid: new Set<number>(), ask: new Set<number>() }
  let previous = market.book.updateId
  let first = 0
  const rows = (side: Side) => {
    // USDⓈ-M lists both sides upwards, spot the best first.
    const upwards = side === "ask" || !spot
    const prices = [...changed[side]].toSorted((a, b) => (upwards ? a - b : b - a))
    return prices.map((price) => [price, market.book.size(side, price)] as const)
  }
  return {
    periodMs,
    levelChanged: (side, price) => {
      if (changed.bid.size + changed.ask.size === 0) first = market.book.updateId
      changed[side].add(price)
    },
    tick: () => {
      if (changed.bid.size + changed.ask.size === 0) return
      const last = market.book.updateId
      emit(frames.depth(market, { first, last, previous, bids: rows("bid"), asks: rows("ask") }, at))
      previous = last
      changed.bid.clear()
      changed.ask.clear()
    }
  }
}

const partialDepthSource = (market: Market, frames: Frames, levels: number, periodMs: number, at: At, emit: Emit) => {
  let previous = market.book.updateId
  return {
    periodMs,
    tick: () => {
      if (market.book.updateId === previous) return
      emit(frames.partialDepth(market, levels, previous, at))
      previous = market.book.updateId
    }
  }
}

const klineSource = (
  market: Market,
  spec: { readonly interval: Interval },
  frame: Frames["kline"],
  at: At,
  emit: Emit
): Source => {
  const spot = market.definition.market === "spot"
  const { interval } = spec
  return {
    ...onTrades(market, interval === "1s" ? 1000 : spot ? 2000 : 250, () => {
      const bar = market.bars.current(interval)
      if (bar.firstId !== -1) emit(frame(market, bar, at))
    }),
    barClosed: (bar) => {
      if (bar.interval === interval) emit(frame(market, bar, at))
    }
  }
}

/** USDⓈ-M gathers the aggregates of 100 ms. */
const gatheredTrades = (market: Market, at: At, emit: Emit): Source => {
  let waiting: Array<Aggregate> = []
  return {
    periodMs: 100,
    traded: (_, aggregates) => void waiting.push(...aggregates),
    tick: () => {
      for (const aggregate of waiting) emit(usdmFrames.aggTrade(market, aggregate, at))
      waiting = []
    }
  }
}

/** The largest liquidation of each second. */
const largestLiquidation = (market: Market, at: At, emit: Emit): Source => {
  let largest: Liquidation | undefined
  return {
    periodMs: 1000,
    liquidated: (liquidation) => {
      if (largest === undefined || liquidation.size > largest.size) largest = liquidation
    },
    tick: () => {
      if (largest !== undefined) emit(usdmFrames.forceOrder(market, largest, at))
      largest = undefined
    }
  }
}

export const make = (market: Market, spec: StreamSpec, at: At, emit: Emit): Source => {
  const spot = market.definition.market === "spot"
  const frames: Frames = spot ? spotFrames : usdmFrames
  switch (spec.kind) {
    case "trade":
      return { traded: (trades) => trades.forEach((trade) => emit(frames.trade(market, trade, at))) }
    case "aggTrade":
      if (!spot) return gatheredTrades(market, at, emit)
      return { traded: (_, aggregates) => aggregates.forEach((one) => emit(frames.aggTrade(market, one, at))) }
    case "kline":
      return klineSource(market, spec, frames.kline, at, emit)
    case "continuousKline":
      return klineSource(market, spec, usdmFrames.continuousKline, at, emit)
    case "miniTicker":
      return onTrades(market, spot ? 1000 : 2000, () => emit(frames.miniTicker(market, at)))
    case "ticker":
      return onTrades(market, spot ? 1000 : 2000, () => emit(frames.ticker(market, at)))
    case "bookTicker":
      return { topChanged: () => emit(frames.bookTicker(market, at)) }
    case "avgPrice":
      return { periodMs: 1000, tick: () => emit(avgPrice(market, at)) }
    case "depth":
      return depthSource(market, frames, spec.periodMs, at, emit)
    case "partialDepth":
      return partialDepthSource(market, frames, spec.levels, spec.periodMs, at, emit)
    case "markPrice":
      return { periodMs: spec.periodMs, tick: () => emit(usdmFrames.markPrice(market, at)) }
    case "forceOrder":
      return largestLiquidation(market, at, emit)
  }
}
