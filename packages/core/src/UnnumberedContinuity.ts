/**
 * Everything that has no consecutive number: whole unless interrupted. What is known is told by an update id where there
 * is one, by the venue's stamp where each message replaces the one before, else by the event's own identity. A venue that
 * begins its update ids anew is followed at once where its stamps show that this is later.
 */
import { type Admission, Continuity } from "./Continuity.ts"
import type { MarketEvent } from "./Event.ts"
import { position } from "./position.ts"
import { RecentKeys } from "./RecentKeys.ts"

export class UnnumberedContinuity extends Continuity {
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
    const { interruption } = this
    const last = this.isComparable ? this.last : undefined
    const identity = identityOf(event)
    if (identity !== undefined && this.#recent.has(identity)) return "known"
    let reason = interruption
    if (last !== undefined && isOvertaken(event, last)) {
      if (isRepeated(event, last)) return "known"
      if (!isRenumbered(event, last) && this.knownOrRestart(event) === "known") return "known"
      reason ??= "sequence"
    } else if (last !== undefined && (isReplaced(event, last) || isRenumbered(last, event))) {
      // no newer than what was told, or of a numbering that is over and comes late
      if (this.knownUntilRestart(event) === "known") return "known"
    }
    if (reason === undefined) {
      if (identity !== undefined) this.#recent.add(identity)
      return this.accept(event)
    }
    // a book that comes whole is whole again with this message
    const isWhole = event.type === "book"
    return this.gap(reason, event.receivedTime, this.lastPosition(), position(event, false), null, isWhole)
  }

  /** Whether it was told not long ago; only of what has an identity. */
  isKnown(event: MarketEvent): boolean {
    const identity = identityOf(event)
    return identity !== undefined && this.#recent.has(identity)
  }

  override isLast(event: MarketEvent): boolean {
    const { last } = this
    if (last === undefined || last.type !== event.type) return false
    const identity = identityOf(event)
    if (identity !== undefined) return identity === identityOf(last)
    if ("sequence" in event && event.sequence !== undefined) return isRepeated(event, last)
    return event.exchangeTime !== undefined && event.exchangeTime === last.exchangeTime
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

/** The venue began its numbering anew between these, as after a restart: low again, and later. What is merely late is neither. */
const isRenumbered = (event: MarketEvent, before: MarketEvent): boolean =>
  "sequence" in event &&
  "sequence" in before &&
  (event.sequence ?? 0) < (before.sequence ?? 0) / 2 &&
  (event.exchangeTime ?? 0) > (before.exchangeTime ?? Infinity)

const isRepeated = (event: MarketEvent, last: MarketEvent): boolean =>
  "sequence" in event && "sequence" in last && event.sequence === last.sequence

/** A statistic that is no newer than the one that was told. */
const isReplaced = (event: MarketEvent, last: MarketEvent): boolean =>
  (event.type === "ticker" || event.type === "mark") &&
  event.exchangeTime !== undefined &&
  last.exchangeTime !== undefined &&
  event.exchangeTime <= last.exchangeTime
