/**
 * Fibers in line for one thing: the most urgent first, in order of arrival among equals.
 *
 * Guarantees: nobody goes before one who is more urgent, or as urgent and came earlier; only the first in line asks
 * whether it may go, so a long line costs no more than a short one; who finds nobody in line and room at once needs no place;
 * an interrupted fiber leaves the line and the next one moves up. Nothing is handed out to a fiber that is no longer there.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"

/** 0 when the one who asks may go, and has been counted; else after how many ms to ask again. */
export type Admit = (nowMs: number) => number

export class WaitingLine {
  /** By rank, the most urgent first; a set keeps the order of arrival. */
  readonly #ranks: ReadonlyArray<Set<Latch.Latch>>

  constructor(ranks: number) {
    this.#ranks = Array.from({ length: ranks }, () => new Set())
  }

  get length(): number {
    return this.#ranks.reduce((total, { size }) => total + size, 0)
  }

  /** Whether somebody who comes now may go at once, and then has been counted. */
  passes(admit: Admit, nowMs: number): boolean {
    return this.#first === undefined && admit(nowMs) <= 0
  }

  /** Waits for its turn. Rank 0 is the most urgent; gives the time at which it was let go, epoch ms. */
  wait(rank: number, admit: Admit): Effect.Effect<number> {
    return Clock.clockWith((clock) => {
      const now = clock.currentTimeMillisUnsafe()
      if (this.passes(admit, now)) return Effect.succeed(now)
      const place = Latch.makeUnsafe()
      const turn: Effect.Effect<number> = Effect.suspend(() => {
        place.closeUnsafe()
        if (this.#first !== place) return Effect.andThen(place.await, turn)
        const now = clock.currentTimeMillisUnsafe()
        const waitMs = admit(now)
        return waitMs <= 0 ? Effect.succeed(now) : Effect.andThen(Effect.sleep(waitMs), turn)
      })
      const enter = Effect.sync(() => this.#ranks[rank]!.add(place))
      const leave = Effect.suspend(() => {
        this.#ranks[rank]!.delete(place)
        return this.#first?.open ?? Effect.void
      })
      return Effect.ensuring(Effect.andThen(enter, turn), leave)
    })
  }

  get #first(): Latch.Latch | undefined {
    for (const places of this.#ranks) for (const place of places) return place
    return undefined
  }
}
