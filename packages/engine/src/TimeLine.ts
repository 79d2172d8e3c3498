/**
 * The engine's time: that of the events it sees, so that the same events give the same run, live and in replay.
 *
 * Guarantees: time never goes back; what is scheduled runs in the order of its time, then of its scheduling, each before
 * anything that comes at the same time or later; an action may schedule more, also for now. At most `most` actions wait: more
 * are refused, which is a defect of whoever schedules without a bound of its own.
 */

/** Far more than the orders that risk lets be open. */
const MOST = 100_000

interface Action {
  readonly at: number
  readonly run: () => void
}

export class TimeLine {
  /** Epoch ms. */
  now: number
  readonly #most: number
  /** The soonest last. */
  readonly #waiting: Array<Action> = []
  #isRunning = false

  constructor(now: number, most = MOST) {
    this.now = now
    this.#most = most
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** When the next action is due; `undefined` when none waits. */
  get next(): number | undefined {
    return this.#waiting.at(-1)?.at
  }

  /** Runs at this time, or as soon as possible when it has passed. What is given back takes it off again. */
  schedule(at: number, run: () => void): () => void {
    if (this.#waiting.length >= this.#most) throw new RangeError(`more than ${this.#most} actions are waiting`)
    let index = this.#waiting.length
    while (index > 0 && this.#waiting[index - 1]!.at <= at) index--
    const action = { at, run }
    this.#waiting.splice(index, 0, action)
    return () => {
      const found = this.#waiting.indexOf(action)
      if (found !== -1) this.#waiting.splice(found, 1)
    }
  }

  /** Goes on to this time, running all that is due on the way. From within an action it does nothing: that is on its way already. */
  advance(to: number): void {
    if (this.#isRunning) return
    this.#isRunning = true
    try {
      for (let next = this.#waiting.at(-1); next !== undefined && next.at <= to; next = this.#waiting.at(-1)) {
        this.#waiting.pop()
        this.now = Math.max(this.now, next.at)
        next.run()
      }
    } finally {
      this.#isRunning = false
    }
    this.now = Math.max(this.now, to)
  }
}
