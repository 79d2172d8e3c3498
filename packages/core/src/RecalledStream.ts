/**
 * Trades whose ids say nothing about what is missing, at a venue that can be asked for its latest ones. After an
 * interruption, live trades wait while those are read: where they reach back to one that was told, nothing is missing or
 * all of it is there.
 *
 * Guarantees: no trade twice; what was fetched is followed by its `gap`, `repaired`; what could not be had is told before
 * what could, and ends with it; no gap where nothing was missed. At most `HELD_CAPACITY` trades wait; one more, and the hole
 * is given up.
 */
import { ChannelStream, type ChannelStreamOptions } from "./ChannelStream.ts"
import type { Mendable, Missing } from "./Backfill.ts"
import type { Gap, GapReason, MarketEvent, Trade } from "./Event.ts"
import type { Leg } from "./Leg.ts"
import { MeetingLegs } from "./MeetingLegs.ts"
import { position } from "./position.ts"
import { UnnumberedContinuity } from "./UnnumberedContinuity.ts"

/** Trades that may wait: as many as a queue holds by default. */
const HELD_CAPACITY = 1_000

export interface RecalledStreamOptions extends ChannelStreamOptions {
  /** Something may be missing: see to it, by `backfilled` and `giveUp`. */
  readonly mend: (stream: Mendable) => void
}

