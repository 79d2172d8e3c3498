/**
 * The running stream of one subscription: what the sessions that carry it decoded goes in, what the consumer may rely on
 * comes out. It outlives sessions, so that what was lost between two of them is accounted for.
 *
 * Guarantees: its state never claims what is not so (`live` only once it has delivered since it was last interrupted); it
 * is interrupted only when no session carries it any more, or when a loss in passing from one to the next cannot be
 * excluded.
 */
import * as Latch from "effect/Latch"
import type { BookDelta, BookSnapshot } from "./BookRule.ts"
import type { Event, GapReason, MarketEvent, SubscriptionStateName } from "./Event.ts"
import type { Leg } from "./Leg.ts"
import { Pace } from "./Pace.ts"
import type { Topic } from "./SocketVenue.ts"
import type { Subscription } from "./Subscription.ts"

export interface ChannelStreamOptions {
  readonly venue: string
  readonly subscription: Subscription
  readonly topic: Topic
  readonly emit: (event: Event) => void
  /** An event was dropped because its like had been delivered. */
  readonly onDuplicate: () => void
  readonly now: () => number
}

/** How often in a row the venue must refuse what it has had before. */
const REFUSALS = 3

export abstract class ChannelStream {
  readonly subscription: Subscription
  readonly topic: Topic
  /** It is kept from changes that chain; what comes whole for it is a snapshot. */
  readonly isChecked: boolean = false
  /** Open while a session carries it that has had the venue's word for it. */
  readonly confirmed = Latch.makeUnsafe(false)
  /** What there was to say while more than one session carried it: how far each leg has come. */
  told = 0
  /** How often it speaks, as far as that is known. */
  readonly pace = new Pace()
  protected readonly options: ChannelStreamOptions
  readonly #legs = new Set<Leg>()
  /** The venue has had it before. */
  #wasConfirmed = false
  /** For good, in a row, since it was last confirmed. */
  #refusals = 0
  #state: SubscriptionStateName | undefined
  #isPolled = false
  /** A poll has brought an answer since polling began. */
  #isAnswered = false

  constructor(options: ChannelStreamOptions) {
    this.options = options
    this.subscription = options.subscription
    this.topic = options.topic
  }

  get state(): SubscriptionStateName {
    return this.#state ?? "pending"
  }

  get legs(): ReadonlySet<Leg> {
    return this.#legs
  }

