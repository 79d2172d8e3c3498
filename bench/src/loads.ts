/**
 * Loads: source frames repeated for as long as a run lasts, with their ids rewritten so that the repetition is one whole
 * stream, encoded ahead; and what any client must make of them, worked out here without any client's code.
 */
import { encodeFrame, FrameBlocks } from "./frameBlocks.ts"
import type { Consumed, Plan, Top } from "./messages.ts"
import * as NaiveBook from "./naiveBook.ts"
import type { SourceFrames } from "./sourceFrames.ts"
import { Tally } from "./tally.ts"

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

type Paced = Plan & { readonly kind: "latency" }
type Flood = Exclude<Plan, Paced>

/** What stands where a stamp will be written: epoch microseconds, as the venue writes times when asked for them. */
const STAMP = "1700000000000000"

/** A stamp of the same length. */
export const stampText = (ms: number): string => String(Math.round(ms * 1_000))

export const make = (plan: Plan, source: SourceFrames): Load => {
  switch (plan.kind) {
    case "trades":
      return trades(plan, source.trades)
    case "latency":
      return stampedTrades(plan, source.trades)
    case "depth":
      return changes(plan, source)
  }
}

/** A trade frame without its id. */
interface TradeText {
  readonly beforeId: string
  readonly afterId: string
  readonly price: number
}

const readTrade = (frame: string): TradeText => {
  const [, beforeId = "", afterId = ""] = /^(.*"t":)\d+(,.*)$/.exec(frame) ?? []
  return { beforeId, afterId, price: Number(/"p":"([^"]+)"/.exec(frame)?.[1]) }
}

const FIRST_TRADE_ID = 3_735_683_259

const trades = (plan: Flood, source: ReadonlyArray<string>): Load => {
  const texts = source.map(readTrade)
  const blocks = new FrameBlocks()
  const tally = new Tally()
  for (let index = 0; index < plan.warm + plan.frames; index++) {
    const { afterId, beforeId, price } = texts[index % texts.length]!
    const id = FIRST_TRADE_ID + index
    blocks.add(`${beforeId}${id}${afterId}`)
    tally.trade(id, price)
  }
  return finished(blocks, tally)
}

/** The matching time of each trade gives way to a stamp. */
const stampedTrades = (plan: Paced, source: ReadonlyArray<string>): Load => {
  const texts = source.map((frame) => readTrade(frame.replace(/"T":\d+/, `"T":${STAMP}`)))
  const blocks = new FrameBlocks()
  const bursts: Array<Burst> = []
  const tally = new Tally()
  let burst: Array<Buffer> = []
  const total = plan.warm + plan.lead + plan.frames
  for (let index = 0; index < total; index++) {
    const { afterId, beforeId, price } = texts[index % texts.length]!
    const id = FIRST_TRADE_ID + index
    const text = `${beforeId}${id}${afterId}`
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

/** One round of changes: begins with the book as in the snapshot, and ends with it. */
const changes = (plan: Flood, source: SourceFrames): Load => {
  const { round, span } = NaiveBook.round(source.snapshot, source.changes)
  const blocks = new FrameBlocks()
  const tally = new Tally()
  const total = plan.warm + plan.frames
  for (let index = 0; index < total; index++) {
    const change = round[index % round.length]!
    const shift = Math.floor(index / round.length) * span
    const last = change.last + shift
    blocks.add(`${change.beforeFirst}${change.first + shift}${change.beforeLast}${last}${change.afterLast}`)
    tally.change(last, change.bids, change.asks)
  }
  const book = NaiveBook.open(source.snapshot)
  for (const change of round.slice(0, total % round.length)) book.apply(change)
  return { ...finished(blocks, tally), top: book.top() }
}

const finished = (blocks: FrameBlocks, tally: Tally): Load => {
  blocks.close()
  const bytesPerFrame = blocks.frames === 0 ? 0 : Math.round(blocks.bytes / blocks.frames)
  return { blocks: blocks.blocks, bursts: [], bytesPerFrame, consumed: tally.consumed() }
}
