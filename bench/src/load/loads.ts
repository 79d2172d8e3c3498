/**
 * Loads: source frames repeated for as long as a run lasts, with their ids rewritten so that the repetition is one whole
 * stream, encoded ahead; and what any client must make of them, worked out here without any client's code.
 */
import type { Frames } from "../frames/Frames.ts"
import { NaiveBook } from "../frames/naiveBook.ts"
import { type Consumed, type Flood, type Paced, type Plan, symbolsOf, type Top } from "../messages.ts"
import { Tally } from "../tally.ts"
import { encodeFrame, FrameBlocks } from "./frameBlocks.ts"

/** Frames that leave together, and where in them the sender's stamps go. */
export interface Burst {
  readonly bytes: Buffer
  readonly stampsAt: ReadonlyArray<number>
}

export interface Load {
  /** Sent as fast as they are taken. */
  readonly blocks: ReadonlyArray<Buffer>
  /** Sent after them, one each millisecond. */
  readonly bursts: ReadonlyArray<Burst>
  readonly bytesPerFrame: number
  readonly consumed: Consumed
  readonly top?: Top
}

/** What stands where a stamp will be written: epoch microseconds, as the venue writes times when asked for them. */
const STAMP = "1700000000000000"

/** A stamp of the same length. */
export const stampText = (ms: number): string => String(Math.round(ms * 1_000))

export const make = (plan: Plan, frames: Frames): Load => {
  switch (plan.kind) {
    case "trades":
      return trades(plan, frames)
    case "latency":
      return stampedTrades(plan, frames)
    case "depth":
      return changes(plan, frames)
  }
}

/** Symbols take turns. */
const trades = (plan: Flood, frames: Frames): Load => {
  const symbols = symbolsOf(plan)
  const blocks = new FrameBlocks()
  const tally = new Tally()
  for (let index = 0; index < plan.warm + plan.frames; index++) {
    const symbol = symbols[index % symbols.length]!
    const { id, price, text } = frames.trade(Math.floor(index / symbols.length), symbol)
    blocks.add(text)
    tally.trade(id, price)
  }
  return finished(blocks, tally)
}

/** The matching time of each trade gives way to a stamp. */
const stampedTrades = (plan: Paced, frames: Frames): Load => {
  const [symbol = ""] = symbolsOf(plan)
  const blocks = new FrameBlocks()
  const bursts: Array<Burst> = []
  const tally = new Tally()
  let burst: Array<Buffer> = []
  const total = plan.warm + plan.lead + plan.frames
  for (let index = 0; index < total; index++) {
    const { id, price, text } = frames.trade(index, symbol, STAMP)
    tally.trade(id, price)
    if (index < plan.warm) blocks.add(text)
    else burst.push(encodeFrame(text))
    if (burst.length < plan.framesPerBurst && index < total - 1) continue
    if (burst.length > 0) bursts.push(joined(burst))
    burst = []
  }
  return { ...finished(blocks, tally), bursts }
}

const joined = (frames: ReadonlyArray<Buffer>): Burst => {
  let start = 0
  const stampsAt = frames.map((frame) => {
    const at = start + frame.indexOf(STAMP)
    start += frame.length
    return at
  })
  return { bytes: Buffer.concat(frames), stampsAt }
}

/** The book is at each round's beginning as it was at the first one's. */
const changes = (plan: Flood, frames: Frames): Load => {
  const round = frames.book()
  const blocks = new FrameBlocks()
  const tally = new Tally()
  const total = plan.warm + plan.frames
  for (let index = 0; index < total; index++) {
    const change = round.changes[index % round.changes.length]!
    const raised = Math.floor(index / round.changes.length) * round.span
    blocks.add(change.text(raised))
    tally.change(change.last + raised, change.bids, change.asks)
  }
  const book = new NaiveBook(round.start)
  for (const change of round.changes.slice(0, total % round.changes.length)) book.apply(change)
  return { ...finished(blocks, tally), top: book.top() }
}

const finished = (blocks: FrameBlocks, tally: Tally): Load => {
  blocks.close()
  const bytesPerFrame = blocks.frames === 0 ? 0 : Math.round(blocks.bytes / blocks.frames)
  return { blocks: blocks.blocks, bursts: [], bytesPerFrame, consumed: tally.consumed() }
}
