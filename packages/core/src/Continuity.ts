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
import * as ChannelModule from "./Channel.ts"
import type { Bar, Gap, GapReason, MarketEvent } from "./Event.ts"
import * as Interval from "./Interval.ts"
import { position } from "./position.ts"
import { RecentKeys } from "./RecentKeys.ts"

/** What is to be done with an event: deliver it, drop it as known, or do something about the hole before it. */
export type Admission = "new" | "known" | Gap

export interface Continuity {
  readonly admit: (event: MarketEvent) => Admission
  /** Goes on with this event: what is missing before it will not come. */
  readonly skipTo: (event: MarketEvent) => void
  /** The stream was interrupted: from now on a loss cannot be excluded. */
  readonly interrupted: (reason: GapReason) => void
  /** The interruption that is not accounted for yet. */
  readonly interruption: GapReason | undefined
  /** The stream is over: the hole that is still open, if any. */
  readonly end: (receivedTime: number) => Gap | undefined
  /** The number that comes next (a trade id, the open time of a bar); `undefined` where nothing is numbered, or not yet. */
  readonly expected: number | undefined
  /** The number of an event, in the numbering of `expected`. */
  readonly numberOf: (event: MarketEvent) => number
  /** The positions next to an event, as bounds of a gap name them. */
  readonly positionBefore: (event: MarketEvent) => number | string | undefined
  readonly positionAfter: (event: MarketEvent) => number | string | undefined
}

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

export const make = (place: Place, consecutiveTradeIds: boolean): Continuity => {
  const interval = ChannelModule.interval(place.channel)
  if (interval !== undefined) return new BarContinuity(place, interval)
  if (place.channel === "trades" && consecutiveTradeIds) return new IdContinuity(place)
  return new TimeContinuity(place)
}

/** What the three kinds share: the last admitted event, an interruption that is not yet accounted for, late events. */
abstract class Base implements Continuity {
  protected last: MarketEvent | undefined
  interruption: GapReason | undefined
  readonly #place: Place
  #late = 0

  constructor(place: Place) {
    this.#place = place
  }

  abstract admit(event: MarketEvent): Admission
  abstract skipTo(event: MarketEvent): void
  abstract get expected(): number | undefined
  abstract numberOf(event: MarketEvent): number
  abstract positionBefore(event: MarketEvent): number | string | undefined
  abstract positionAfter(event: MarketEvent): number | string | undefined

  interrupted(reason: GapReason): void {
    this.interruption ??= reason
  }

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

/** Trades whose ids are consecutive: the ids themselves prove that nothing is missing. */
class IdContinuity extends Base {
  #id = Number.NaN

  get expected(): number | undefined {
    return this.last === undefined ? undefined : this.#id + 1
  }

  numberOf(event: MarketEvent): number {
    return event.type === "trade" ? integer(event.id) : Number.NaN
  }

  positionBefore(event: MarketEvent): string {
    return String(this.numberOf(event) - 1)
  }

  positionAfter(event: MarketEvent): string {
    return String(this.numberOf(event) + 1)
  }

  admit(event: MarketEvent): Admission {
    if (event.type !== "trade") return "new"
    const id = integer(event.id)
    const before = this.#id
    if (id === before + 1) {
      this.#id = id
      return this.accept(event)
    }
    if (this.last === undefined) {
      const { interruption } = this
      if (interruption !== undefined) return this.gap(interruption, event.receivedTime, undefined, event.id, null)
      this.#id = id
      return this.accept(event)
    }
    if (id === before || (id < before && this.knownOrRestart(event) === "known")) return "known"
    const reason = this.interruption ?? "sequence"
    return this.gap(reason, event.receivedTime, String(before), event.id, id > before ? id - before - 1 : null)
  }

  skipTo(event: MarketEvent): void {
    this.#id = this.numberOf(event)
    this.accept(event)
  }

  protected override lastPosition(): string | undefined {
    return this.last?.type === "trade" ? this.last.id : undefined
  }
}

/**
 * Everything that has no consecutive number: whole unless interrupted. What is known is told by an update id where there
 * is one, by the venue's stamp where each message replaces the one before, else by the event's own identity.
 */
class TimeContinuity extends Base {
  readonly #recent = new RecentKeys()

  get expected(): undefined {
    return undefined
  }

  numberOf(): number {
    return Number.NaN
  }

  positionBefore(): undefined {
    return undefined
  }

  positionAfter(): undefined {
    return undefined
  }

