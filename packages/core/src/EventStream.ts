/**
 * A channel whose events stand for themselves. Where they are numbered (trades by id, bars by open time), what is missing
 * is waited for and fetched before it is called lost.
 *
 * Guarantees: no event twice; events in the order of their numbers; every loss that cannot be excluded is told as a
 * `gap`, once, when its outcome is known: first what was fetched (`origin: "backfill"`), then the gap, then live events.
 * While something is missing, at most `HELD_CAPACITY` events wait behind it; one more, and it is given up.
 */
import type { Mendable, Missing } from "./Backfill.ts"
import { ChannelStream, type ChannelStreamOptions } from "./ChannelStream.ts"
import * as Channel from "./Channel.ts"
import type { Continuity } from "./Continuity.ts"
import { continuityOf } from "./continuityOf.ts"
import type { Gap, GapReason, MarketEvent } from "./Event.ts"
import type { Leg } from "./Leg.ts"
import { HeldEvents } from "./HeldEvents.ts"
import { isSameSample } from "./isSameSample.ts"
import * as Interval from "./Interval.ts"
import { position } from "./position.ts"

/** Events that may wait behind a hole: as many as a queue holds by default. */
const HELD_CAPACITY = 1_000

/** How long after its end a bar's close may be missing before it is fetched. */
const CLOSE_WITHIN_MS = 3_000

/** The longest wait before a close that could not be fetched is asked for again. */
const LONGEST_WAIT_MS = 60_000

export interface EventStreamOptions extends ChannelStreamOptions {
  readonly consecutiveTradeIds: boolean
  /** Something is missing: see to it, by `backfilled` and `giveUp`. Absent where nothing can be fetched. */
  readonly mend?: (stream: Mendable) => void
}

export class EventStream extends ChannelStream implements Mendable {
  protected override readonly options: EventStreamOptions
  readonly #continuity: Continuity
  readonly #interval: Interval.Interval | undefined
  readonly #held: HeldEvents
  /** Something of the following three is so: an event has to be looked at more closely. */
  #isMending = false
  /** The hole that is being mended: what it was when it was found. */
  #hole: Gap | undefined
  /** Why something may be missing before an event that waits. */
  readonly #reasons = new WeakMap<MarketEvent, GapReason>()
  /** Looks, for this reason, for what came after the last event, without having seen what follows. */
  #behind: GapReason | undefined
  /** The gap of what was fetched and told, until it can be told itself. */
  #mended: { readonly reason: GapReason; readonly first: MarketEvent; count: number; last: MarketEvent } | undefined
  /** How far our clock is ahead of the venue's, with the time on the way, as of the last bar. */
  #lagMs = 0
  #closeWaitMs = CLOSE_WITHIN_MS
  #nextLookMs = 0
  /** As of the last tick. */
  #nowMs = 0
  /** What the last poll brought, of what replaces the one before. */
  #sample: MarketEvent | undefined

  constructor(options: EventStreamOptions) {
    super(options)
    this.options = options
    this.#continuity = continuityOf({ venue: options.venue, ...options.subscription }, options.consecutiveTradeIds)
    this.#interval = Channel.interval(options.subscription.channel)
    this.#held = new HeldEvents(this.#continuity.numberOf.bind(this.#continuity))
  }

