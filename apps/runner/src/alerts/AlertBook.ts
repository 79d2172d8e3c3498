/**
 * Which alerts there are: what rules find becomes an alert when it has held long enough, and is over when it has been gone long
 * enough.
 *
 * Guarantees: pure in time (it is told what time it is); an alert is raised once and ended once, however often its subject comes
 * and goes within `clearAfterMs`; at most `MOST` subjects are followed, and how many more there were is counted.
 */
import type { Alert } from "../operation/Parts.ts"
import { Ring } from "../operation/Ring.ts"
import type { Finding } from "./Kind.ts"
import type { Rule } from "./Rule.ts"

const MOST = 1_000

/** Alerts that are over. */
const REMEMBERED = 500

export interface Found extends Finding {
  readonly rule: Rule
}

export interface Change {
  readonly raised: ReadonlyArray<Alert>
  readonly ended: ReadonlyArray<Alert>
  /** Those that go on and are told again. */
  readonly repeated: ReadonlyArray<Alert>
}

export interface AlertBookOptions {
  readonly clearAfterMs: number
  /** Never unless it is given. */
  readonly repeatMs?: number
}

interface Case {
  readonly rule: Rule
  readonly subject: string
  message: string
  /** Since when it has held without a break. */
  since: number
  lastSeen: number
  /** Absent until it has held long enough. */
  alert: Alert | undefined
  toldAt: number
}

export class AlertBook {
  /** Findings that were not followed, because there were too many. */
  overflow = 0
  readonly #options: AlertBookOptions
  readonly #cases = new Map<string, Case>()
  readonly #over = new Ring<Alert>(REMEMBERED)
  #raised = 0

  constructor(options: AlertBookOptions) {
    this.#options = options
  }

  step(now: number, found: ReadonlyArray<Found>): Change {
    for (const each of found) this.#see(now, each)
    const raised: Array<Alert> = []
    const ended: Array<Alert> = []
    const repeated: Array<Alert> = []
    for (const [key, each] of this.#cases) {
      if (each.lastSeen === now) {
        if (each.alert === undefined) {
          if (now - each.since >= each.rule.forMs) raised.push(this.#raise(each, now))
        } else if (this.#options.repeatMs !== undefined && now - each.toldAt >= this.#options.repeatMs) {
          each.toldAt = now
          repeated.push(each.alert)
        }
        continue
      }
      if (each.alert !== undefined && now - each.lastSeen < this.#options.clearAfterMs) continue
      this.#cases.delete(key)
      if (each.alert === undefined) continue
      const over = { ...each.alert, until: each.lastSeen }
      this.#over.add(over)
      ended.push(over)
    }
    return { raised, ended, repeated }
  }

  active(): ReadonlyArray<Alert> {
    return [...this.#cases.values()].flatMap(({ alert }) => alert ?? [])
  }

  history(): ReadonlyArray<Alert> {
    return this.#over.values()
  }

  #see(now: number, { message, rule, subject }: Found): void {
    const key = `${rule.name}\n${subject}`
    const known = this.#cases.get(key)
    if (known === undefined) {
      if (this.#cases.size >= MOST) this.overflow++
      else this.#cases.set(key, { rule, subject, message, since: now, lastSeen: now, alert: undefined, toldAt: now })
      return
    }
    known.lastSeen = now
    known.message = message
    if (known.alert !== undefined && known.alert.message !== message) known.alert = { ...known.alert, message }
  }

  #raise(each: Case, now: number): Alert {
    const { message, rule, since, subject } = each
    const id = `${since}-${++this.#raised}`
    each.toldAt = now
    return (each.alert = { id, rule: rule.name, severity: rule.severity, subject, message, since })
  }
}
