/**
 * Whether a channel is whole: it takes the events of one channel of one symbol in order, over any number of sessions, and
 * says of each whether it is new, and whether something is missing before it. (Checked books have `BookSync` instead.)
 *
 * Guarantees: no event is admitted twice; each hole is told once; after an interruption a channel proves itself whole or
 * has its gap. A venue that begins its numbering anew (a test network that was wiped) is followed after `RESTART_AFTER`
 * events; no number that a venue sends can silence a channel.
 */
import type { Channel } from "./Channel.ts"
import * as ChannelModule from "./Channel.ts"
import type { Bar, Gap, GapReason, MarketEvent } from "./Event.ts"
import * as Interval from "./Interval.ts"
import { position } from "./position.ts"

/** What is to be done with an event: deliver it, drop it as known, or deliver it after this gap. */
export type Admission = "new" | "known" | Gap

export interface Continuity {
  readonly admit: (event: MarketEvent) => Admission
  /** The stream was interrupted: from now on a loss cannot be excluded. */
  readonly interrupted: (reason: GapReason) => void
  /** The stream is over: the hole that is still open, if any. */
  readonly end: (receivedTime: number) => Gap | undefined
}

export interface Place {
  readonly venue: string
  readonly symbol: string
  readonly channel: Channel
}

/** Events numbered lower than what was seen, but not older, that prove a new numbering. */
const RESTART_AFTER = 16

export const make = (place: Place, consecutiveTradeIds: boolean): Continuity => {
  const interval = ChannelModule.interval(place.channel)
  if (interval !== undefined) return new BarContinuity(place, interval)
  if (place.channel === "trades" && consecutiveTradeIds) return new IdContinuity(place)
  return new TimeContinuity(place)
}

/** What the three kinds share: the last admitted event, an interruption that is not yet accounted for, late events. */
abstract class Base implements Continuity {
  protected last: MarketEvent | undefined
  protected interruption: GapReason | undefined
  readonly #place: Place
  #late = 0

  constructor(place: Place) {
    this.#place = place
  }

  abstract admit(event: MarketEvent): Admission

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
    const isOlder =
      event.exchangeTime !== undefined &&
      this.last?.exchangeTime !== undefined &&
      event.exchangeTime < this.last.exchangeTime
    if (isOlder) return "known"
    return ++this.#late >= RESTART_AFTER ? "restart" : "known"
  }
}

/** Trades whose ids are consecutive: the ids themselves prove that nothing is missing. */
class IdContinuity extends Base {
  #id = Number.NaN

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
      this.#id = id
      this.accept(event)
      return interruption === undefined ? "new" : this.gap(interruption, event.receivedTime, undefined, event.id, null)
    }
    if (id === before || (id < before && this.knownOrRestart(event) === "known")) return "known"
    const reason = this.interruption ?? "sequence"
    const gap = this.gap(reason, event.receivedTime, String(before), event.id, id > before ? id - before - 1 : null)
    this.#id = id
    this.accept(event)
    return gap
  }

  protected override lastPosition(): string | undefined {
    return this.last?.type === "trade" ? this.last.id : undefined
  }
}

/**
 * Everything that has no consecutive number: whole unless interrupted. A repeated or overtaken update id is known.
 */
class TimeContinuity extends Base {
  admit(event: MarketEvent): Admission {
    const { interruption, last } = this
    if (last !== undefined && isOvertaken(event, last)) {
      if (isRepeated(event, last) || this.knownOrRestart(event) === "known") return "known"
      this.interruption = interruption ?? "sequence"
    }
    const reason = this.interruption
    const from = this.lastPosition()
    this.accept(event)
    if (reason === undefined) return "new"
    // a book that comes whole is whole again with this message
    return this.gap(reason, event.receivedTime, from, position(event, false), null, event.type === "book")
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

/** Bars: whole when the close of every bar was seen. Updates of an open bar replace each other and are never missed. */
class BarContinuity extends Base {
  readonly #interval: Interval.Interval
  /** The open time of the bar whose close is awaited. */
  #awaited: number | undefined

  constructor(place: Place, interval: Interval.Interval) {
    super(place)
    this.#interval = interval
  }

  admit(event: MarketEvent): Admission {
    if (event.type !== "bar") return "new"
    const awaited = this.#awaited
    if (awaited === undefined) {
      const { interruption } = this
      this.#follow(event)
      return interruption === undefined
        ? "new"
        : this.gap(interruption, event.receivedTime, undefined, event.openTime, null)
    }
    if (event.openTime === awaited) return this.#follow(event)
    // the bar that was seen last is known however often it is repeated
    if (event.openTime === this.lastPosition()) return "known"
    if (event.openTime < awaited && this.knownOrRestart(event) === "known") return "known"
    const gap = this.gap(
      this.interruption ?? "sequence",
      event.receivedTime,
      Interval.previousOpenTime(this.#interval, awaited),
      event.openTime,
      event.openTime > awaited ? Interval.countBetween(this.#interval, awaited, event.openTime) : null
    )
    this.#follow(event)
    return gap
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
