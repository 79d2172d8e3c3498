/**
 * Until when a host is left alone because its venue asked for it.
 *
 * Guarantees: a later request for less never shortens an earlier one for more; no request lasts longer than the venues'
 * longest bans, and none lasts longer because the clock was set back.
 */

/** The longest ban that venues give: three days. */
const LONGEST_MS = 3 * 24 * 3_600_000

export class KeepAway {
  #untilMs = 0
  #seenMs = 0

  /** How long it is to be left alone from now on; 0 when it is not. */
  leftMs(nowMs: number): number {
    if (nowMs < this.#seenMs) this.#untilMs += nowMs - this.#seenMs
    this.#seenMs = nowMs
    return Math.max(0, this.#untilMs - nowMs)
  }

  /** Leaves it alone for so long from now on; gives for how long it is in the end. */
  ask(ms: number, nowMs: number): number {
    const left = Math.max(this.leftMs(nowMs), Math.min(ms, LONGEST_MS))
    this.#untilMs = nowMs + left
    return left
  }

  /** Epoch ms; `undefined` when it is not left alone. */
  untilMs(nowMs: number): number | undefined {
    return this.leftMs(nowMs) > 0 ? this.#untilMs : undefined
  }
}
