/**
 * The time of a replay: a clock that stands still until it is moved, and a scheduler whose tasks run when they are told to.
 *
 * Guarantees: nothing passes by itself; sleepers wake in the order of their times, those of one time in the order in which
 * they fell asleep; so the same moves give the same run.
 */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Scheduler from "effect/Scheduler"

/** The clock went on by itself: at its so many-th reading after the last move. */
export interface Tick {
  readonly reads: number
  readonly time: number
}

interface Sleeper {
  readonly at: number
  readonly millis: number
  readonly wake: () => void
}

export class VirtualTime implements Clock.Clock {
  /** Epoch ms with a fraction. */
  now: number
  /** The soonest last. */
  readonly #sleepers: Array<Sleeper> = []
  /** Bounded by the fibers that there are. */
  #deferred: Array<() => void> = []
  readonly scheduler: Scheduler.Scheduler = new Scheduler.MixedScheduler("async", (task) => this.defer(task))

  #reads = 0
  #ticks: ReadonlyArray<Tick> = []

  constructor(now: number) {
    this.now = now
  }

  /** Something came in at this time, and until the next thing does the clock ticks like this. */
  move(now: number, ticks: ReadonlyArray<Tick>): void {
    this.now = now
    this.#reads = 0
    this.#ticks = ticks
  }

  /** The time, for the program. */
  readonly read = (): number => {
    const [tick] = this.#ticks
    if (tick !== undefined && ++this.#reads >= tick.reads) this.move(tick.time, this.#ticks.slice(1))
    return this.now
  }

  readonly currentTimeMillisUnsafe = (): number => Math.floor(this.read())
  readonly currentTimeMillis = Effect.sync(this.currentTimeMillisUnsafe)
  readonly currentTimeNanosUnsafe = (): bigint => BigInt(Math.round(this.read() * 1_000)) * 1_000n
  readonly currentTimeNanos = Effect.sync(this.currentTimeNanosUnsafe)
  readonly monotonicTimeNanosUnsafe = this.currentTimeNanosUnsafe
  readonly monotonicTimeNanos = this.currentTimeNanos

  readonly sleep = (duration: Duration.Duration): Effect.Effect<void> => {
    const millis = Duration.toMillis(duration)
    if (millis <= 0) return Effect.yieldNow
    if (!Number.isFinite(millis)) return Effect.never
    return Effect.callback<void>((resume) => {
      const sleeper: Sleeper = { at: this.now + millis, millis, wake: () => resume(Effect.void) }
      this.#insert(sleeper)
      return Effect.sync(() => this.#remove(sleeper))
    })
  }

  /** When the next sleeper wakes; `undefined` when nobody sleeps. */
  get next(): number | undefined {
    return this.#sleepers.at(-1)?.at
  }

  /** Wakes the next sleeper, whatever the time. */
  wakeNext(): void {
    this.#sleepers.pop()?.wake()
  }

  /** Wakes who fell asleep first of those who did for so long, else whose time is over. */
  wakeOf(millis: number): void {
    const index = this.#sleepers.findLastIndex((each) => each.millis === millis)
    if (index === -1) {
      const { next } = this
      if (next !== undefined && next <= this.now) this.wakeNext()
      return
    }
    const [sleeper] = this.#sleepers.splice(index, 1)
    sleeper?.wake()
  }

  /** Runs when what is deferred is run; gives what takes it back. */
  readonly defer = (task: () => void): (() => void) => {
    let isWanted = true
    this.#deferred.push(() => {
      if (isWanted) task()
    })
    return () => (isWanted = false)
  }

  /** Runs all that is deferred, and what that defers, with the microtasks between. */
  async settle(): Promise<void> {
    await microtasks()
    while (this.#deferred.length > 0) {
      const tasks = this.#deferred
      this.#deferred = []
      for (const task of tasks) task()
      await microtasks()
    }
  }

  #insert(sleeper: Sleeper): void {
    let low = 0
    let high = this.#sleepers.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#sleepers[middle]!.at > sleeper.at) low = middle + 1
      else high = middle
    }
    this.#sleepers.splice(low, 0, sleeper)
  }

  #remove(sleeper: Sleeper): void {
    const index = this.#sleepers.indexOf(sleeper)
    if (index !== -1) this.#sleepers.splice(index, 1)
  }
}

/** Ends when no microtask is left. */
export const microtasks = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))
