/**
 * How often a user may call one thing in a rolling second, scaled. Guarantees that what is refused does not count and that
 * only the calls of the last second are kept.
 */
import type { Clock } from "../clock.ts"

export interface CallVerdict {
  readonly ok: boolean
  readonly limit: number
  readonly left: number
  /** Epoch milliseconds: when there is room again. */
  readonly resetAt: number
}

const WINDOW_MS = 1_000

export class CallLimit {
  private readonly clock: Clock
  private readonly windowMs: number
  /** When each counted call came, oldest first. */
  private readonly calls = new Map<string, Array<number>>()

  constructor(clock: Clock, clockScale: number) {
    this.clock = clock
    this.windowMs = WINDOW_MS / clockScale
  }

  /** `count`: a batch counts for each of its parts. */
  call(name: string, limit: number, count = 1): CallVerdict {
    const now = this.clock.now()
    const calls = this.calls.get(name) ?? []
    this.calls.set(name, calls)
    while (calls.length > 0 && calls[0]! <= now - this.windowMs) calls.shift()
    const ok = calls.length + count <= limit
    if (ok) for (let i = 0; i < count; i++) calls.push(now)
    const resetAt = Math.ceil(ok || calls.length === 0 ? now : calls[0]! + this.windowMs)
    return { ok, limit, left: Math.max(0, limit - calls.length), resetAt }
  }
}
