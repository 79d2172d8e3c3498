/**
 * The queue of one symbol between its socket and the consumer (S-A3): arrival order, each channel bounded by itself, an
 * overflow policy per channel.
 *
 * Guarantees: an event evicts only events of its own channel; received = delivered + conflated + dropped + waiting at
 * every moment; what was dropped is told where it is missing, as a `gap` in front of the next event of that channel, or
 * behind the whole book that mends it; a book of which a change was dropped delivers no further change until it is whole
 * again.
 */
import type { Channel, Kind } from "./Channel.ts"
import * as ChannelModule from "./Channel.ts"
import { conflate } from "./conflate.ts"
import { type Book, type Event, type Gap, isMarketEvent, type MarketEvent } from "./Event.ts"
import { type ChannelLane, channelOf, make as makeLane, overflowGap } from "./ChannelLane.ts"
import { Lane } from "./Lane.ts"
import type { Overflow } from "./QueueOptions.ts"

/** Events about the stream itself (states, gaps) that may wait; they are few, and the oldest give way. */
const CONTROL_CAPACITY = 1_000

/** What a paused socket may still deliver from what it had already read. */
const READ_AHEAD = 65_536

export interface SymbolQueueOptions {
  readonly capacity: number
  readonly policy: (kind: Kind) => Overflow
  readonly consecutiveTradeIds: boolean
  /** The `book` or `book:<depth>` channel of this symbol. */
  readonly bookChannel: Channel
}

/** What the queue asks of its surroundings; all synchronous. */
export interface SymbolQueueHooks {
  /** The queue is full: deliver now if the consumer only waits for its turn. */
  readonly drainNow: () => void
  /** Stop reading this channel's socket; false when it cannot be done. */
  readonly pause: (channel: Channel) => boolean
  readonly resume: (channel: Channel) => void
  /** The consumer lost changes of this book: give it a whole one. */
  readonly retellBook: (hole: BookHole) => void
}

/** What a consumer missed of a book. */
export interface BookHole {
  /** The sequence it saw last. */
  readonly from: number | undefined
  readonly lost: number
}

/** What passed of one channel of a symbol. */
export interface ChannelCounts {
  readonly channel: Channel
  readonly delivered: number
  readonly conflated: number
  readonly dropped: number
  readonly waiting: number
  /** The event that was delivered last. */
  readonly last: MarketEvent | undefined
}

export type Deliver<R> = (event: Event) => R | undefined

export class SymbolQueue {
  received = 0
  delivered = 0
  conflated = 0
  dropped = 0
  readonly #options: SymbolQueueOptions
  readonly #hooks: SymbolQueueHooks
  readonly #control = new Lane<Event>()
  readonly #lanes = new Map<string, ChannelLane>()
  /** The lanes again, as a list: merging walks them for every event. */
  readonly #list: Array<ChannelLane> = []
  #arrivals = 0
  /** The event whose gap has been told: nothing may come between, so it can no longer give way. */
  #announced: { readonly lane: ChannelLane; readonly event: MarketEvent } | undefined
  #bookChannel: Channel
  /** The gap of a book, which stands behind the book that mends it. */
  #mended: Gap | undefined

  constructor(options: SymbolQueueOptions, hooks: SymbolQueueHooks) {
    this.#options = options
    this.#bookChannel = options.bookChannel
    this.#hooks = hooks
  }

  get waiting(): number {
    let waiting = this.#control.size + (this.#announced === undefined ? 0 : 1)
    for (const lane of this.#list) waiting += lane.waiting.size
    return waiting
  }

  /** What waits, by channel; `state` is what is told about the stream itself. Channels of which nothing waits are left out. */
  waitingBy(): ReadonlyArray<{ readonly channel: Channel | "state"; readonly waiting: number }> {
    const lanes = this.#list.map((lane) => ({
      channel: lane.channel,
      waiting: lane.waiting.size + (this.#announced?.lane === lane ? 1 : 0)
    }))
    return [...lanes, { channel: "state" as const, waiting: this.#control.size }].filter((each) => each.waiting > 0)
  }

  /** Every channel of which something has come. */
  channels(): ReadonlyArray<ChannelCounts> {
    return this.#list.map((lane) => {
      const { channel, conflated, delivered, dropped, last } = lane
      const waiting = lane.waiting.size + (this.#announced?.lane === lane ? 1 : 0)
      return { channel, delivered, conflated, dropped, waiting, last }
    })
  }

