/**
 * In which numbering of a venue's book each session stands. A service that restarts counts anew, and is seen to do so on one
 * socket before the other.
 *
 * Guarantees: each new numbering begins once, over any number of sessions; what is from before it began is known as such by
 * its stamp, whichever session brings it.
 */
import type { BookSnapshot } from "./BookRule.ts"
import type { Leg } from "./Leg.ts"

export class BookNumbering {
  #current = 0
  /** When it began, by the venue's clock. */
  #since: number | undefined
  readonly #ofLegs = new WeakMap<Leg, number>()

  /** This session stands where the book does. */
  join(leg: Leg): void {
    this.#ofLegs.set(leg, this.#current)
  }

  /** What this session brings is of a numbering that is over. */
  isOver(leg: Leg): boolean {
    return (this.#ofLegs.get(leg) ?? this.#current) < this.#current
  }

  /** A whole book from before the numbering began; its session is still to come to where that was. */
  isPast({ exchangeTime }: BookSnapshot, leg: Leg): boolean {
    const isPast = exchangeTime !== undefined && this.#since !== undefined && exchangeTime < this.#since
    if (isPast) this.#ofLegs.set(leg, this.#current - 1)
    return isPast
  }

  /** A session has come to where the venue counts anew; true when it is the first to. */
  advance({ exchangeTime }: BookSnapshot, leg: Leg): boolean {
    const next = (this.#ofLegs.get(leg) ?? this.#current) + 1
    this.#ofLegs.set(leg, next)
    if (next <= this.#current) return false
    this.#current = next
    this.#since = exchangeTime
    return true
  }
}
