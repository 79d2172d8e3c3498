/**
 * The streams somebody listens to. A frame is built and encoded once and handed to every subscriber in the order they
 * subscribed; a stream without subscribers costs nothing.
 * Guarantees one order of frames for all subscribers of a stream, and that whoever is greeted misses nothing after that.
 */
import type { Market, MarketListener } from "../market/market.ts"
import type { Venue } from "../market/venue.ts"
import type { EmitTo, Feed, Running, Stage } from "./Feed.ts"
import type { Frame, Message } from "./Frame.ts"
import type { Source } from "./Source.ts"

export interface Subscriber {
  readonly deliver: (frame: Frame) => void
}

export interface Subscription {
  readonly leave: () => void
  /** Delivers what a new subscriber is told first, if there is anything; a second time only when it is called again. */
  readonly greet: () => void
}

interface Topic extends Running {
  readonly subscribers: Set<Subscriber>
  readonly frame: (symbol: string | undefined, payload: Message) => Frame
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

export class Topics implements Stage {
  readonly venue: Venue
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

  /** A stream of a symbol that does not trade is silent until it does. */
  subscribe(stream: string, feed: Feed, subscriber: Subscriber): Subscription {
    const key = `${feed.unit}/${stream}`
    const topic = this.topics.get(key) ?? this.begin(stream, feed)
    this.topics.set(key, topic)
    topic.subscribers.add(subscriber)
    const leave = () => {
      topic.subscribers.delete(subscriber)
      if (topic.subscribers.size > 0 || this.topics.get(key) !== topic) return
      topic.stop()
      this.topics.delete(key)
    }
    const greet = () => {
      for (const [symbol, payload] of topic.greetings()) subscriber.deliver(topic.frame(symbol, payload))
    }
    return { leave, greet }
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

  eachMarket(
    symbols: ReadonlyArray<string>,
    isMeant: (symbol: string) => boolean,
    make: (market: Market) => Source
  ): Running {
    const running = new Map<string, { readonly stop: () => void; readonly source: Source; readonly market: Market }>()
    const relisted = (symbol: string) => {
      const before = running.get(symbol)
      // What was gathered is told before the silence.
      before?.source.tick?.(before.market.time)
      before?.stop()
      running.delete(symbol)
      const market = isMeant(symbol) ? this.venue.market(symbol) : undefined
      if (market === undefined) return
      const source = make(market)
      running.set(symbol, { stop: this.attach(market, source), source, market })
    }
    symbols.forEach(relisted)
    return {
      relisted,
      stop: () => running.forEach(({ stop }) => stop()),
      greetings: () =>
        [...running].flatMap(([symbol, { source }]) =>
          source.greeting === undefined ? [] : [[symbol, source.greeting()]]
        )
    }
  }

  private begin(stream: string, feed: Feed): Topic {
    const subscribers = new Set<Subscriber>()
    const frame: Topic["frame"] = (symbol, payload) => ({
      stream,
      symbol,
      payload,
      text: JSON.stringify(payload),
      unit: feed.unit
    })
    const emit: EmitTo = (symbol) => (payload) => {
      const built = frame(symbol, payload)
      const send = () => {
        for (const subscriber of subscribers) subscriber.deliver(built)
      }
      const waiting = feed.isDiff && symbol !== undefined ? this.held.get(symbol) : undefined
      if (waiting === undefined) send()
      else waiting.push(send)
    }
    return { subscribers, frame, ...feed.run(this, emit) }
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
      source.stop?.()
    }
  }
}