  /** A session carries it that has had the venue's word for it. */
  get isCarried(): boolean {
    for (const leg of this.#legs) if (leg.isConfirmed) return true
    return false
  }

  /** It is polled, and counts on that as long as no session carries it. */
  get isPolled(): boolean {
    return this.#isPolled
  }

  /** The number that comes next (a trade id, the open time of a bar); `undefined` where nothing is numbered, or not yet. */
  get expected(): number | undefined {
    return undefined
  }

  /** Takes a decoded event of this channel, from this leg. */
  abstract accept(event: MarketEvent, leg?: Leg): void

  /** Takes a change of a checked book, from this leg. */
  delta(_delta: BookDelta, _leg?: Leg): void {}

  /** Takes a whole book of a checked book, from this leg when it came on a socket. */
  snapshot(_snapshot: BookSnapshot, _leg?: Leg): void {}

  /** An interruption may have cost something, and nothing has come since that would tell. */
  lookBehindAfterInterruption(): void {}

  /** Time passes: called about once a second. */
  tick(_nowMs: number): void {}

  /** A session is about to carry it. */
  attach(leg: Leg): void {
    this.#legs.add(leg)
    if (this.#legs.size === 1) this.opened()
  }

  /** A session carries it no more; whether that is an interruption depends on the others. */
  detach(leg: Leg, gapReason: GapReason, reason: string): void {
    if (!this.#legs.delete(leg) || this.#state === "ended") return
    const others = [...this.#legs].filter((each) => each.isConfirmed)
    if (others.length > 0) {
      if (leg.isConfirmed && !others.some((other) => other.continues(leg))) this.doubted(gapReason)
      this.carriersChanged()
      return
    }
    if (leg.isConfirmed) this.doubted(gapReason)
    this.#stop(gapReason, reason)
    if (this.#legs.size > 0) this.opened()
  }

  /** It is silent on this leg and should not be: it begins anew there. */
  renew(leg: Leg, reason: string): void {
    leg.renew()
    if (this.isCarried) return
    this.move("silent", reason)
    this.doubted("stale")
    this.#stop("stale", reason)
    this.opened()
  }

  /** Something was lost on its way here: what comes next is looked at with that in mind. */
  missed(gapReason: GapReason): void {
    if (this.#state !== "ended") this.doubted(gapReason)
  }

  /** Polling begins to carry it. */
  startPolling(reason?: string): void {
    if (this.#isPolled || this.#state === "ended") return
    this.#isPolled = true
    this.#isAnswered = false
    this.pollingBegan(reason)
  }

  /** Takes what a poll brought, all of it; of no use once a session has the venue's word for it again. */
  polled(events: ReadonlyArray<MarketEvent>): void {
    if (!this.#isPolled || this.isCarried || this.#state === "ended") return
    this.#isAnswered = true
    this.sampled(events)
    if (this.state === "pending") this.move("quiet")
  }

  /** Polling carries it no more: because a session does again, or because it failed. */
  stopPolling(gapReason: GapReason, reason: string): void {
    if (!this.#isPolled) return
    this.#isPolled = false
    if (this.isCarried) return this.move(this.state, reason)
    if (this.#isAnswered) this.doubted(gapReason)
    this.interrupted(gapReason, reason)
  }

  /** The venue carries it. */
  confirm(): void {
    if (this.#isPolled) this.relieved()
    this.#wasConfirmed = true
    this.#refusals = 0
    this.confirmed.openUnsafe()
  }

  /**
   * The venue refused it. Ends it when that is for good, which is believed of what the venue has had before only at the
   * third time; true when it ended.
   */
  refused(message: string, forGood: boolean): boolean {
    if (forGood && (!this.#wasConfirmed || ++this.#refusals >= REFUSALS)) {
      this.end(message)
      return true
    }
    if (!this.isCarried) this.move("pending", message)
    return false
  }

  /** Nothing more will come: tells what is still open. */
  end(reason: string | undefined): void {
    if (this.#state === "ended") return
    this.finish()
    this.move("ended", reason)
  }

  /** Says a state again with a reason, or moves to another. */
  move(state: SubscriptionStateName, reason?: string): void {
    if (this.#state === "ended" || (this.#state === state && reason === undefined)) return
    this.#state = state
    const { emit, now, subscription, venue } = this.options
    const at = { venue, symbol: subscription.symbol, receivedTime: now(), channel: subscription.channel }
    emit({ type: "subscription", ...at, state, ...(reason !== undefined && { reason }) })
  }

  /** Polling carries it from now on. */
  protected pollingBegan(reason: string | undefined): void {
    this.move("pending", reason)
  }

  /** What is new of an answer is told. */
  protected sampled(events: ReadonlyArray<MarketEvent>): void {
    for (const event of events) this.accept(event)
  }

  /** From now on a session brings everything, and polling nothing more. */
  protected relieved(): void {}

  /** The first session that carries it has begun. */
  protected opened(): void {
    this.move("pending")
  }

  /** No session carries it any more. */
  protected interrupted(_gapReason: GapReason, reason: string): void {
    this.move("pending", reason)
  }

  /** Something may be missing from here on: what comes next is looked at with that in mind. */
  protected doubted(_gapReason: GapReason): void {}

  /** There are fewer sessions that carry it. */
  protected carriersChanged(): void {}

  /** Takes note of how far a leg has come while there is more than one: where no numbers tell. */
  protected follow(leg: Leg, isNew: boolean, isLast: () => boolean): void {
    if (isNew) leg.brought = leg.reached = ++this.told
    else if (isLast()) {
      leg.brought = leg.reached = this.told
      // one may repeat itself; two that bring the same have met
      for (const other of this.#legs) if (other !== leg && other.brought === this.told) other.hasMet = leg.hasMet = true
    }
  }

  protected abstract finish(): void

  protected delivers(): void {
    if (this.#state !== "live") this.move("live")
  }

  #stop(gapReason: GapReason, reason: string): void {
    this.confirmed.closeUnsafe()
    this.carriersChanged()
    this.interrupted(gapReason, reason)
  }
}