  /** Nothing waits here. */
  get isClear(): boolean {
    if (this.#control.size > 0 || this.#announced !== undefined || this.#mended !== undefined) return false
    for (const lane of this.#list) if (lane.waiting.size > 0) return false
    return true
  }

  /** Delivers an event without a wait: as `offer` and `drain` do, for a queue that is clear. */
  pass<R>(event: Event, deliver: Deliver<R>): R | undefined {
    if (isMarketEvent(event)) {
      const lane = this.#laneOf(event)
      if (lane.brokenBy > 0 || lane.waiting.firstHole > 0) {
        this.offer(event)
        return this.drain(deliver)
      }
      if (isChange(event)) lane.isChained = true
      lane.last = event
      lane.delivered++
    }
    this.received++
    this.delivered++
    return deliver(event)
  }

  offer(event: Event): void {
    this.received++
    if (!isMarketEvent(event)) {
      if (this.#control.size >= CONTROL_CAPACITY) {
        this.#control.dropOldest()
        this.dropped++
      }
      this.#control.push(event, this.#arrivals++)
      return
    }
    const lane = this.#laneOf(event)
    if (isChange(event)) lane.isChained = true
    if (lane.brokenBy > 0 && !this.#mends(lane, event)) return
    if (lane.waiting.size >= this.#options.capacity) {
      this.#hooks.drainNow()
      if (lane.waiting.size >= this.#options.capacity && !this.#makeRoom(lane, event)) return
    }
    lane.waiting.push(event, this.#arrivals++)
  }

  /**
   * Delivers in arrival order until nothing waits, or until `deliver` returns something: that is given back, and the
   * rest waits.
   */
  drain<R>(deliver: Deliver<R>): R | undefined {
    while (true) {
      if (this.#announced !== undefined) {
        const { event, lane } = this.#announced
        this.#announced = undefined
        const busy = this.#deliver(lane, event, deliver)
        if (busy !== undefined) return busy
      }
      if (this.#mended !== undefined) {
        const gap = this.#mended
        this.#mended = undefined
        const busy = deliver(gap)
        if (busy !== undefined) return busy
      }
      const lane = this.#firstLane()
      if (lane === undefined) {
        if (this.#control.size === 0) {
          if (this.#retellBroken()) continue
          return undefined
        }
        this.delivered++
        const busy = deliver(this.#control.shift())
        if (busy !== undefined) return busy
        continue
      }
      const lost = lane.waiting.firstHole
      const event = lane.waiting.shift()
      if (lost > 0 && event.type === "book") this.#mended = this.#gap(lane, lost, event)
      const isTold = lost === 0 || event.type === "book"
      const busy = isTold ? this.#deliver(lane, event, deliver) : deliver(this.#announce(lane, event, lost))
      if (busy !== undefined) return busy
    }
  }

  /** Tells the holes at the very end, after which nothing came any more. */
  finish<R>(deliver: Deliver<R>): void {
    for (const gap of this.takeHoles()) deliver(gap)
  }

  /** The holes behind which nothing waits, as gaps; they are told by whoever takes them. */
  takeHoles(): ReadonlyArray<Gap> {
    return this.#list.flatMap((lane) => {
      const lost = lane.waiting.firstHole + lane.brokenBy
      if (lane.waiting.size > 0 || lost === 0) return []
      lane.waiting.clearTailHole()
      lane.brokenBy = 0
      return [this.#gap(lane, lost, undefined)]
    })
  }

  /** The book of this symbol is subscribed as another channel from now on. */
  nameBook(channel: Channel): void {
    const lane = this.#lanes.get("book")
    this.#bookChannel = channel
    if (lane !== undefined) lane.channel = channel
  }

  /** A pause has lasted as long as it may: read on, and drop what does not fit. */
  expirePause(channel: Channel): void {
    const lane = this.#list.find((each) => each.channel === channel)
    if (lane === undefined || !lane.isPaused) return
    lane.isPaused = false
    lane.isExpired = true
    this.#hooks.resume(channel)
  }

  #deliver<R>(lane: ChannelLane, event: MarketEvent, deliver: Deliver<R>): R | undefined {
    lane.last = event
    lane.delivered++
    this.delivered++
    if (lane.isPaused || lane.isExpired) this.#relax(lane)
    return deliver(event)
  }

  #announce(lane: ChannelLane, event: MarketEvent, lost: number): Gap {
    this.#announced = { lane, event }
    return this.#gap(lane, lost, event)
  }

  #firstLane(): ChannelLane | undefined {
    let first: ChannelLane | undefined
    let arrival = this.#control.firstArrival
    for (const lane of this.#list) {
      const candidate = lane.waiting.firstArrival
      if (candidate < arrival) {
        arrival = candidate
        first = lane
      }
    }
    return first
  }

  /** Everything was delivered up to where a book broke: now a whole one is of use. */
  #retellBroken(): boolean {
    for (const lane of this.#list) {
      if (lane.brokenBy === 0) continue
      const from = lane.last?.type === "book" ? lane.last.sequence : undefined
      const lost = lane.brokenBy
      lane.brokenBy = 0
      this.#hooks.retellBook({ from, lost })
      return true
    }
    return false
  }

  #relax(lane: ChannelLane): void {
    if (lane.waiting.size > this.#options.capacity / 2) return
    lane.isExpired = false
    if (!lane.isPaused) return
    lane.isPaused = false
    this.#hooks.resume(lane.channel)
  }

  /** Decides what gives way to `event`; false when it is `event` itself. */
  #makeRoom(lane: ChannelLane, event: MarketEvent): boolean {
    if (event.type === "book" && event.kind === "snapshot" && lane.isChained && lane.policy !== "conflate") {
      return this.#startAnew(lane)
    }
    switch (lane.policy) {
      case "conflate":
        return this.#conflate(lane, event)
      case "block":
        if (this.#block(lane)) return true
        return this.#dropOldest(lane, event)
      case "drop-oldest":
        return this.#dropOldest(lane, event)
      case "drop-newest":
        if (isChange(event)) return this.#breakBook(lane)
        this.#drop(lane, 1)
        lane.waiting.dropNewest()
        return false
    }
  }

  #dropOldest(lane: ChannelLane, event: MarketEvent): boolean {
    if (isChange(event)) return this.#breakBook(lane)
    this.#drop(lane, 1)
    lane.waiting.dropOldest()
    return true
  }

  #drop(lane: ChannelLane, count: number): void {
    this.dropped += count
    lane.dropped += count
  }

