/**
 * Request weight by clock minute, for one address. Guarantees the venue's escalation: over the limit 429 with
 * Retry-After, ignored often enough 418 with a ban that doubles. Windows are divided by the clock scale.
 */
import type { Clock } from "../clock.ts"
import { Ring } from "../market/ring.ts"
import type { RateLimit, RateLimitStats, Refused, Verdict } from "../rest/RateLimit.ts"
import type { RestRules } from "../SimulatorOptions.ts"

const WINDOWS_KEPT = 1000

const FIRST_BAN_MS = 120_000

export class WeightLimit implements RateLimit {
  private readonly clock: Clock
  private readonly rules: RestRules
  private readonly scale: number
  private window = -1
  private spent = 0
  private ignored = 0
  private bans = 0
  private bannedUntil = 0
  private readonly past = new Ring<{ readonly startedAt: number; readonly weight: number }>(WINDOWS_KEPT - 1)
  private peakWeight = 0
  private limited = 0
  private banned = 0

  constructor(clock: Clock, rules: RestRules, clockScale: number) {
    this.clock = clock
    this.rules = rules
    this.scale = clockScale
  }

  /** Charges a request and says whether it may pass. Failed requests cost their weight too. */
  charge(weight: number): Verdict {
    const now = this.clock.now()
    const length = 60_000 / this.scale
    const window = Math.floor(now / length)
    if (window !== this.window) {
      if (this.window !== -1) this.past.push({ startedAt: Math.floor(this.window * length), weight: this.spent })
      this.window = window
      this.spent = 0
      this.ignored = 0
    }
    if (now < this.bannedUntil) return this.refusal(418, this.bannedUntil, now)
    this.spent += weight
    this.peakWeight = Math.max(this.peakWeight, this.spent)
    if (this.spent <= this.rules.weightPerMinute) return { ok: true, used: this.spent }
    this.ignored++
    if (this.ignored <= this.rules.ignoredBeforeBan) return this.refusal(429, (window + 1) * length, now)
    this.bannedUntil = now + (FIRST_BAN_MS * 2 ** this.bans++) / this.scale
    this.ignored = 0
    return this.refusal(418, this.bannedUntil, now)
  }

  used(): number {
    return Math.floor(this.clock.now() / (60_000 / this.scale)) === this.window ? this.spent : 0
  }

  stats(): RateLimitStats {
    const { banned, limited, peakWeight } = this
    const windowMs = 60_000 / this.scale
    const now = this.window === -1 ? [] : [{ startedAt: Math.floor(this.window * windowMs), weight: this.spent }]
    return { windowMs, windows: [...this.past.slice(0, this.past.length), ...now], peakWeight, limited, banned }
  }

  private refusal(status: 429 | 418, until: number, now: number): Refused {
    if (status === 429) this.limited++
    else this.banned++
    return {
      ok: false,
      used: this.spent,
      status,
      until: Math.ceil(until),
      retryAfterS: Math.max(1, Math.ceil((until - now) / 1000))
    }
  }
}
