/**
 * How long this process has really run: a machine that is busy with something else, or a process that stands still, ages
 * no claim. A client in the same process could not have done anything meanwhile either.
 */
import type { Cancel } from "../clock.ts"
import type { Truth } from "./Truth.ts"

const TICK_MS = 50

/** A tick may be this late and still count whole. */
const LATE_MS = 2 * TICK_MS

export class RunningTime {
  /** Milliseconds. */
  ran = 0
  readonly stop: Cancel

  /** `onTick` is called about twenty times a second. */
  constructor(truth: Truth, onTick: () => void) {
    let last = truth.now()
    this.stop = truth.every(TICK_MS, () => {
      const now = truth.now()
      this.ran += Math.min(now - last, LATE_MS)
      last = now
      onTick()
    })
  }
}
