/**
 * A book in two maps, as plain as can be: it makes a recording repeatable and says what the best prices must be at the
 * end of a run.
 */
import type { Top } from "./messages.ts"

type Level = readonly [price: string, size: string]

/** A change frame without its ids, and what is in it. */
export interface ChangeText {
  readonly beforeFirst: string
  readonly beforeLast: string
  readonly afterLast: string
  readonly first: number
  readonly last: number
  readonly bids: ReadonlyArray<Level>
  readonly asks: ReadonlyArray<Level>
}

export class NaiveBook {
  readonly bids = new Map<string, string>()
  readonly asks = new Map<string, string>()

  apply(change: { readonly bids: ReadonlyArray<Level>; readonly asks: ReadonlyArray<Level> }): void {
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

interface Snapshot {
  readonly lastUpdateId: number
  readonly bids: ReadonlyArray<Level>
  readonly asks: ReadonlyArray<Level>
}

export const open = (snapshot: string): NaiveBook => {
  const book = new NaiveBook()
  book.apply(JSON.parse(snapshot) as Snapshot)
  return book
}

interface Frame {
  readonly data: {
    readonly U: number
    readonly u: number
    readonly b: ReadonlyArray<Level>
    readonly a: ReadonlyArray<Level>
  }
}

const readChange = (frame: string): ChangeText => {
  const [, beforeFirst = "", beforeLast = "", afterLast = ""] = /^(.*?"U":)\d+(,"u":)\d+(,.*)$/.exec(frame) ?? []
  const { U, a, b, u } = (JSON.parse(frame) as Frame).data
  return { beforeFirst, beforeLast, afterLast, first: U, last: u, bids: b, asks: a }
}

/**
 * The changes after the snapshot, and one more that leads back to it; with every id raised by `span` they follow
 * themselves.
 */
export const round = (
  snapshot: string,
  frames: ReadonlyArray<string>
): { readonly round: ReadonlyArray<ChangeText>; readonly span: number } => {
  const { lastUpdateId } = JSON.parse(snapshot) as Snapshot
  const changes = frames.map(readChange).filter((change) => change.last > lastUpdateId)
  const book = open(snapshot)
  for (const change of changes) book.apply(change)
  const start = open(snapshot)
  const id = changes.at(-1)!.last + 1
  const b = difference(book.bids, start.bids).sort((left, right) => Number(right[0]) - Number(left[0]))
  const a = difference(book.asks, start.asks).sort((left, right) => Number(left[0]) - Number(right[0]))
  const data = { e: "depthUpdate", E: 1_723_161_600_000, s: "BTCUSDT", U: id, u: id, b, a }
  const back = readChange(JSON.stringify({ stream: "btcusdt@depth@100ms", data }))
  return { round: [...changes, back], span: id - lastUpdateId }
}

/** The levels that make `to` of `from`. */
const difference = (from: ReadonlyMap<string, string>, to: ReadonlyMap<string, string>): Array<Level> => [
  ...[...from.keys()].filter((price) => !to.has(price)).map((price) => [price, "0.00000000"] as const),
  ...[...to].filter(([price, size]) => from.get(price) !== size)
]
