/**
 * Request weight by clock minute, for one address. Guarantees the venue's escalation: over the limit 429 with
 * Retry-After, ignored often enough 418 with a ban that doubles. Windows are divided by the clock scale.
 */
import type { Clock } from "../clock.ts"
import type { RestRules } from "../SimulatorOptions.ts"

export type Verdict =
  | { readonly ok: true; readonly used: number }
  | {
      readonly ok: false
      readonly used: number
      readonly status: 429 | 418
      readonly retryAfterS: number
      readonly until: number
    }

const FIRST_BAN_MS = 120_000

export class Limiter {
  private readonly clock: Clock
  private readonly rules: RestRules
  private readonly scale: number
  private window = -1
  private used = 0
  private ignored = 0
  private bans = 0
  private bannedUntil = 0

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
      this.window = window
      this.used = 0
      this.ignored = 0
    }
    if (now < this.bannedUntil) return this.refusal(418, this.bannedUntil, now)
    this.used += weight
    if (this.used <= this.rules.weightPerMinute) return { ok: true, used: this.used }
    this.ignored++
    if (this.ignored <= this.rules.ignoredBeforeBan) return this.refusal(429, (window + 1) * length, now)
    this.bannedUntil = now + (FIRST_BAN_MS * 2 ** this.bans++) / this.scale
    this.ignored = 0
    return this.refusal(418, this.bannedUntil, now)
  }

  private refusal(status: 429 | 418, until: number, now: number): Verdict {
    return {
      ok: false,
      used: this.used,
      status,
      until: Math.ceil(until),
      retryAfterS: Math.max(1, Math.ceil((until - now) / 1000))
    }
  }
}
