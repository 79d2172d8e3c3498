/**
 * The server's pings. Guarantees that only a pong with a payload that was sent counts; when the oldest unanswered ping
 * is too old the connection is declared dead, once. A venue that does not ping has an endless period.
 */
import type { Cancel, Clock } from "../clock.ts"

export interface HeartbeatActions {
  readonly ping: (payload: string) => void
  readonly dead: () => void
}

export class Heartbeat {
  private readonly clock: Clock
  private readonly actions: HeartbeatActions
  private readonly cancels: Array<Cancel>
  /** Sent at, by payload, oldest first. */
  private readonly unanswered = new Map<string, number>()

  constructor(clock: Clock, pingMs: number, pongMs: number, actions: HeartbeatActions) {
    this.clock = clock
    this.actions = actions
    const check = () => {
      const [oldest] = this.unanswered.values()
      if (oldest !== undefined && clock.now() - oldest >= pongMs) {
        this.stop()
        actions.dead()
      }
    }
    this.cancels =
      pingMs === Infinity ? [] : [clock.every(pingMs, () => this.ping()), clock.every(Math.max(5, pongMs / 20), check)]
  }

  pong(payload: string): void {
    const sentAt = this.unanswered.get(payload)
    if (sentAt === undefined) return
    for (const [older, at] of this.unanswered) if (at <= sentAt) this.unanswered.delete(older)
  }

  stop(): void {
    for (const cancel of this.cancels) cancel()
  }

  /** The payload is the time in milliseconds, as text. */
  private ping(): void {
    const now = this.clock.now()
    const payload = String(Math.floor(now))
    if (!this.unanswered.has(payload)) this.unanswered.set(payload, now)
    this.actions.ping(payload)
  }
}
