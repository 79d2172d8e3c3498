/**
 * Lets the trades of several sessions through in one order, where ids tell none. A session that begins while another
 * delivers has its trades wait until the two have met: until one of them is a trade that the other brought.
 *
 * Guarantees: what passes is in the order in which the venue sent it, and nothing is lost; what waits passes when there is
 * no other session any more. After at most two ticks, or when it is more than `CAPACITY`, it passes as well, but then it is
 * said that something may be missing before it: the other session may be stalled.
 */
import type { Trade } from "./Event.ts"
import type { Leg } from "./Leg.ts"

/** Trades of a session that may wait. */
const CAPACITY = 1_000

export class MeetingLegs {
  readonly #pass: (trade: Trade, leg: Leg | undefined) => void
  readonly #waiting = new Map<Leg, Array<Trade>>()
  /** Those that waited already when the clock last ticked. */
  #waited = new Set<Leg>()

  readonly #inVain: () => void

  /** `inVain` is called before a session passes that nobody has come to meet. */
  constructor(pass: (trade: Trade, leg: Leg | undefined) => void, inVain: () => void) {
    this.#pass = pass
    this.#inVain = inVain
  }

  /** A session begins while others deliver. */
  begin(leg: Leg): void {
    this.#waiting.set(leg, [])
  }

  /** A session is over: what it was ahead with comes from another. */
  end(leg: Leg): void {
    this.#waiting.delete(leg)
  }

  /** `isKnown`: it has been told. */
  take(trade: Trade, leg: Leg | undefined, isKnown: boolean): void {
    const queue = leg && this.#waiting.get(leg)
    if (queue === undefined) {
      this.#pass(trade, leg)
      if (this.#waiting.size > 0) this.#meetAt(trade)
      return
    }
    queue.push(trade)
    if (isKnown) this.#meet(leg!)
    else if (queue.length > CAPACITY) this.#giveUp(leg!)
  }

  /** Nobody else is there to be met. */
  meetAll(): void {
    for (const leg of this.#waiting.keys()) this.#meet(leg)
  }

  tick(): void {
    for (const leg of this.#waited) if (this.#waiting.has(leg)) this.#giveUp(leg)
    this.#waited = new Set([...this.#waiting].flatMap(([leg, queue]) => (queue.length > 0 ? [leg] : [])))
  }

  isWaiting(leg: Leg): boolean {
    return this.#waiting.has(leg)
  }

  #meetAt({ id }: Trade): void {
    for (const [leg, queue] of this.#waiting) if (queue.some((trade) => trade.id === id)) this.#meet(leg)
  }

  #giveUp(leg: Leg): void {
    this.#inVain()
    this.#meet(leg)
  }

  #meet(leg: Leg): void {
    const queue = this.#waiting.get(leg) ?? []
    this.#waiting.delete(leg)
    for (const trade of queue) this.#pass(trade, leg)
  }
}
