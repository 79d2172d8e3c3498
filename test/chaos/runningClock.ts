/**
 * A clock for the exchange that stands still while its process does: on a busy machine the markets slow down, instead of
 * catching up in one piece while nobody is served. Never faster than the wall clock, and ahead by at most `MOST_MS` with
 * each turn.
 */
import { type ManualClock, manualClock } from "@tidewire/simulator"

const EVERY_MS = 10

const MOST_MS = 50

export interface RunningClock {
  readonly clock: ManualClock
  readonly stop: () => void
}

export const start = (): RunningClock => {
  const clock = manualClock(Date.now())
  let last = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    clock.advance(Math.min(now - last, MOST_MS))
    last = now
  }, EVERY_MS)
  return { clock, stop: () => clearInterval(timer) }
}
