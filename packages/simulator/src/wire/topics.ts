/**
 * The streams somebody listens to. A frame is built and encoded once and handed to every subscriber in the order they
 * subscribed; a stream without subscribers costs nothing.
 * Guarantees one order of frames for all subscribers of a stream.
 */
import type { Market, MarketListener } from "../market/market.ts"
import type { Venue } from "../market/venue.ts"
import type { At, Message } from "./frames.ts"
import * as arrays from "./arraySources.ts"
import * as sources from "./sources.ts"
import type { Source } from "./sources.ts"
import type { StreamName } from "./streamName.ts"

export interface Frame {
  readonly stream: string
  readonly symbol: string | undefined
  readonly payload: Message
  readonly text: string
  readonly unit: TimeUnit
}

export interface Subscriber {
  readonly deliver: (frame: Frame) => void
}

export type TimeUnit = "ms" | "us"

const clocks: Record<TimeUnit, At> = { ms: (ms) => ms, us: (ms) => ms * 1000 }

interface Topic {
  readonly subscribers: Set<Subscriber>
  readonly stop: () => void
}

/** Hands one market's events to the sources that listen to it. */
class Fan implements MarketListener {
  readonly sources = new Set<Source>()
  readonly traded: MarketListener["traded"] = (trades, aggregates) => {
    for (const source of this.sources) source.traded?.(trades, aggregates)
  }
  readonly levelChanged: MarketListener["levelChanged"] = (side, price) => {
    for (const source of this.sources) source.levelChanged?.(side, price)
  }
  readonly topChanged: MarketListener["topChanged"] = () => {
    for (const source of this.sources) source.topChanged?.()
  }
  readonly barClosed: MarketListener["barClosed"] = (bar) => {
    for (const source of this.sources) source.barClosed?.(bar)
  }
  readonly liquidated: MarketListener["liquidated"] = (liquidation) => {
    for (const source of this.sources) source.liquidated?.(liquidation)
  }
}

export class Topics {
  private readonly venue: Venue
  private readonly topics = new Map<string, Topic>()
  private readonly fans = new Map<Market, Fan>()
  /** Depth frames that wait because a snapshot was answered ahead of them, by symbol. */
  private readonly held = new Map<string, Array<() => void>>()

  constructor(venue: Venue) {
    this.venue = venue
  }

  /** Returns how to leave, or undefined when the symbol has no market. */
  subscribe(stream: string, name: StreamName, unit: TimeUnit, subscriber: Subscriber): (() => void) | undefined {
    const key = `${unit}/${stream}`
    let topic = this.topics.get(key)
    if (topic === undefined) {
      const begun = this.begin(stream, name, unit)
      if (begun === undefined) return undefined
      topic = begun
      this.topics.set(key, topic)
    }
    const joined = topic
    joined.subscribers.add(subscriber)
    return () => {
      joined.subscribers.delete(subscriber)
      if (joined.subscribers.size > 0 || this.topics.get(key) !== joined) return
      joined.stop()
      this.topics.delete(key)
    }
  }

  /** Holds back the depth frames of a symbol until `release` is called. */
  hold(symbol: string): () => void {
    const waiting: Array<() => void> = this.held.get(symbol) ?? []
    this.held.set(symbol, waiting)
    return () => {
      if (this.held.get(symbol) === waiting) this.held.delete(symbol)
      for (const send of waiting.splice(0)) send()
    }
  }

  private begin(stream: string, name: StreamName, unit: TimeUnit): Topic | undefined {
    const at = clocks[unit]
    const subscribers = new Set<Subscriber>()
    const emit = (symbol: string | undefined) => (payload: Message) => {
      const frame: Frame = { stream, symbol, payload, text: JSON.stringify(payload), unit }
      const send = () => {
        for (const subscriber of subscribers) subscriber.deliver(frame)
      }
      const waiting = name.spec.kind === "depth" && symbol !== undefined ? this.held.get(symbol) : undefined
      if (waiting === undefined) send()
      else waiting.push(send)
    }
    if (name.symbol === undefined) return { subscribers, stop: this.beginAll(name, at, emit) }
    const market = this.venue.market(name.symbol)
    if (market === undefined) return undefined
    return { subscribers, stop: this.attach(market, sources.make(market, name.spec, at, emit(name.symbol))) }
  }

  private beginAll(name: StreamName, at: At, emit: (symbol: string | undefined) => (payload: Message) => void) {
    const { kind } = name.spec
    const markets = this.venue.all()
    if (kind === "forceOrder" || kind === "bookTicker") {
      const stops = markets.map((market) => {
        const each = emit(market.definition.symbol)
        const source =
          kind === "forceOrder" ? sources.make(market, name.spec, at, each) : arrays.slowBookTicker(market, at, each)
        return this.attach(market, source)
      })
      return () => stops.forEach((stop) => stop())
    }
    const rows = arrays.rows(this.venue.kind, name.spec, at)
    return this.venue.every(name.spec.kind === "markPrice" ? name.spec.periodMs : 1000, () => {
      const payload = rows(markets)
      if (payload.length > 0) emit(undefined)(payload)
    })
  }

  private attach(market: Market, source: Source): () => void {
    const fan = this.fans.get(market) ?? new Fan()
    this.fans.set(market, fan)
    market.listener = fan
    fan.sources.add(source)
    const stop =
      source.periodMs === undefined || source.tick === undefined ? () => {} : market.every(source.periodMs, source.tick)
    return () => {
      fan.sources.delete(source)
      stop()
    }
  }
}
