/**
 * Where the frames of each topic come from. Guarantees the venue's cadence, at most 1024 trades in a frame, and that who
 * is greeted with a snapshot finds the next delta right behind it.
 * Source: Bybit v5 docs, "WebSocket Stream, Public".
 */
import type { DepthMessage } from "../market/DepthChain.ts"
import type { Interval } from "../market/interval.ts"
import type { Liquidation, Market } from "../market/market.ts"
import { onTrades, type Emit, type Source } from "../topics/Source.ts"
import * as frames from "./frames.ts"
import * as ticker from "./ticker.ts"
import { depthPeriods, type Levels, type TopicSpec } from "./topicName.ts"

/** One level is told whole each time, and again when nothing has changed for this long, in milliseconds. */
const REPEAT_MS = 3_000

/** Trades in one frame at most. */
const TRADES_PER_FRAME = 1_024

/** The venue says 1 to 60 s. */
const KLINE_MS = 1_000

const TICKER_MS = { spot: 50, futures: 100 } as const

const depthSource = (market: Market, topic: string, levels: Exclude<Levels, 1>, emit: Emit): Source => {
  const chain = market.chain(levels, depthPeriods[levels])
  const frame = (told: DepthMessage) => frames.depth(market, topic, told, false)
  return { stop: chain.listen((told) => emit(frame(told))), greeting: () => frame(chain.snapshot()) }
}

const topSource = (market: Market, topic: string, emit: Emit): Source => {
  const chain = market.chain(1, depthPeriods[1])
  const frame = () => frames.depth(market, topic, chain.snapshot(), true)
  let toldAt = market.time
  const tell = () => {
    toldAt = market.time
    emit(frame())
  }
  return {
    periodMs: depthPeriods[1],
    tick: (time) => {
      if (time - toldAt >= REPEAT_MS) tell()
    },
    stop: chain.listen(tell),
    greeting: frame
  }
}

const tradeSource = (market: Market, topic: string, emit: Emit): Source => ({
  traded: (trades) => {
    for (let from = 0; from < trades.length; from += TRADES_PER_FRAME) {
      emit(frames.trades(market, topic, trades.slice(from, from + TRADES_PER_FRAME)))
    }
  }
})

const klineSource = (market: Market, topic: string, interval: Interval, name: string, emit: Emit): Source => ({
  ...onTrades(market, KLINE_MS, () => {
    const bar = market.bars.current(interval)
    if (bar.firstId !== -1) emit(frames.kline(market, topic, name, bar))
  }),
  barClosed: (bar) => {
    if (bar.interval === interval) emit(frames.kline(market, topic, name, bar))
  }
})

/** Snapshots only. */
const spotTicker = (market: Market, topic: string, emit: Emit): Source => {
  const frame = (data: ticker.Ticker) =>
    frames.message(market, { topic, type: "snapshot", data, cs: market.book.updateId })
  let told = ticker.spot(market)
  return {
    periodMs: TICKER_MS.spot,
    tick: () => {
      const now = ticker.spot(market)
      if (Object.entries(now).every(([key, value]) => told[key] === value)) return
      told = now
      emit(frame(now))
    },
    greeting: () => frame(told)
  }
}

/** A snapshot, then only what has changed. */
const futuresTicker = (market: Market, topic: string, emit: Emit): Source => {
  let told = ticker.futures(market)
  let cs = market.book.updateId
  return {
    periodMs: TICKER_MS.futures,
    tick: () => {
      const now = ticker.futures(market)
      const changed = Object.entries(now).filter(([key, value]) => told[key] !== value)
      if (changed.length === 0) return
      told = now
      cs = market.book.updateId
      const data = { symbol: market.definition.symbol, ...Object.fromEntries(changed) }
      emit(frames.message(market, { topic, type: "delta", cs, data }))
    },
    greeting: () => frames.message(market, { topic, type: "snapshot", cs, data: told })
  }
}

const liquidationSource = (market: Market, topic: string, emit: Emit): Source => {
  let waiting: Array<Liquidation> = []
  return {
    periodMs: 500,
    liquidated: (liquidation) => void waiting.push(liquidation),
    tick: () => {
      if (waiting.length > 0) emit(frames.liquidations(market, topic, waiting))
      waiting = []
    }
  }
}

const limitSource = (market: Market, topic: string, emit: Emit): Source => ({
  periodMs: 300,
  tick: () => emit(frames.priceLimit(market, topic))
})

export const make = (market: Market, topic: string, spec: TopicSpec, emit: Emit): Source => {
  const isSpot = market.definition.market === "bybit-spot"
  switch (spec.kind) {
    case "orderbook":
      return spec.levels === 1 ? topSource(market, topic, emit) : depthSource(market, topic, spec.levels, emit)
    case "publicTrade":
      return tradeSource(market, topic, emit)
    case "tickers":
      return isSpot ? spotTicker(market, topic, emit) : futuresTicker(market, topic, emit)
    case "kline":
      return klineSource(market, topic, spec.interval, spec.name, emit)
    case "allLiquidation":
      return liquidationSource(market, topic, emit)
    case "priceLimit":
      return limitSource(market, topic, emit)
  }
}
