/**
 * Events on their way to the store: references, at most so many and so many bytes; when there is no room the oldest give way,
 * and are counted by stream.
 *
 * Guarantees: `add` is synchronous, allocates nothing while there is room, and never fails.
 */
import type { Told } from "../output/Output.ts"
import * as Tables from "./tables.ts"

/** What was dropped of one stream, and not told yet. */
export interface Dropped {
  readonly venue: string
  readonly symbol: string
  readonly table: string
  count: number
  /** `receivedTime` of the first and the last. */
  readonly from: number
  to: number
}

export interface Bounds {
  readonly events: number
  readonly bytes: number
}

/** Streams whose losses are told apart; the rest are told together. */
const MOST_STREAMS = 10_000

export class EventBuffer {
  /** All that were dropped. */
  dropped = 0
  bytes = 0
  readonly #bounds: Bounds
  readonly #onFull: () => void
  readonly #batch: number
  #events: Array<Told> = []
  #head = 0
  #losses = new Map<string, Dropped>()

  /** `onBatch` is called when `batch` events wait. */
  constructor(bounds: Bounds, batch: number, onBatch: () => void) {
    this.#bounds = bounds
    this.#batch = batch
    this.#onFull = onBatch
  }

  get size(): number {
    return this.#events.length - this.#head
  }

  /** Of what may wait, 0 to 1. */
  get fill(): number {
    return Math.max(this.size / this.#bounds.events, this.bytes / this.#bounds.bytes)
  }

  get hasLosses(): boolean {
    return this.#losses.size > 0
  }

  add(event: Told): void {
    this.bytes += bytesOf(event)
    this.#events.push(event)
    const size = this.#events.length - this.#head
    if (size > this.#bounds.events || this.bytes > this.#bounds.bytes) this.#makeRoom()
    if (size === this.#batch) this.#onFull()
  }

  /** The oldest, at most so many. */
  take(most: number): ReadonlyArray<Told> {
    const taken = this.#events.slice(this.#head, this.#head + most)
    for (const event of taken) this.bytes -= bytesOf(event)
    this.#head += taken.length
    this.#compact()
    return taken
  }

  /** What was dropped since the last call. */
  takeLosses(): ReadonlyArray<Dropped> {
    const losses = [...this.#losses.values()]
    this.#losses = new Map()
    return losses
  }

  /** Those that could not be stored go the way of the dropped. */
  drop(events: ReadonlyArray<Told>): void {
    for (const event of events) this.#lose(event)
  }

  #makeRoom(): void {
    while (this.size > 1 && (this.size > this.#bounds.events || this.bytes > this.#bounds.bytes)) {
      const event = this.#events[this.#head++]!
      this.bytes -= bytesOf(event)
      this.#lose(event)
    }
    this.#compact()
  }

  #lose(event: Told): void {
    this.dropped++
    const table = Tables.ofType(event.type).name
    const full = this.#losses.size >= MOST_STREAMS
    const venue = "venue" in event ? event.venue : ""
    const symbol = !full && "symbol" in event ? (event.symbol ?? "") : ""
    const key = `${venue}\n${symbol}\n${table}`
    const known = this.#losses.get(key)
    if (known === undefined) {
      this.#losses.set(key, { venue, symbol, table, count: 1, from: event.receivedTime, to: event.receivedTime })
    } else {
      known.count++
      known.to = event.receivedTime
    }
  }

  /** Gives back what was taken off the front, when it is more than what is left. */
  #compact(): void {
    if (this.#head < 1_024 || this.#head * 2 < this.#events.length) return
    this.#events = this.#events.slice(this.#head)
    this.#head = 0
  }
}

/** In memory, by a cautious estimate: an event's object and its texts, and a level's array with two numbers. */
const EVENT_BYTES = 400
const LEVEL_BYTES = 64

const bytesOf = (event: Told): number =>
  event.type === "book" ? EVENT_BYTES + LEVEL_BYTES * (event.bids.length + event.asks.length) : EVENT_BYTES
