/**
 * What was told of the symbols of one worker: the last event of each channel, the books, the states of subscriptions. It
 * outlives the worker, so that what is lost with it is accounted for.
 *
 * Guarantees: events are told in the order they are taken; after a loss every channel that had begun either proves itself
 * whole or has its gap, and no event is told twice; what ends tells first what is still open.
 */
import {
  type Channel,
  Channel as ChannelModule,
  type Event,
  type OrderBook,
  Subscription,
  type SymbolQueue
} from "@tidewire/core"
import { BookMirror } from "./BookMirror.ts"
import { Bridge, type BridgeSetup } from "./Bridge.ts"

type Subscriptions = ReadonlyArray<Subscription.Subscription>

export interface ToldSetup extends Omit<BridgeSetup, "symbol" | "channel"> {
  /** What was to be mended is of no use any more. */
  readonly cancel: (bridge: Bridge) => void
}

interface OfSymbol {
  /** By channel; of what is no book. */
  readonly last: Map<Channel.Channel, Event.MarketEvent>
  readonly bridges: Map<Channel.Channel, Bridge>
  book: BookMirror | undefined
}

export class Told {
  readonly #setup: ToldSetup
  readonly #symbols = new Map<string, OfSymbol>()
  readonly #states = new Map<string, Event.SubscriptionStateName>()

  constructor(setup: ToldSetup) {
    this.#setup = setup
  }

  book(symbol: string): OrderBook.BookView | undefined {
    return this.#symbols.get(symbol)?.book?.view()
  }

  retellBook(symbol: string, hole: SymbolQueue.BookHole): void {
    this.#symbols.get(symbol)?.book?.retell(hole)
  }

  /** These are subscribed: their books are there, though they have not begun. */
  expect(subscriptions: Subscriptions): void {
    const { emit, now, venue } = this.#setup
    for (const { channel, symbol } of subscriptions) {
      if (ChannelModule.kind(channel) !== "book") continue
      const known = this.#of(symbol)
      if (known.book?.channel !== channel) known.book = new BookMirror({ venue, symbol, channel }, emit, now)
    }
  }

  take(event: Event.Event): void {
    switch (event.type) {
      case "book":
        return this.#symbols.get(event.symbol)?.book?.take(event)
      case "bookState":
        return this.#symbols.get(event.symbol)?.book?.moved(event)
      case "subscription":
        return this.#moved(event)
      case "gap":
      case "connection":
        return this.#setup.emit(event)
      default:
        return this.#pass(event)
    }
  }

  /** The worker is no more: what follows comes from another, which does not know what was told. */
  lost(subscriptions: Subscriptions, reason: string): void {
    const { now, venue } = this.#setup
    for (const { channel, symbol } of subscriptions) {
      const known = this.#of(symbol)
      if (ChannelModule.kind(channel) === "book") known.book?.lost(reason)
      const last = known.last.get(channel)
      if (last !== undefined && !known.bridges.has(channel)) {
        known.bridges.set(channel, new Bridge({ ...this.#setup, symbol, channel, emit: this.#emitLast }, last))
      }
      const state = this.#states.get(Subscription.key({ symbol, channel }))
      if (state === undefined || state === "ended") continue
      this.#moved({ type: "subscription", venue, symbol, receivedTime: now(), channel, state: "pending", reason })
    }
  }

  /** Nothing follows of these. Without a reason the feed itself ends. */
  end(subscriptions: Subscriptions, reason?: string): void {
    const { now, venue } = this.#setup
    for (const { channel, symbol } of subscriptions) {
      const state = this.#states.get(Subscription.key({ symbol, channel }))
      if (state === "ended") continue
      if (state === undefined) {
        // not every adapter tells the states of subscriptions
        this.#close(symbol, channel)
        continue
      }
      const at = { venue, symbol, receivedTime: now(), channel }
      this.#moved({ type: "subscription", ...at, state: "ended", ...(reason !== undefined && { reason }) })
    }
  }

  #pass(event: Exclude<Event.MarketEvent, Event.Book>): void {
    const known = this.#of(event.symbol)
    const channel = channelOf(event)
    const bridge = known.bridges.size === 0 ? undefined : known.bridges.get(channel)
    if (bridge === undefined) {
      known.last.set(channel, event)
      return this.#setup.emit(event)
    }
    bridge.accept(event)
    if (bridge.isCrossed) this.#leave(known, channel)
  }

  readonly #emitLast = (event: Event.Event): void => {
    if (isPassed(event)) this.#of(event.symbol).last.set(channelOf(event), event)
    this.#setup.emit(event)
  }

  #moved(event: Event.SubscriptionState): void {
    this.#states.set(Subscription.key({ symbol: event.symbol, channel: event.channel as Channel.Channel }), event.state)
    if (event.state === "ended") this.#close(event.symbol, event.channel as Channel.Channel)
    this.#setup.emit(event)
  }

  /** Tells what is still open of a channel, and forgets it. */
  #close(symbol: string, channel: Channel.Channel): void {
    const known = this.#of(symbol)
    known.bridges.get(channel)?.end(undefined)
    this.#leave(known, channel)
    known.last.delete(channel)
    if (known.book?.channel === channel) {
      known.book.end()
      known.book = undefined
    }
    if (known.book === undefined && known.last.size === 0) this.#symbols.delete(symbol)
  }

  #leave(known: OfSymbol, channel: Channel.Channel): void {
    const bridge = known.bridges.get(channel)
    if (bridge === undefined) return
    known.bridges.delete(channel)
    this.#setup.cancel(bridge)
  }

  #of(symbol: string): OfSymbol {
    const known = this.#symbols.get(symbol)
    if (known !== undefined) return known
    const made: OfSymbol = { last: new Map(), bridges: new Map(), book: undefined }
    this.#symbols.set(symbol, made)
    return made
  }
}

type Passed = Exclude<Event.MarketEvent, Event.Book>

const isPassed = (event: Event.Event): event is Passed =>
  event.type !== "book" &&
  event.type !== "gap" &&
  event.type !== "connection" &&
  event.type !== "bookState" &&
  event.type !== "subscription"

const channelOf = (event: Passed): Channel.Channel => {
  switch (event.type) {
    case "trade":
      return "trades"
    case "quote":
      return "quotes"
    case "bar":
      return `bars:${event.interval}` as Channel.Channel
    case "liquidation":
      return "liquidations"
    default:
      return event.type
  }
}
