/**
 * What frames come to, for the proof that all clients read the same. Cheap enough to be part of a measured handler: every
 * frame is counted, every 16th price is added up.
 */
import type { Consumed } from "./messages.ts"

const EVERY = 16

/** A level as it is on the wire or as an event has it. */
type Level = readonly [price: string | number, size: string | number]

export class Tally {
  frames = 0
  #checksum = 0
  #levels = 0
  #lastId: number | string = 0

  /** Gives how many frames there were with this one. */
  trade(id: number | string, price: string | number): number {
    this.#lastId = id
    if (++this.frames % EVERY === 0) this.#checksum += Number(price)
    return this.frames
  }

  change(lastId: number, bids: ReadonlyArray<Level>, asks: ReadonlyArray<Level>): number {
    this.#lastId = lastId
    this.#levels += bids.length + asks.length
    if (++this.frames % EVERY === 0 && bids.length > 0) this.#checksum += Number(bids[0]![0])
    return this.frames
  }

  consumed(): Consumed {
    return { frames: this.frames, checksum: this.#checksum, levels: this.#levels, lastId: String(this.#lastId) }
  }
}
