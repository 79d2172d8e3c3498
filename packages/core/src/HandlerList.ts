/**
 * Functions that hear of the same thing, called one after the other in the order they were added.
 *
 * Guarantees: one that throws does not keep the others from being called; one that throws `maxFailures` times in a row
 * is removed. Adding and removing are safe at any time, from within a call too: what is added then is called from the
 * next time on, what is removed is not called any more. Calling allocates nothing.
 */
export interface HandlerFailure<A> {
  /** The handler's name. */
  readonly handler: string
  readonly error: unknown
  readonly event: A
  /** How many times in a row it has failed. */
  readonly inARow: number
  /** This was once too often: it is removed. */
  readonly isRemoved: boolean
}

export type Unsubscribe = () => void

interface Entry<A> {
  readonly name: string
  readonly handle: (event: A) => void
  inARow: number
  isRemoved: boolean
}

export class HandlerList<A> {
  /** Replaced, never changed, so that a list that is being walked stays as it is. */
  #entries: ReadonlyArray<Entry<A>> = []
  readonly #maxFailures: number
  readonly #onFailure: (failure: HandlerFailure<A>) => void

  constructor(maxFailures: number, onFailure: (failure: HandlerFailure<A>) => void) {
    this.#maxFailures = maxFailures
    this.#onFailure = onFailure
  }

  get size(): number {
    return this.#entries.length
  }

  add(name: string, handle: (event: A) => void): Unsubscribe {
    const entry: Entry<A> = { name, handle, inARow: 0, isRemoved: false }
    this.#entries = [...this.#entries, entry]
    return () => this.#remove(entry)
  }

  call(event: A): void {
    const entries = this.#entries
    for (let index = 0; index < entries.length; index++) {
      const entry = entries[index]!
      if (entry.isRemoved) continue
      try {
        entry.handle(event)
        entry.inARow = 0
      } catch (error) {
        this.#failed(entry, error, event)
      }
    }
  }

  #failed(entry: Entry<A>, error: unknown, event: A): void {
    entry.inARow++
    if (entry.inARow >= this.#maxFailures) this.#remove(entry)
    const { inARow, isRemoved, name } = entry
    this.#onFailure({ handler: name, error, event, inARow, isRemoved })
  }

  #remove(entry: Entry<A>): void {
    entry.isRemoved = true
    this.#entries = this.#entries.filter((each) => each !== entry)
  }
}
