/**
 * Whether a live book is the venue's: a comparison with a whole book that the venue gave meanwhile.
 *
 * The two are never of the same moment, so what changed after the venue's book is left out; everything else has to be
 * equal, as deep as both know it.
 */
import type { BookSnapshot } from "./BookRule.ts"
import type { Book, Level } from "./Event.ts"
import type { ReadonlyOrderBook } from "./OrderBook.ts"

/** Changes that may come during one audit. */
const TRAIL_CAPACITY = 10_000

/** How many differences are named. */
const NAMED = 3

export interface Drift {
  /** Levels that were compared. */
  readonly compared: number
  /** Levels that differ, or that only one of the two has. */
  readonly different: number
  /** The first of them, in words. */
  readonly examples: ReadonlyArray<string>
}

/** How deep a book is known: the worst price of the whole book it was made from; `undefined` when that had every level. */
export interface Depth {
  readonly bid: number | undefined
  readonly ask: number | undefined
}

/** The changes of a book since an audit began. */
export class Trail {
  readonly #from: number
  readonly #changes: Array<Pick<Book, "sequence" | "bids" | "asks">> = []
  #isFull = false

  /** `from` is the sequence of the book when it begins. */
  constructor(from: number) {
    this.#from = from
  }

  /** The book was changed by this. */
  add(change: Pick<Book, "sequence" | "bids" | "asks">): void {
    if (this.#changes.length < TRAIL_CAPACITY) this.#changes.push(change)
    else this.#isFull = true
  }

  /** The prices that changed after `sequence`; `undefined` when not all of them are known. */
  touchedAfter(sequence: number): ReadonlySet<string> | undefined {
    if (this.#isFull || sequence < this.#from) return undefined
    const touched = new Set<string>()
    for (const { asks, bids, sequence: until } of this.#changes) {
      if (until <= sequence) continue
      for (const [price] of bids) touched.add(`bid ${price}`)
      for (const [price] of asks) touched.add(`ask ${price}`)
    }
    return touched
  }
}

export const compare = (
  book: ReadonlyOrderBook,
  snapshot: BookSnapshot,
  depth: Depth,
  touched: ReadonlySet<string>
): Drift => {
  let compared = 0
  let different = 0
  const examples: Array<string> = []
  for (const side of ["bid", "ask"] as const) {
    const theirs = side === "bid" ? snapshot.bids : snapshot.asks
    const ours = side === "bid" ? book.bids() : book.asks()
    const worst = shallower(side, theirs.at(-1)?.[0], depth[side])
    const sizes = new Map(theirs)
    for (const price of new Set([...prices(theirs), ...prices(ours)])) {
      if (isBeyond(side, price, worst) || touched.has(`${side} ${price}`)) continue
      compared++
      const [here, there] = [book.size(side, price), sizes.get(price) ?? 0]
      if (here === there) continue
      different++
      if (examples.length < NAMED) examples.push(`${side} ${price}: ${here} here, ${there} there`)
    }
  }
  return { compared, different, examples }
}

const prices = (levels: ReadonlyArray<Level>): ReadonlyArray<number> => levels.map(([price]) => price)

const isBeyond = (side: "bid" | "ask", price: number, worst: number | undefined): boolean =>
  worst !== undefined && (side === "bid" ? price < worst : price > worst)

/** The one of two worst prices that is nearer to the market. */
const shallower = (side: "bid" | "ask", left: number | undefined, right: number | undefined): number | undefined => {
  if (left === undefined || right === undefined) return left ?? right
  return side === "bid" ? Math.max(left, right) : Math.min(left, right)
}
