/**
 * A worker's events on their way out: gathered for as long as a turn of the event loop lasts, posted as one batch.
 *
 * Guarantees: never more than `MOST_IN_FLIGHT` batches that the main thread has not taken, of `MOST_EVENTS` events each,
 * and one that is being gathered; when that is full, whoever adds is asked to wait, so that the queues before it fill, and
 * their policies apply.
 */
import type { Event } from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import { type EventBatch, EventBatchWriter } from "./EventBatch.ts"

export const MOST_IN_FLIGHT = 4
export const MOST_EVENTS = 1_024

export class Outbox {
  readonly #writer: EventBatchWriter
  readonly #post: (batch: EventBatch) => void
  readonly #later: (flush: () => void) => void
  /** Open while there is room for another event. */
  readonly #room = Latch.makeUnsafe(true)
  #inFlight = 0
  #isAsked = false

  /** `later` calls at the end of the turn. */
  constructor(venue: string, post: (batch: EventBatch) => void, later: (flush: () => void) => void) {
    this.#writer = new EventBatchWriter(venue)
    this.#post = post
    this.#later = later
  }

  /** Takes an event; gives what is to be waited for before the next. */
  readonly add = (event: Event.Event): Effect.Effect<void> | undefined => {
    this.#writer.add(event)
    if (this.#writer.events >= MOST_EVENTS) this.#flush()
    else if (!this.#isAsked) {
      this.#isAsked = true
      this.#later(this.#turnIsOver)
    }
    if (this.#writer.events < MOST_EVENTS) return undefined
    this.#room.closeUnsafe()
    return this.#room.await
  }

  /** The main thread has delivered a batch. */
  taken(): void {
    this.#inFlight--
    this.#flush()
    if (this.#writer.events < MOST_EVENTS) this.#room.openUnsafe()
  }

  /** Everything has been posted. */
  get isEmpty(): boolean {
    return this.#writer.events === 0
  }

  readonly #turnIsOver = (): void => {
    this.#isAsked = false
    this.#flush()
  }

  #flush(): void {
    if (this.#writer.events === 0 || this.#inFlight >= MOST_IN_FLIGHT) return
    this.#inFlight++
    this.#post(this.#writer.take())
  }
}
