/**
 * A lane holds the waiting events of one channel of one symbol, in order, and remembers in front of which of them
 * something was dropped.
 *
 * Guarantees: holds at most what its owner lets in; memory grows by doubling, from a few slots to no more than that.
 */
export class Lane<A> {
  #events: Array<A | undefined>
  /** Arrival number of each event, by which the lanes of a symbol are merged again. */
  #arrivals: Array<number>
  /** How many were dropped between the event before and this one. */
  #holes: Array<number>
  #head = 0
  #size = 0
  /** Dropped after the last waiting event. */
  #tailHole = 0

  constructor(initialSlots = 8) {
    this.#events = Array.from({ length: initialSlots }, () => undefined)
    this.#arrivals = Array.from({ length: initialSlots }, () => 0)
    this.#holes = Array.from({ length: initialSlots }, () => 0)
  }

  get size(): number {
    return this.#size
  }

  /** The arrival number of the first waiting event; infinite when none waits. */
  get firstArrival(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : this.#arrivals[this.#head]!
  }

  /** How many were dropped just before the first waiting event. */
  get firstHole(): number {
    return this.#size === 0 ? this.#tailHole : this.#holes[this.#head]!
  }

  push(event: A, arrival: number): void {
    if (this.#size === this.#events.length) this.#grow()
    let index = this.#head + this.#size
    if (index >= this.#events.length) index -= this.#events.length
    this.#events[index] = event
    this.#arrivals[index] = arrival
    this.#holes[index] = this.#tailHole
    this.#tailHole = 0
    this.#size++
  }

  /** Takes the first waiting event. The lane must not be empty. */
  shift(): A {
    const index = this.#head
    const event = this.#events[index]!
    this.#events[index] = undefined
    this.#head = index + 1 === this.#events.length ? 0 : index + 1
    this.#size--
    return event
  }

  /** Drops the first waiting event; the hole it leaves is told before the next. */
  dropOldest(): void {
    const hole = this.firstHole + 1
    this.shift()
    if (this.#size === 0) this.#tailHole += hole
    else this.#holes[this.#head] = this.#holes[this.#head]! + hole
  }

  /** Notes that arriving events were not taken. */
  dropNewest(count = 1): void {
    this.#tailHole += count
  }

  /** Forgets what was dropped after the last waiting event, once it has been told. */
  clearTailHole(): void {
    this.#tailHole = 0
  }

  /** The waiting events, first to last; the lane stays as it is. */
  toArray(): Array<A> {
    return Array.from({ length: this.#size }, (_, offset) => this.#events[this.#slot(offset)]!)
  }

  /** Keeps only the events whose offset is in `kept` (ascending), each replaced by what `kept` gives for it. */
  replace(kept: ReadonlyArray<{ readonly offset: number; readonly event: A }>): void {
    const next = kept.map(({ offset, event }) => ({ event, arrival: this.#arrivals[this.#slot(offset)]! }))
    const hole = this.firstHole
    this.clear()
    this.#tailHole = hole
    for (const each of next) this.push(each.event, each.arrival)
  }

  /** Empties the lane, holes included. */
  clear(): void {
    while (this.#size > 0) this.shift()
    this.#tailHole = 0
  }

  #slot(offset: number): number {
    return (this.#head + offset) % this.#events.length
  }

  #grow(): void {
    const slots = this.#events.length
    const order = Array.from({ length: slots }, (_, offset) => this.#slot(offset))
    const empty = <B>(filler: B): Array<B> => Array.from({ length: slots }, () => filler)
    this.#events = [...order.map((index) => this.#events[index]), ...empty(undefined)]
    this.#arrivals = [...order.map((index) => this.#arrivals[index]!), ...empty(0)]
    this.#holes = [...order.map((index) => this.#holes[index]!), ...empty(0)]
    this.#head = 0
  }
}
