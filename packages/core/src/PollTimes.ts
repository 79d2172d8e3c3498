/**
 * When a stream is polled: pure. Bars at the multiples of their time on the clock and a moment later, when the bar has
 * closed; everything else at times of its own, which the streams of a feed spread evenly.
 *
 * Guarantees: what took longer than its time is not made up for: the next poll is at the next of its times.
 */
import * as Duration from "effect/Duration"
import * as Channel from "./Channel.ts"
import type { Polled, PollingOptions } from "./PollingOptions.ts"

/** How long after the close of a bar it is asked for, ms, and how far such polls are spread. */
const AFTER_CLOSE_MS = 500
const SPREAD_MS = 1_500

/** The longest wait before a stream is polled for the first time, ms. */
const LONGEST_FIRST_MS = 2_000

/** The part of one that is farthest from those of all numbers before. */
const GOLDEN = 0.618_033_988_749_894_9

/** Where in its time the n-th stream of a feed is polled: in [0, 1). */
export const phaseOf = (number: number): number => (number * GOLDEN) % 1

export class PollTimes {
  readonly everyMs: number
  readonly #offsetMs: number
  readonly #firstMs: number

  constructor(options: PollingOptions, channel: Channel.Channel, phase: number, nowMs: number) {
    const kind = Channel.kind(channel)
    this.everyMs = kind === "liquidations" ? Infinity : Duration.toMillis(options[kind satisfies Polled])
    const spreadMs = Math.round(Math.min(SPREAD_MS, this.everyMs) * phase)
    // not at once: who opens a feed has it before anything is told
    this.#firstMs = Math.ceil(nowMs) + 1 + Math.round(Math.min(LONGEST_FIRST_MS, this.everyMs) * phase)
    this.#offsetMs = kind === "bars" ? AFTER_CLOSE_MS + spreadMs : this.#firstMs
  }

  /** When to poll for the first time, epoch ms. */
  get first(): number {
    return this.#firstMs
  }

  /** When to poll after a poll that was due at `dueMs` and ended at `nowMs`, which timers may make a moment earlier. */
  after(dueMs: number, nowMs: number): number {
    const since = Math.max(dueMs, nowMs) - this.#offsetMs
    return this.#offsetMs + (Math.floor(since / this.everyMs) + 1) * this.everyMs
  }
}
