/**
 * How often a stream speaks, learnt from what it said: what its silence is measured by.
 *
 * Guarantees: it needs no wall clock and no history; a burst or a pause moves it slowly, so that one of them does not
 * make a busy stream look quiet or a quiet one look busy.
 */

/** The weight of the last second that had something to say. */
const WEIGHT = 0.05

export class Pace {
  /** The mean time between two messages, ms; `undefined` until it has spoken often enough to say. */
  #meanMs: number | undefined
  #spoken = 0

  /** Messages so far. */
  get spoken(): number {
    return this.#spoken
  }

  /** So many messages came in so many milliseconds. */
  observe(messages: number, elapsedMs: number): void {
    if (messages <= 0 || elapsedMs <= 0) return
    this.#spoken += messages
    const meanMs = elapsedMs / messages
    this.#meanMs = this.#meanMs === undefined ? meanMs : this.#meanMs + WEIGHT * (meanMs - this.#meanMs)
  }

  /** The mean time between two messages, ms; `undefined` until there were `enough`. */
  meanMs(enough: number): number | undefined {
    return this.#spoken < enough ? undefined : this.#meanMs
  }
}