export class RecalledStream extends ChannelStream implements Mendable {
  protected override readonly options: RecalledStreamOptions
  readonly #continuity: UnnumberedContinuity
  /** The hole that is looked into, as it was found, and how many there have been. */
  #hole: Gap | undefined
  #holes = 0
  /** What has come behind the hole, by id. */
  readonly #held = new Map<string, Trade>()
  /** Of those, the ids of the first after each interruption. */
  #firsts: Array<string> = []
  /** It was interrupted, and nothing has come since. */
  #isInterrupted = false
  /** Looks for what came after the last trade that was told, without having seen what follows. */
  #isLookingBehind = false
  /** The gap of what was fetched and told, until it is known what follows it. */
  #mended: Gap | undefined
  readonly #meeting = new MeetingLegs(
    (trade, leg) => this.#take(trade, leg),
    () => this.doubted("stale")
  )

  constructor(options: RecalledStreamOptions) {
    super(options)
    this.options = options
    this.#continuity = new UnnumberedContinuity({ venue: options.venue, ...options.subscription })
  }

  get missing(): Missing | undefined {
    if (this.#hole !== undefined) return { from: this.#holes, to: this.#holes, reason: this.#hole.reason }
    const { interruption } = this.#continuity
    if (!this.#isLookingBehind || interruption === undefined) return undefined
    return { from: this.#holes, to: undefined, reason: interruption }
  }

  override accept(event: MarketEvent, leg?: Leg): void {
    if (event.type !== "trade") return
    this.delivers()
    if (this.legs.size > 1) this.#meeting.take(event, leg, this.#continuity.isKnown(event))
    else this.#take(event, leg)
  }

  override attach(leg: Leg): void {
    if ([...this.legs].some(({ isConfirmed }) => isConfirmed)) this.#meeting.begin(leg)
    super.attach(leg)
  }

  override detach(leg: Leg, gapReason: GapReason, reason: string): void {
    this.#meeting.end(leg)
    super.detach(leg, gapReason, reason)
  }

  override tick(): void {
    this.#meeting.tick()
  }

  /** Takes the latest trades of the venue, oldest first; true when they were of use. */
  backfilled(events: ReadonlyArray<MarketEvent>): boolean {
    const latest = events.filter((event) => event.type === "trade")
    if (this.#hole === undefined) return this.#lookAt(latest)
    const first = this.#resumed
    const resumed = latest.findIndex(({ id }) => id === first)
    // the venue has not written yet what it has sent already
    if (resumed < 0) return false
    const known = latest.findLastIndex((event, index) => index < resumed && this.#continuity.isKnown(event))
    this.#join(latest.slice(known + 1, resumed), latest[resumed]!, known >= 0)
    return true
  }

  /** What is missing will not come: says so, and goes on with what waits. */
  giveUp(): void {
    this.#isLookingBehind = false
    const hole = this.#hole
    if (hole === undefined) return
    this.#tellHeld(hole.from, this.#held.values())
    this.#close()
  }

  override lookBehindAfterInterruption(): void {
    if (this.#hole !== undefined || this.#isLookingBehind || this.#continuity.interruption === undefined) return
    this.#isLookingBehind = true
    this.options.mend(this)
  }

  /** Takes the latest trades of the venue, oldest first: those after the last that was told are told. */
  protected override sampled(events: ReadonlyArray<MarketEvent>): void {
    const latest = events.filter((event) => event.type === "trade")
    // what is being looked into is looked at here as well, and not again
    if (this.#hole !== undefined && !this.backfilled(latest)) this.giveUp()
    this.#isLookingBehind = false
    const [first] = latest
    if (first === undefined) return
    this.delivers()
    if (!this.#continuity.hasBegun) return this.#begin(latest)
    // what is before it and was not told was given up, and stays a hole
    const known = latest.findLastIndex((event) => this.#continuity.isKnown(event))
    const fresh = latest.slice(known + 1)
    if (this.#mended !== undefined) this.#tellMended(fresh[0])
    if (known < 0) {
      this.#continuity.interrupted("sequence")
      const gap = this.#continuity.end(first.receivedTime)
      if (gap !== undefined) this.options.emit({ ...gap, to: position(first, false) })
    } else this.#continuity.proven()
    for (const event of fresh) this.#tell(event)
  }

  /** A session that begins has seen nothing of what came between the last poll and its own beginning. */
  protected override relieved(): void {
    this.doubted("disconnect")
  }

  protected override doubted(gapReason: GapReason): void {
    this.#continuity.interrupted(gapReason)
    this.#isInterrupted = true
  }

  protected override carriersChanged(): void {
    if (![...this.legs].some((leg) => leg.isConfirmed && !this.#meeting.isWaiting(leg))) this.#meeting.meetAll()
  }

  protected finish(): void {
    this.#meeting.meetAll()
    this.giveUp()
    if (this.#mended !== undefined) this.#tellMended()
    const gap = this.#continuity.end(this.options.now())
    if (gap !== undefined) this.options.emit(gap)
  }

  /** A series begins with the latest trade; an interruption before it has a gap. */
  #begin(latest: ReadonlyArray<Trade>): void {
    const last = latest.at(-1)!
    const gap = this.#continuity.end(last.receivedTime)
    if (gap !== undefined) this.options.emit({ ...gap, to: position(last, false) })
    this.#tell(last)
  }

  #take(trade: Trade, leg: Leg | undefined): void {
    if (this.#hole !== undefined) return this.#hold(trade)
    const admission = this.#continuity.admit(trade)
    if (leg !== undefined && this.legs.size > 1) {
      this.follow(leg, admission !== "known", () => this.#continuity.isLast(trade))
    }
    if (admission === "known") {
      if (this.#continuity.isLast(trade)) this.#continuity.proven()
      this.options.onDuplicate()
    } else if (admission === "new") {
      if (this.#mended !== undefined) this.#tellMended(trade)
      this.options.emit(trade)
    } else if (admission.from === undefined) {
      this.options.emit(admission)
      this.#tell(trade)
    } else {
      if (this.#mended !== undefined) this.#tellMended()
      this.#hole = admission
      this.#holes++
      this.#isLookingBehind = false
      this.#hold(trade)
      this.options.mend(this)
    }
  }

  #hold(trade: Trade): void {
    if (this.#held.has(trade.id) || this.#continuity.isKnown(trade)) return this.options.onDuplicate()
    this.#held.set(trade.id, trade)
    if (this.#isInterrupted) this.#firsts.push(trade.id)
    this.#isInterrupted = false
    if (this.#held.size > HELD_CAPACITY) this.giveUp()
  }

  /** The first that came after the last interruption; from it on nothing is missing. */
  get #resumed(): string | undefined {
    return this.#isInterrupted ? undefined : this.#firsts.at(-1)
  }

  /** Closes the hole with what is known now to have been between. */
  #join(between: ReadonlyArray<Trade>, next: Trade, isWhole: boolean): void {
    const all = [...between, next].map((trade) => this.#held.get(trade.id) ?? trade)
    let { from } = this.#hole!
    // what begins at a hole that stays one is told with it
    let isTold = !isWhole
    let fetched = 0
    if (!isWhole) from = this.#tellLost(from, all)
    for (const trade of all) {
      if (!this.#held.delete(trade.id)) {
        fetched++
        this.#tell(trade)
        continue
      }
      if (fetched > 0 && !isTold) this.#tellGap(from, trade, { lost: fetched, repaired: true })
      isTold = false
      fetched = 0
      from = position(trade, false)
      this.#tell(trade)
    }
    for (const trade of this.#held.values()) this.#tell(trade)
    this.#close()
  }

  /** The latest trades do not reach back: tells what came before them, and the holes around it, up to the first of them. */
  #tellLost(from: Gap["from"], latest: ReadonlyArray<Trade>): Gap["from"] {
    const held = [...this.#held.values()]
    const earlier = held.slice(0, held.indexOf(latest.at(-1)!)).filter((trade) => !latest.includes(trade))
    for (const { id } of earlier) this.#held.delete(id)
    const last = this.#tellHeld(from, earlier)
    this.#tellGap(last, latest[0]!)
    return last
  }

  /** Tells what has waited, each interruption as a hole; gives where the last of it stands. */
  #tellHeld(from: Gap["from"], trades: Iterable<Trade>): Gap["from"] {
    let last = from
    for (const trade of trades) {
      if (this.#firsts.includes(trade.id)) this.#tellGap(last, trade)
      this.#tell(trade)
      last = position(trade, false)
    }
    return last
  }

  #tellGap(from: Gap["from"], next: Trade, outcome: Partial<Pick<Gap, "lost" | "repaired">> = {}): void {
    const bounds = { ...(from !== undefined && { from }), to: position(next, false) }
    this.options.emit({ ...this.#hole!, receivedTime: next.receivedTime, ...bounds, ...outcome })
  }

  /** The hole is accounted for, and what waited behind it is told. */
  #close(): void {
    const { reason } = this.#hole!
    this.#hole = undefined
    this.#firsts = []
    this.#held.clear()
    // what was told is no proof of what followed it
    if (this.#isInterrupted) this.#continuity.interrupted(reason)
  }

  /** Nothing has come since the interruption: what the venue has since the last that was told is told now. */
  #lookAt(latest: ReadonlyArray<Trade>): boolean {
    if (!this.#isLookingBehind) return false
    this.#isLookingBehind = false
    const known = latest.findLastIndex((event) => this.#continuity.isKnown(event))
    const { interruption } = this.#continuity
    if (known < 0 || interruption === undefined) return false
    const missed = latest.slice(known + 1)
    if (missed.length === 0) this.#continuity.proven()
    else {
      const before = this.#mended ?? this.#continuity.end(missed.at(-1)!.receivedTime)!
      this.#mended = { ...before, lost: (before.lost ?? 0) + missed.length, repaired: true }
      for (const event of missed) this.#tell(event)
    }
    return true
  }

  #tellMended(next?: Trade): void {
    const mended = this.#mended!
    this.#mended = undefined
    this.options.emit(next === undefined ? mended : { ...mended, to: position(next, false) })
  }

  #tell(trade: Trade): void {
    this.#continuity.skipTo(trade)
    this.options.emit(trade)
  }
}