  /** What is missing now; `undefined` when nothing is. */
  get missing(): Missing | undefined {
    const from = this.#continuity.expected
    if (from === undefined) return undefined
    if (this.#hole !== undefined) return { from, to: this.#held.firstNumber, reason: this.#hole.reason }
    return this.#behind === undefined ? undefined : { from, to: this.#closedUntil(), reason: this.#behind }
  }

  override get expected(): number | undefined {
    return this.#continuity.expected
  }

  override accept(event: MarketEvent, leg?: Leg): void {
    this.delivers()
    if (this.#interval !== undefined && event.exchangeTime !== undefined) {
      this.#lagMs = event.receivedTime - event.exchangeTime
    }
    if (this.#isMending) return this.#take(event)
    const admission = this.#continuity.admit(event)
    if (leg !== undefined && this.legs.size > 1) {
      this.follow(leg, admission !== "known", () => this.#continuity.isLast(event))
    }
    if (admission !== "new") return this.#doubt(event, admission)
    this.admitted(event)
    this.options.emit(event)
  }

  /** Takes what was fetched; true when it was of use. */
  backfilled(events: ReadonlyArray<MarketEvent>): boolean {
    const before = this.#continuity.expected
    for (const event of events) if (this.state !== "ended") this.#take(event)
    return this.#continuity.expected !== before
  }

  /** What is missing will not come: says so, and goes on with what waits. */
  giveUp(): void {
    this.#behind = undefined
    this.#hole = undefined
    for (let event = this.#held.shift(); event !== undefined; event = this.#held.shift()) {
      const admission = this.#continuity.admit(event)
      if (admission === "new") this.#tell(event)
      else if (admission === "known") this.options.onDuplicate()
      else this.#skip(this.#withReason(admission, event), event)
    }
    this.#tellMended()
    this.#settle()
  }

  /** There may be events that were not sent to us, and nothing has come behind them. */
  lookBehind(): void {
    const { mend } = this.options
    if (mend === undefined || this.#continuity.expected === undefined || this.#behind !== undefined) return
    this.#behind = this.#continuity.interruption ?? "sequence"
    this.#isMending = true
    if (this.#hole === undefined) mend(this)
  }

  override lookBehindAfterInterruption(): void {
    if (this.#continuity.interruption !== undefined) this.lookBehind()
  }

  /** Fetches the close of a bar that is overdue. */
  override tick(nowMs: number): void {
    this.#nowMs = nowMs
    const awaited = this.#continuity.expected
    if (this.#interval === undefined || awaited === undefined || this.#hole !== undefined) return
    const closedMs = Interval.nextOpenTime(this.#interval, awaited)
    if (this.#surelyPastMs() < closedMs) {
      this.#closeWaitMs = CLOSE_WITHIN_MS
      return
    }
    if (nowMs < this.#nextLookMs || !this.isCarried) return
    this.#nextLookMs = nowMs + this.#closeWaitMs
    this.#closeWaitMs = Math.min(this.#closeWaitMs * 2, LONGEST_WAIT_MS)
    this.lookBehind()
  }

  protected override doubted(gapReason: GapReason): void {
    this.#continuity.interrupted(gapReason)
  }

  protected override pollingBegan(reason: string | undefined): void {
    this.#sample = undefined
    super.pollingBegan(reason)
  }

  protected override sampled(events: ReadonlyArray<MarketEvent>): void {
    for (const event of events) {
      if (event.type === "trade") this.accept(event)
      else if (this.#sample === undefined || !isSameSample(this.#sample, event)) {
        this.#sample = event
        if (event.type === "bar") this.accept(event)
        else this.#replace(event)
      }
    }
  }

  /** A venue may number its answers otherwise than its stream. */
  protected override relieved(): void {
    if (this.#interval === undefined && this.subscription.channel !== "trades") this.#continuity.renumbered()
  }

  /** It is new, and about to be told. */
  protected admitted(_event: MarketEvent): void {}

  protected tellAfter(gap: Gap, event: MarketEvent): void {
    this.options.emit(gap)
    this.options.emit(event)
  }

  protected finish(): void {
    this.giveUp()
    const gap = this.#continuity.end(this.options.now())
    if (gap !== undefined) this.options.emit(gap)
  }

  /** How things stand now, whatever the numbers say: what was between is not known. */
  #replace(event: MarketEvent): void {
    this.delivers()
    const gap = this.#continuity.end(event.receivedTime)
    this.#continuity.skipTo(event)
    this.admitted(event)
    if (gap === undefined) this.options.emit(event)
    else this.tellAfter({ ...gap, to: position(event, false), repaired: event.type === "book" }, event)
  }

  #take(event: MarketEvent): void {
    const admission = this.#continuity.admit(event)
    if (admission !== "new") return this.#doubt(event, admission)
    this.#tell(event)
    if (this.#hole !== undefined) this.#release()
    this.#settle()
  }

  #doubt(event: MarketEvent, admission: "known" | Gap): void {
    if (admission === "known") {
      if (this.#continuity.isLast(event)) this.#continuity.proven()
      this.options.onDuplicate()
    } else if (admission.lost !== null && admission.lost > 0 && this.options.mend !== undefined) {
      this.#hold(event, admission)
    } else this.#skip(admission, event)
  }

  #hold(event: MarketEvent, gap: Gap): void {
    if (!this.#held.insert(event)) return this.options.onDuplicate()
    const isFirst = this.#hole === undefined
    if (this.#continuity.interruption !== undefined) this.#reasons.set(event, this.#continuity.interruption)
    this.#hole ??= gap
    this.#isMending = true
    if (this.#held.size > HELD_CAPACITY) this.giveUp()
    else if (isFirst) this.options.mend?.(this)
  }

  /** Something that was missing has come: what waits directly behind it goes on. */
  #release(): void {
    while (true) {
      const event = this.#held.first
      if (event === undefined) break
      const admission = this.#continuity.admit(event)
      if (typeof admission !== "string") {
        // another hole, or the rest of this one
        this.#hole = this.#withReason(admission, event)
        return
      }
      this.#held.shift()
      if (admission === "new") this.#tell(event)
      else this.options.onDuplicate()
    }
    this.#hole = undefined
  }

  /** An interruption from while the event waited is forgotten by those that went before it. */
  #withReason(gap: Gap, event: MarketEvent): Gap {
    return { ...gap, reason: this.#reasons.get(event) ?? gap.reason }
  }

  #tell(event: MarketEvent): void {
    if ("origin" in event && event.origin === "backfill") this.#countMended(event)
    else this.#tellMended(event)
    this.admitted(event)
    this.options.emit(event)
  }

  /** Goes past a hole that stays one. */
  #skip(gap: Gap, event: MarketEvent): void {
    // what could be fetched of it was told; what is told now is the rest
    this.#mended = undefined
    this.#continuity.skipTo(event)
    this.admitted(event)
    this.tellAfter(gap, event)
  }

  #countMended(event: MarketEvent): void {
    const reason = this.#hole?.reason ?? this.#behind ?? "sequence"
    this.#mended ??= { reason, first: event, count: 0, last: event }
    this.#mended.count++
    this.#mended.last = event
    this.#isMending = true
  }

  /** Tells the gap of what was fetched: it is whole up to `next`, or up to the last that was fetched. */
  #tellMended(next?: MarketEvent): void {
    if (this.#mended === undefined) return
    const { count, first, last, reason } = this.#mended
    this.#mended = undefined
    const { emit, subscription, venue } = this.options
    const from = this.#continuity.positionBefore(first)
    const to = this.#continuity.positionAfter(last)
    emit({
      type: "gap",
      venue,
      symbol: subscription.symbol,
      receivedTime: next?.receivedTime ?? last.receivedTime,
      channel: subscription.channel,
      reason,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      lost: count,
      repaired: true
    })
  }

  #settle(): void {
    this.#isMending = this.#hole !== undefined || this.#behind !== undefined || this.#mended !== undefined
  }

  /** The open time up to which bars have been closed for long enough; `undefined` for what is no bar. */
  #closedUntil(): number | undefined {
    return this.#interval && Interval.openTime(this.#interval, this.#surelyPastMs())
  }

  /** What is past by the venue's clock as well as by ours, whichever is behind, and what is due then has come. */
  #surelyPastMs(): number {
    return this.#nowMs - Math.max(0, this.#lagMs) - CLOSE_WITHIN_MS
  }
}
