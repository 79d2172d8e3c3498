/**
 * Ends a connection on which nothing has come or gone for too long. Guarantees that it is ended once, and at most a
 * twentieth of that time late. Without a bound nothing is watched.
 */
import type { Cancel, Clock } from "../clock.ts"

export class Idleness {
  readonly stop: Cancel
  private readonly clock: Clock
  private lastAt: number

  constructor(clock: Clock, idleMs: number, ended: () => void) {
    this.clock = clock
    this.lastAt = clock.now()
    const look = () => {
      if (clock.now() - this.lastAt < idleMs) return
      this.stop()
      ended()
    }
    this.stop = idleMs < Infinity ? clock.every(Math.max(5, idleMs / 20), look) : () => {}
  }

  /** Something has come or gone. */
  stirred(): void {
    this.lastAt = this.clock.now()
  }
}
