/**
 * Whether a channel is whole: it takes the events of one channel of one symbol in order, over any number of sessions, and
 * says of each whether it is new, known, or has a hole before it. (Checked books have `BookSync` instead.)
 *
 * Guarantees: no event is admitted twice; after an interruption a channel proves itself whole or has its gap. Finding a
 * hole changes nothing: what is missing may still come, or be given up with `skipTo`. A venue that begins its numbering
 * anew (a test network that was wiped) is followed after `RESTART_AFTER` events; no number that a venue sends can
 * silence a channel.
 */
import type { Channel } from "./Channel.ts"
import type { Gap, GapReason, MarketEvent } from "./Event.ts"
import { position } from "./position.ts"

/** What is to be done with an event: deliver it, drop it as known, or do something about the hole before it. */
export type Admission = "new" | "known" | Gap

export interface Place {
  readonly venue: string
  readonly symbol: string
  readonly channel: Channel
}

/**
 * Events numbered lower than what was seen, but not older, that prove a new numbering, and how long nothing may have
 * been new by then: a session that lags behind another repeats many.
 */
const RESTART_AFTER = 16
const RESTART_AFTER_MS = 5_000

/** What the three kinds share: the last admitted event, an interruption that is not yet accounted for, late events. */
export abstract class Continuity {
  /** The interruption that is not accounted for yet. */
  interruption: GapReason | undefined
  protected last: MarketEvent | undefined
  /** What comes next is numbered as the last one was. */
  protected isComparable = true
  readonly #place: Place
  #late = 0

  constructor(place: Place) {
    this.#place = place
  }

  /** Finding a hole changes nothing. */
  abstract admit(event: MarketEvent): Admission
  /** Goes on with this event: what is missing before it will not come. */
  abstract skipTo(event: MarketEvent): void
  /** The number that comes next (a trade id, the open time of a bar); `undefined` where nothing is numbered, or not yet. */
  abstract get expected(): number | undefined
  /** The number of an event, in the numbering of `expected`. */
  abstract numberOf(event: MarketEvent): number
  /** The positions next to an event, as bounds of a gap name them. */
  abstract positionBefore(event: MarketEvent): number | string | undefined
  abstract positionAfter(event: MarketEvent): number | string | undefined

  /** Something has been admitted. */
  get hasBegun(): boolean {
    return this.last !== undefined
  }

  /** What comes now is numbered, or stamped, by another count than what came before. */
  renumbered(): void {
    this.isComparable = false
  }

  /** The stream was interrupted: from now on a loss cannot be excluded. */
  interrupted(reason: GapReason): void {
    this.interruption ??= reason
  }

  /** Whether this is the very event that was told last, where no number says so: what brings it has missed nothing since. */
  isLast(_event: MarketEvent): boolean {
    return false
  }

  /** The interruption has cost nothing. */
  proven(): void {
    this.interruption = undefined
  }

  /** The stream is over: the hole that is still open, if any. */
  end(receivedTime: number): Gap | undefined {
    return this.interruption === undefined
      ? undefined
      : this.gap(this.interruption, receivedTime, this.lastPosition(), undefined, null)
  }

  protected lastPosition(): number | string | undefined {
    return this.last === undefined ? undefined : position(this.last, false)
  }

  protected accept(event: MarketEvent): "new" {
    this.last = event
    this.isComparable = true
    this.interruption = undefined
    this.#late = 0
    return "new"
  }

  protected gap(
    reason: GapReason,
    receivedTime: number,
    from: number | string | undefined,
    to: number | string | undefined,
    lost: number | null,
    repaired = false
  ): Gap {
    return {
      type: "gap",
      venue: this.#place.venue,
      symbol: this.#place.symbol,
      receivedTime,
      channel: this.#place.channel,
      reason,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      lost,
      repaired
    }
  }

  /** An event numbered no higher than the last: known, unless enough of them in a row are not older either. */
  protected knownOrRestart(event: MarketEvent): "known" | "restart" {
    return isStampedBefore(event, this.last) ? "known" : this.knownUntilRestart(event)
  }

  /** Known, but not for ever: after enough of them in a row it is the last one that was wrong. */
  protected knownUntilRestart(event: MarketEvent): "known" | "restart" {
    const sinceMs = event.receivedTime - (this.last?.receivedTime ?? 0)
    return ++this.#late >= RESTART_AFTER && sinceMs >= RESTART_AFTER_MS ? "restart" : "known"
  }
}

const isStampedBefore = (event: MarketEvent, last: MarketEvent | undefined): boolean =>
  event.exchangeTime !== undefined && last?.exchangeTime !== undefined && event.exchangeTime < last.exchangeTime
