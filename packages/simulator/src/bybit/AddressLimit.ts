/**
 * Requests of one address in the last five seconds, over all endpoints. Guarantees that one too many is answered 403 and
 * that nothing passes for ten minutes after it, scaled. What the venue counts while it refuses is not documented; here it
 * is nothing.
 */
import type { Clock } from "../clock.ts"
import { Ring } from "../market/ring.ts"
import type { RateLimit, RateLimitStats, Verdict } from "../rest/RateLimit.ts"
import type { RestRules } from "../SimulatorOptions.ts"

const WINDOW_MS = 5_000
const BAN_MS = 600_000
const WINDOWS_KEPT = 1000

export class AddressLimit implements RateLimit {
  private readonly clock: Clock
  private readonly rules: RestRules
  private readonly windowMs: number
  private readonly banMs: number
  /** When each request of the last window came, oldest first. */
  private readonly recent: Array<{ readonly at: number; readonly weight: number }> = []
  private inWindow = 0
  private bannedUntil = 0
  private readonly past = new Ring<{ readonly startedAt: number; readonly weight: number }>(WINDOWS_KEPT - 1)
  private now: { readonly startedAt: number; weight: number } | undefined
  private peakWeight = 0
  private limited = 0
  private banned = 0

  constructor(clock: Clock, rules: RestRules, clockScale: number) {
    this.clock = clock
    this.rules = rules
    this.windowMs = WINDOW_MS / clockScale
    this.banMs = BAN_MS / clockScale
  }

  charge(weight: number): Verdict {
    const now = this.clock.now()
    if (now < this.bannedUntil) {
      this.banned++
      return this.refusal(now)
    }
    while (this.recent.length > 0 && this.recent[0]!.at <= now - this.windowMs) {
      this.inWindow -= this.recent.shift()!.weight
    }
    this.recent.push({ at: now, weight })
    this.inWindow += weight
    this.peakWeight = Math.max(this.peakWeight, this.inWindow)
    this.note(now, weight)
    if (this.inWindow <= this.rules.requestsPerWindow) return { ok: true, used: this.inWindow }
    this.limited++
    this.bannedUntil = now + this.banMs
    return this.refusal(now)
  }

  used(): number {
    return this.inWindow
  }

  stats(): RateLimitStats {
    const { banned, limited, peakWeight, windowMs } = this
    const open = this.now === undefined ? [] : [{ ...this.now }]
    return { windowMs, windows: [...this.past.slice(0, this.past.length), ...open], peakWeight, limited, banned }
  }

  private note(at: number, weight: number): void {
    const startedAt = Math.floor(Math.floor(at / this.windowMs) * this.windowMs)
    if (this.now?.startedAt === startedAt) this.now.weight += weight
    else {
      if (this.now !== undefined) this.past.push(this.now)
      this.now = { startedAt, weight }
    }
  }

  private refusal(now: number): Verdict {
    const retryAfterS = Math.max(1, Math.ceil((this.bannedUntil - now) / 1000))
    return { ok: false, used: this.inWindow, status: 403, retryAfterS, until: Math.ceil(this.bannedUntil) }
  }
}