  admit(event: MarketEvent): Admission {
    const { interruption, last } = this
    const identity = identityOf(event)
    if (identity !== undefined && this.#recent.has(identity)) return "known"
    let reason = interruption
    if (last !== undefined && isOvertaken(event, last)) {
      if (isRepeated(event, last) || this.knownOrRestart(event) === "known") return "known"
      reason ??= "sequence"
    } else if (last !== undefined && isReplaced(event, last) && this.knownUntilRestart(event) === "known")
      return "known"
    if (reason === undefined) {
      if (identity !== undefined) this.#recent.add(identity)
      return this.accept(event)
    }
    // a book that comes whole is whole again with this message
    const isWhole = event.type === "book"
    return this.gap(reason, event.receivedTime, this.lastPosition(), position(event, false), null, isWhole)
  }

  skipTo(event: MarketEvent): void {
    const identity = identityOf(event)
    if (identity !== undefined) this.#recent.add(identity)
    this.accept(event)
  }
}

/** What makes an event this one and no other, where neither a sequence nor a stamp does. */
const identityOf = (event: MarketEvent): string | undefined => {
  switch (event.type) {
    case "trade":
      return event.id
    case "liquidation":
      return event.exchangeTime === undefined
        ? undefined
        : `${event.exchangeTime} ${event.side} ${event.price} ${event.size}`
    default:
      return undefined
  }
}

const isOvertaken = (event: MarketEvent, last: MarketEvent): boolean =>
  (event.type === "quote" || event.type === "book") &&
  event.type === last.type &&
  event.sequence !== undefined &&
  last.sequence !== undefined &&
  event.sequence <= last.sequence

const isRepeated = (event: MarketEvent, last: MarketEvent): boolean =>
  "sequence" in event && "sequence" in last && event.sequence === last.sequence

/** A statistic that is no newer than the one that was told. */
const isReplaced = (event: MarketEvent, last: MarketEvent): boolean =>
  (event.type === "ticker" || event.type === "mark") &&
  event.exchangeTime !== undefined &&
  last.exchangeTime !== undefined &&
  event.exchangeTime <= last.exchangeTime

/** Bars: whole when the close of every bar was seen. Updates of an open bar replace each other and are never missed. */
class BarContinuity extends Base {
  readonly #interval: Interval.Interval
  /** The open time of the bar whose close is awaited. */
  #awaited: number | undefined

  constructor(place: Place, interval: Interval.Interval) {
    super(place)
    this.#interval = interval
  }

  get expected(): number | undefined {
    return this.#awaited
  }

  numberOf(event: MarketEvent): number {
    return event.type === "bar" ? event.openTime : Number.NaN
  }

  positionBefore(event: MarketEvent): number {
    return Interval.previousOpenTime(this.#interval, this.numberOf(event))
  }

  positionAfter(event: MarketEvent): number {
    return Interval.nextOpenTime(this.#interval, this.numberOf(event))
  }

  admit(event: MarketEvent): Admission {
    if (event.type !== "bar") return "new"
    const awaited = this.#awaited
    if (awaited === undefined) {
      const { interruption } = this
      return interruption === undefined
        ? this.#follow(event)
        : this.gap(interruption, event.receivedTime, undefined, event.openTime, null)
    }
    if (event.openTime === awaited) return this.#isOutdated(event) ? "known" : this.#follow(event)
    // the bar that was seen last is known however often it is repeated
    if (event.openTime === this.lastPosition()) return "known"
    if (event.openTime < awaited && this.knownOrRestart(event) === "known") return "known"
    return this.gap(
      this.interruption ?? "sequence",
      event.receivedTime,
      Interval.previousOpenTime(this.#interval, awaited),
      event.openTime,
      event.openTime > awaited ? Interval.countBetween(this.#interval, awaited, event.openTime) : null
    )
  }

  skipTo(event: MarketEvent): void {
    if (event.type === "bar") this.#follow(event)
  }

  /** An update of the open bar that is no newer than the one that was told. */
  #isOutdated(bar: Bar): boolean {
    const { last } = this
    if (bar.isFinal || last?.type !== "bar" || last.openTime !== bar.openTime) return false
    if (bar.exchangeTime === undefined || last.exchangeTime === undefined) return false
    return bar.exchangeTime <= last.exchangeTime && this.knownUntilRestart(bar) === "known"
  }

  #follow(bar: Bar): "new" {
    this.#awaited = bar.isFinal ? Interval.nextOpenTime(this.#interval, bar.openTime) : bar.openTime
    return this.accept(bar)
  }
}

/** The number of an id, which is digits; reading them here is several times faster than `Number`. */
const integer = (digits: string): number => {
  let value = 0
  for (let index = 0; index < digits.length; index++) value = value * 10 + (digits.charCodeAt(index) - 48)
  return value
}
