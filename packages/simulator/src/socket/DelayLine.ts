/**
 * Things that are to happen late, first in, first out. Guarantees the order of arrival whatever the delays: nothing
 * overtakes what waits before it. Without a delay and with nobody waiting a thing happens at once.
 */
import type { Cancel, Clock } from "../clock.ts"

interface Waiting {
  readonly dueAt: number
  readonly run: () => void
}

export class DelayLine {
  private readonly clock: Clock
  private readonly waiting: Array<Waiting> = []
  private timer: Cancel | undefined

  constructor(clock: Clock) {
    this.clock = clock
  }

  get isIdle(): boolean {
    return this.waiting.length === 0
  }

  push(delayMs: number, run: () => void): void {
    if (delayMs <= 0 && this.waiting.length === 0) return run()
    const dueAt = Math.max(this.clock.now() + delayMs, this.waiting.at(-1)?.dueAt ?? 0)
    this.waiting.push({ dueAt, run })
    if (this.waiting.length === 1) this.arm()
  }

  /** Forgets what waits. */
  clear(): void {
    this.timer?.()
    this.waiting.length = 0
  }

  private arm(): void {
    const [first] = this.waiting
    if (first !== undefined)
      this.timer = this.clock.after(Math.max(0, first.dueAt - this.clock.now()), () => this.flush())
  }

  private flush(): void {
    const now = this.clock.now()
    const due = this.waiting.findIndex(({ dueAt }) => dueAt > now)
    for (const { run } of this.waiting.splice(0, due === -1 ? this.waiting.length : due)) run()
    this.arm()
  }
}
