/**
 * How long events take over the hops of their way, from the venue to a handler and on to an order.
 *
 *   venue-socket       the venue's stamp of the event → its frame is received; clocks differ
 *   socket-decoded     … → the event leaves the decoder (sockets of this thread alone)
 *   decoded-handler    … → the handler is called
 *   socket-handler     both of these together, of every kind of feed
 *   handler-order      the handler, or the strategies, are called → an order they placed is journalled and sent
 *   order-acknowledged an order is sent → the venue's first answer; on paper its simulated delay
 *
 * Guarantees: an event costs a count; about one a millisecond is measured, whatever its channel, and stands for those
 * since the one before, so that bursts and lulls weigh as much as they had events.
 */
import { DecodeStamp, Event, type EventBus, type PrivateEvent } from "@tidewire/core"
import type { HopLatency } from "../operation/Parts.ts"
import type { Told } from "../output/Output.ts"
import { Histogram, type HistogramState } from "./Histogram.ts"

export const hops = [
  "venue-socket",
  "socket-decoded",
  "decoded-handler",
  "socket-handler",
  "handler-order",
  "order-acknowledged"
] as const
export type Hop = (typeof hops)[number]

/** Samples come no closer than this, or events are left out; and no further apart than that, or fewer are. */
const CLOSEST_MS = 1
const FURTHEST_MS = 4

/** At the mean, so that two million events a second are still measured each millisecond. */
const MOST_LEFT_OUT = 2_048

/** After so long without one, the next event is measured. */
const QUIET_MS = 1_000

/** An event that was stamped by its decoder and does not come (a duplicate, one that was dropped) is awaited so long. */
const AWAITED_MS = 1_000

/** Orders that are on their way; the oldest give way. */
const MOST_ORDERS = 10_000

const { stamp } = DecodeStamp

export class Latency {
  readonly #now: () => number
  readonly #venues = new Map<string, Map<Hop, Histogram>>()
  /** Events until the next one that is measured, and how many there are from one to the next at the mean. */
  #left = 1
  #every = 1
  /** What the next one stands for. */
  #weight = 1
  #lastMs = 0
  #seed = 1
  /** When a decoder was asked for a stamp; 0 while none is awaited. */
  #askedMs = 0
  /** When the handler was called of the event that is being handled, where it is measured; else 0. */
  #handlingMs = 0
  #handlingWeight = 1
  readonly #sent = new Map<string, number>()

  constructor(now: () => number = DecodeStamp.now) {
    this.#now = now
  }

  /** The handler, measured when it is called. */
  measuring<R>(handler: (event: Event.Event) => R): (event: Event.Event) => R {
    return (event) => {
      if (--this.#left > 0 && (this.#askedMs === 0 || stamp.isWanted || stamp.receivedTime !== event.receivedTime)) {
        return handler(event)
      }
      this.#measure(event)
      const result = handler(event)
      this.#handlingMs = 0
      return result
    }
  }

  /**
   * Hears of the orders of an engine, which tells them before the handler returns that they are due to; and of the time, by which
   * it is known that events have become few.
   */
  follow(bus: EventBus.EventBus<Told>): void {
    bus.onTimer(() => this.#quiet(), "latency")
    bus.on("order", (order) => this.#order(order), "latency")
  }

  rows(): ReadonlyArray<HopLatency> {
    return this.#map((venue, hop, histogram) => ({
      venue,
      hop,
      count: histogram.count,
      p50: histogram.quantileMs(0.5),
      p90: histogram.quantileMs(0.9),
      p99: histogram.quantileMs(0.99),
      max: histogram.mostMs
    }))
  }

  states(): ReadonlyArray<{ readonly venue: string; readonly hop: Hop; readonly state: HistogramState }> {
    return this.#map((venue, hop, histogram) => ({ venue, hop, state: histogram.state() }))
  }

  #measure(event: Event.Event): void {
    const now = this.#now()
    if (this.#askedMs > 0) this.#decoded(event, now)
    if (this.#left > 0) return
    const weight = this.#weight
    this.#plan(now)
    if (!isLive(event)) return
    const { exchangeTime, receivedTime, venue } = event
    if (exchangeTime !== undefined) this.#record(venue, "venue-socket", receivedTime - exchangeTime, weight)
    this.#record(venue, "socket-handler", now - receivedTime, weight)
    this.#handlingMs = now
    this.#handlingWeight = weight
    if (this.#askedMs > 0) return
    this.#askedMs = now
    stamp.isWanted = true
  }

  /** Whether the event is the one that was stamped. */
  #decoded({ receivedTime, venue }: Event.Event, now: number): void {
    if (!stamp.isWanted && stamp.receivedTime === receivedTime) {
      this.#askedMs = 0
      this.#record(venue, "socket-decoded", stamp.decodedTime - receivedTime, this.#weight)
      this.#record(venue, "decoded-handler", now - stamp.decodedTime, this.#weight)
    } else if (now - this.#askedMs > AWAITED_MS) this.#askedMs = 0
  }

  /** When the next one is due: not every so many, or what comes in turns would be seen in part. */
  #plan(now: number): void {
    const elapsedMs = now - this.#lastMs
    this.#lastMs = now
    if (elapsedMs < CLOSEST_MS) this.#every = Math.min(this.#every * 2, MOST_LEFT_OUT)
    else if (elapsedMs > FURTHEST_MS) this.#every = Math.max(this.#every / 2, 1)
    this.#seed = (Math.imul(this.#seed, 1_664_525) + 1_013_904_223) >>> 0
    this.#weight = 1 + Math.floor((this.#seed / 2 ** 32) * (2 * this.#every - 1))
    this.#left = this.#weight
  }

  #quiet(): void {
    if (this.#now() - this.#lastMs < QUIET_MS) return
    // what passed since the last one, and the next
    this.#weight -= this.#left - 1
    this.#left = 1
    this.#every = 1
  }

  #order({ clientOrderId, status, venue }: PrivateEvent.Order): void {
    const key = `${venue} ${clientOrderId}`
    if (status === "sent") {
      if (this.#sent.has(key)) return
      const now = this.#now()
      if (this.#handlingMs > 0) this.#record(venue, "handler-order", now - this.#handlingMs, this.#handlingWeight)
      if (this.#sent.size === MOST_ORDERS) this.#sent.delete(this.#sent.keys().next().value!)
      this.#sent.set(key, now)
      return
    }
    const sentMs = this.#sent.get(key)
    if (sentMs === undefined || status === "unknown") return
    this.#sent.delete(key)
    this.#record(venue, "order-acknowledged", this.#now() - sentMs, 1)
  }

  #record(venue: string, hop: Hop, ms: number, weight: number): void {
    let byHop = this.#venues.get(venue)
    if (byHop === undefined) this.#venues.set(venue, (byHop = new Map()))
    let histogram = byHop.get(hop)
    if (histogram === undefined) byHop.set(hop, (histogram = new Histogram()))
    histogram.record(ms, weight)
  }

  #map<A>(show: (venue: string, hop: Hop, histogram: Histogram) => A): ReadonlyArray<A> {
    return [...this.#venues].flatMap(([venue, byHop]) =>
      hops.flatMap((hop) => {
        const histogram = byHop.get(hop)
        return histogram === undefined ? [] : [show(venue, hop, histogram)]
      })
    )
  }
}

/** What the stream tells of itself is stamped when it is told, and what was fetched happened long before. */
const isLive = (event: Event.Event): event is Event.MarketEvent =>
  Event.isMarketEvent(event) && !((event.type === "trade" || event.type === "bar") && event.origin === "backfill")
