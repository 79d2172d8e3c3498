/** What happens unless it is put off in time, by name. Guarantees that each name has one appointment at most. */
import type { Cancel, Clock } from "../clock.ts"

export class Countdowns {
  private readonly clock: Clock
  private readonly timers = new Map<string, Cancel>()

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** Replaces what was appointed under this name; 0 only takes it back. */
  set(name: string, delayMs: number, run: () => void): void {
    this.timers.get(name)?.()
    this.timers.delete(name)
    if (delayMs === 0) return
    const cancel = this.clock.after(delayMs, () => {
      this.timers.delete(name)
      run()
    })
    this.timers.set(name, cancel)
  }

  stop(): void {
    for (const cancel of this.timers.values()) cancel()
    this.timers.clear()
  }
}
