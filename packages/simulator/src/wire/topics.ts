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

interface Running {
  readonly stop: () => void
  /** A symbol has begun or ended trading. */
  readonly relisted: (symbol: string) => void
}

interface Topic extends Running {
  readonly subscribers: Set<Subscriber>
}

type EmitTo = (symbol: string | undefined) => (payload: Message) => void

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
    venue.relisted = (symbol) => {
      for (const topic of this.topics.values()) topic.relisted(symbol)
    }
  }

  /** Returns how to leave. A stream of a symbol that does not trade is silent until it does. */
  subscribe(stream: string, name: StreamName, unit: TimeUnit, subscriber: Subscriber): () => void {
    const key = `${unit}/${stream}`
    const topic = this.topics.get(key) ?? this.begin(stream, name, unit)
    this.topics.set(key, topic)
    topic.subscribers.add(subscriber)
    return () => {
      topic.subscribers.delete(subscriber)
      if (topic.subscribers.size > 0 || this.topics.get(key) !== topic) return
      topic.stop()
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

  private begin(stream: string, name: StreamName, unit: TimeUnit): Topic {
    const at = clocks[unit]
    const subscribers = new Set<Subscriber>()
    const emit: EmitTo = (symbol) => (payload) => {
      const frame: Frame = { stream, symbol, payload, text: JSON.stringify(payload), unit }
      const send = () => {
        for (const subscriber of subscribers) subscriber.deliver(frame)
      }
      const waiting = name.spec.kind === "depth" && symbol !== undefined ? this.held.get(symbol) : undefined
      if (waiting === undefined) send()
      else waiting.push(send)
    }
    return { subscribers, ...this.run(name, at, emit) }
  }

  private run({ spec, symbol }: StreamName, at: At, emit: EmitTo): Running {
    const plain = (market: Market) => sources.make(market, spec, at, emit(market.definition.symbol))
    if (symbol !== undefined) return this.eachMarket([symbol], (other) => other === symbol, plain)
    const all = [...this.venue.definitions.keys()]
    if (spec.kind === "forceOrder") return this.eachMarket(all, () => true, plain)
    if (spec.kind === "bookTicker") {
      const slow = (market: Market) => arrays.slowBookTicker(market, at, emit(market.definition.symbol))
      return this.eachMarket(all, () => true, slow)
    }
    const rows = arrays.rows(this.venue.kind, spec, at)
    this.venue.all()
    const stop = this.venue.every(spec.kind === "markPrice" ? spec.periodMs : 1000, () => {
      const payload = rows(this.venue.all())
      if (payload.length > 0) emit(undefined)(payload)
    })
    return { stop, relisted: () => {} }
  }

  /** A source on every one of these markets that trades, now or when it begins to. */
  private eachMarket(
    symbols: ReadonlyArray<string>,
    isMeant: (symbol: string) => boolean,
    make: (market: Market) => Source
  ): Running {
    const running = new Map<string, { readonly stop: () => void; readonly flush: () => void }>()
    const relisted = (symbol: string) => {
      // What was gathered is told before the silence.
      running.get(symbol)?.flush()
      running.get(symbol)?.stop()
      running.delete(symbol)
      const market = isMeant(symbol) ? this.venue.market(symbol) : undefined
      if (market === undefined) return
      const source = make(market)
      running.set(symbol, { stop: this.attach(market, source), flush: () => source.tick?.(market.time) })
    }
    symbols.forEach(relisted)
    return { relisted, stop: () => running.forEach(({ stop }) => stop()) }
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
