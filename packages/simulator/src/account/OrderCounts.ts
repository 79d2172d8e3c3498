/**
 * How many orders each account has placed in each of a venue's windows. Windows are aligned to the clock, divided by its
 * scale. Guarantees that only the windows of this moment are kept.
 */
import type { Clock } from "../clock.ts"

export interface OrderLimit {
  readonly interval: "SECOND" | "MINUTE" | "DAY"
  readonly intervalNum: number
  readonly limit: number
}

export interface Counted extends OrderLimit {
  readonly count: number
  /** Epoch milliseconds. */
  readonly endsAt: number
}

const unitMs = { SECOND: 1_000, MINUTE: 60_000, DAY: 86_400_000 } as const

export class OrderCounts {
  private readonly clock: Clock
  private readonly scale: number
  private readonly windows = new Map<string, { window: number; count: number }>()

  constructor(clock: Clock, clockScale: number) {
    this.clock = clock
    this.scale = clockScale
  }

  /** As they stand, `more` added to each. */
  count(account: string, limits: ReadonlyArray<OrderLimit>, more: number): Array<Counted> {
    return limits.map((limit) => {
      const { interval, intervalNum } = limit
      const lengthMs = (unitMs[interval] * intervalNum) / this.scale
      const window = Math.floor(this.clock.now() / lengthMs)
      const key = `${account}/${interval}/${intervalNum}`
      const known = this.windows.get(key)
      const entry = known?.window === window ? known : { window, count: 0 }
      entry.count += more
      this.windows.set(key, entry)
      return { ...limit, count: entry.count, endsAt: Math.ceil((window + 1) * lengthMs) }
    })
  }
}
