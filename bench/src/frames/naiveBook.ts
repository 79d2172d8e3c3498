/**
 * A book in two maps, as plain as can be: it makes changes repeatable and says what the best prices must be at the end of
 * a run.
 */
import type { Top } from "../messages.ts"

export type Level = readonly [price: string, size: string]

export interface Levels {
  readonly bids: ReadonlyArray<Level>
  readonly asks: ReadonlyArray<Level>
}

/** A change, and its frame with every id raised. */
export interface Change extends Levels {
  readonly last: number
  readonly text: (raised: number) => string
}

/** Changes that begin and end with the same book: with every id raised by `span` they follow themselves. */
export interface Round {
  readonly start: Levels
  readonly changes: ReadonlyArray<Change>
  readonly span: number
}

export class NaiveBook {
  readonly bids = new Map<string, string>()
  readonly asks = new Map<string, string>()

  constructor(start: Levels) {
    this.apply(start)
  }

  apply(change: Levels): void {
    put(this.bids, change.bids)
    put(this.asks, change.asks)
  }

  top(): Top {
    return { bid: Math.max(...[...this.bids.keys()].map(Number)), ask: Math.min(...[...this.asks.keys()].map(Number)) }
  }
}

const put = (side: Map<string, string>, levels: ReadonlyArray<Level>): void => {
  for (const [price, size] of levels) {
    if (Number(size) === 0) side.delete(price)
    else side.set(price, size)
  }
}

/** Adds the change that leads from the last one's book back to the start. */
export const round = (
  start: Levels & { readonly sequence: number },
  changes: ReadonlyArray<Change>,
  back: (id: number, levels: Levels) => Change
): Round => {
  const book = new NaiveBook(start)
  for (const change of changes) book.apply(change)
  const origin = new NaiveBook(start)
  const id = changes.at(-1)!.last + 1
  const bids = difference(book.bids, origin.bids).sort((left, right) => Number(right[0]) - Number(left[0]))
  const asks = difference(book.asks, origin.asks).sort((left, right) => Number(left[0]) - Number(right[0]))
  return { start, changes: [...changes, back(id, { bids, asks })], span: id - start.sequence }
}

/** The levels that make `to` of `from`. */
const difference = (from: ReadonlyMap<string, string>, to: ReadonlyMap<string, string>): Array<Level> => [
  ...[...from.keys()].filter((price) => !to.has(price)).map((price) => [price, "0"] as const),
  ...[...to].filter(([price, size]) => from.get(price) !== size)
]
