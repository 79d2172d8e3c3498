/**
 * A venue's order book in a few lines, for property tests: it remembers the true book at every update id, and sends
 * changes and snapshots as the venue whose rule it is given would. Bids stay under 100 and asks over it.
 */
import type { BookDelta, BookRule, BookSnapshot } from "../src/BookRule.ts"
import type { Level } from "../src/Event.ts"
import type { Random } from "./random.ts"

export type Numbering = "spot" | "futures" | "messages"

/** Source: the venue's recipe for spot books: 4, 5 and 7 are its steps. */
const spot: BookRule = {
  join: (sequence, { first, last }) => (last <= sequence ? "ignore" : first <= sequence + 1 ? "apply" : "gap"),
  follow: (sequence, { first, last }) => (last <= sequence ? "ignore" : first > sequence + 1 ? "gap" : "apply")
}

/** Source: the venue's recipe for futures books: 3, 4 and 5 are its steps. */
const futures: BookRule = {
  join: (sequence, { first, last, previous }) =>
    last < sequence ? "ignore" : first <= sequence || previous === sequence ? "apply" : "gap",
  follow: (sequence, { last, previous }) => (last <= sequence ? "ignore" : previous === sequence ? "apply" : "gap")
}

/** One id a message, and the snapshot on the socket. */
const messages: BookRule = {
  join: (sequence, { last }) => messages.follow(sequence, { last } as BookDelta),
  follow: (sequence, { last }) => (last <= sequence ? "ignore" : last === sequence + 1 ? "apply" : "gap")
}

export const rules: Record<Numbering, BookRule> = { spot, futures, messages }

export interface Sides {
  readonly bids: ReadonlyArray<Level>
  readonly asks: ReadonlyArray<Level>
}

export class NaiveBookVenue {
  readonly #numbering: Numbering
  readonly #random: Random
  readonly #bids = new Map<number, number>()
  readonly #asks = new Map<number, number>()
  readonly #history = new Map<number, Sides>()
  /** Updates since the last change was sent. */
  #pending: Array<{ readonly isBid: boolean; readonly level: Level; readonly id: number }> = []
  #sequence = 1_000
  #sent = 1_000

  constructor(numbering: Numbering, random: Random) {
    this.#numbering = numbering
    this.#random = random
    this.#remember()
  }

  get sequence(): number {
    return this.#sequence
  }

  /** The true book at an update id. */
  at(sequence: number): Sides | undefined {
    return this.#history.get(sequence)
  }

  /** One order comes or goes; it is in no change yet. */
  update(): void {
    const isBid = this.#random.chance(0.5)
    const price = isBid ? 99 - this.#random.below(12) : 101 + this.#random.below(12)
    const size = this.#random.chance(0.35) ? 0 : 1 + this.#random.below(5)
    const side = isBid ? this.#bids : this.#asks
    if (size === 0) side.delete(price)
    else side.set(price, size)
    // futures share their ids with other symbols; where messages are counted, an update has no id of its own
    if (this.#numbering !== "messages") this.#sequence += this.#numbering === "spot" ? 1 : 1 + this.#random.below(4)
    this.#pending.push({ isBid, level: [price, size], id: this.#sequence })
    if (this.#numbering !== "messages") this.#remember()
  }

  /** The change that holds every update since the one before. */
  send(): BookDelta {
    for (let updates = 1 + this.#random.below(4); updates > 0; updates--) this.update()
    if (this.#numbering === "messages") {
      this.#sequence++
      this.#remember()
    }
    const levels = (isBid: boolean) => this.#pending.filter((each) => each.isBid === isBid).map((each) => each.level)
    const delta = {
      symbol: "AAA",
      first: this.#numbering === "messages" ? this.#sequence : this.#pending[0]!.id,
      last: this.#sequence,
      ...(this.#numbering === "futures" && { previous: this.#sent }),
      bids: levels(true),
      asks: levels(false),
      exchangeTime: this.#sequence,
      receivedTime: this.#sequence
    }
    this.#pending = []
    this.#sent = this.#sequence
    return delta
  }

  snapshot(): BookSnapshot {
    return { symbol: "AAA", sequence: this.#sequence, ...this.at(this.#sequence)!, receivedTime: this.#sequence }
  }

  #remember(): void {
    this.#history.set(this.#sequence, {
      bids: [...this.#bids].toSorted((a, b) => b[0] - a[0]),
      asks: [...this.#asks].toSorted((a, b) => a[0] - b[0])
    })
  }
}
