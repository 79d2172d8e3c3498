/**
 * Every attempt to open a connection, and the venue's limit of them. Guarantees that the limit counts what it let pass
 * in the last five minutes, scaled, and that the last 10 000 attempts are kept, oldest first.
 */
import type { Clock } from "../clock.ts"
import type { MarketKind } from "../market/definition.ts"
import { Ring } from "../market/ring.ts"
import type { Route } from "./SocketPath.ts"

export interface Dial {
  /** Epoch milliseconds at which the upgrade was asked for. */
  readonly time: number
  readonly market: MarketKind
  readonly route: Route
  /** `overLimit` is the venue's own refusal, `refused` a fault's doing. Both but `overLimit` count against the limit. */
  readonly outcome: "accepted" | "refused" | "overLimit"
}

const WINDOW_MS = 300_000

const KEPT = 10_000

export class Dials {
  private readonly clock: Clock
  private readonly windowMs: number
  private readonly counted = new Map<string, Array<number>>()
  private readonly kept = new Ring<Dial>(KEPT)

  constructor(clock: Clock, clockScale: number) {
    this.clock = clock
    this.windowMs = WINDOW_MS / clockScale
  }

  /** A venue lets an address try so many times in five minutes, on all markets of one host together. */
  mayTry(host: string, limit: number): boolean {
    const now = this.clock.now()
    const counted = this.counted.get(host) ?? []
    this.counted.set(host, counted)
    while (counted.length > 0 && counted[0]! <= now - this.windowMs) counted.shift()
    if (counted.length >= limit) return false
    counted.push(now)
    return true
  }

  record(market: MarketKind, route: Route, outcome: Dial["outcome"]): void {
    this.kept.push({ time: Math.floor(this.clock.now()), market, route, outcome })
  }

  list(): Array<Dial> {
    return this.kept.slice(0, this.kept.length)
  }
}
