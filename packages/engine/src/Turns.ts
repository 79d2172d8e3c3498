/**
 * The engine's telling of events, one after the other.
 *
 * Guarantees: what the telling of an event causes is told after it, in its order, before `tell` returns. At most `MOST_WAITING`
 * wait: more is a circle, which is told once; what is beyond is dropped and counted.
 */
const MOST_WAITING = 100_000

export interface TurnsSetup<E> {
  readonly tellNow: (event: E) => void
  /** Between two events: what waits elsewhere for the first of them to end. */
  readonly between: () => void
  readonly circle: (most: number) => void
}

export class Turns<E> {
  readonly #setup: TurnsSetup<E>
  readonly #waiting: Array<E> = []
  #isTelling = false
  /** Events of circles that were not told. */
  dropped = 0

  constructor(setup: TurnsSetup<E>) {
    this.#setup = setup
  }

  tell(event: E): void {
    if (this.#isTelling) return this.#wait(event)
    this.#isTelling = true
    try {
      this.#setup.tellNow(event)
      this.#drain()
    } finally {
      this.#end()
    }
  }

  /** Runs something as if it were an event; what it tells comes after it. */
  run(turn: () => void): void {
    if (this.#isTelling) return turn()
    this.#isTelling = true
    try {
      turn()
      this.#drain()
    } finally {
      this.#end()
    }
  }

  #wait(event: E): void {
    if (this.#waiting.length < MOST_WAITING) this.#waiting.push(event)
    else if (this.dropped++ === 0) this.#setup.circle(MOST_WAITING)
  }

  #drain(): void {
    this.#setup.between()
    for (let index = 0; index < this.#waiting.length; index++) {
      this.#setup.tellNow(this.#waiting[index]!)
      this.#setup.between()
    }
  }

  #end(): void {
    if (this.#waiting.length > 0) this.#waiting.length = 0
    this.#isTelling = false
  }
}