  #conflate(lane: ChannelLane, event: MarketEvent): boolean {
    const before = lane.waiting.toArray()
    const kept = conflate([...before, event])
    const merged = before.length + 1 - kept.length
    this.conflated += merged
    lane.conflated += merged
    // the arriving event's own slot is pushed by the caller; what was merged into it arrives as its successor
    const successor = kept.at(-1)!.event
    lane.waiting.replace(kept.slice(0, -1))
    while (lane.waiting.size >= this.#options.capacity) {
      this.#drop(lane, 1)
      lane.waiting.dropOldest()
    }
    lane.waiting.push(successor, this.#arrivals++)
    return false
  }

  #block(lane: ChannelLane): boolean {
    if (lane.isExpired) return false
    if (!lane.isPaused) lane.isPaused = this.#hooks.pause(lane.channel)
    return lane.isPaused && lane.waiting.size < this.#options.capacity + READ_AHEAD
  }

  /** Without one change the later ones are of no use: all of them go, until the book is whole again. */
  #breakBook(lane: ChannelLane): boolean {
    const lost = lane.waiting.size + 1
    this.#drop(lane, lost)
    lane.brokenBy = lost + lane.waiting.firstHole
    lane.waiting.clear()
    return false
  }

  /** A whole book has come: the changes that wait are in it, and were not seen by the consumer. */
  #startAnew(lane: ChannelLane): boolean {
    const unseen = lane.waiting.size
    const hole = lane.waiting.firstHole + unseen
    this.#drop(lane, unseen)
    lane.waiting.clear()
    lane.waiting.dropNewest(hole)
    return true
  }

  /** A whole book mends a broken one; a change does not, and is dropped. */
  #mends(lane: ChannelLane, event: MarketEvent): boolean {
    if (isChange(event)) {
      this.#drop(lane, 1)
      lane.brokenBy++
      return false
    }
    lane.waiting.dropNewest(lane.brokenBy)
    lane.brokenBy = 0
    return true
  }

  #gap(lane: ChannelLane, lost: number, next: MarketEvent | undefined): Gap {
    return overflowGap(lane, lost, next, this.#options.consecutiveTradeIds)
  }

  #laneOf(event: MarketEvent): ChannelLane {
    const key = event.type === "bar" ? event.interval : event.type
    const lane = this.#lanes.get(key)
    if (lane !== undefined) return lane
    const channel = channelOf(event, this.#bookChannel)
    const created = makeLane(channel, this.#options.policy(ChannelModule.kind(channel)))
    this.#lanes.set(key, created)
    this.#list.push(created)
    return created
  }
}

/** A change needs every change before it; a whole book does not. */
const isChange = (event: MarketEvent): event is Book => event.type === "book" && event.kind === "delta"
