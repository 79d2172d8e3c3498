/**
 * A stream of events for people who do not know Effect: an `AsyncIterable` with the guarantees of `MarketStream`.
 *
 * Guarantees: while the loop's body runs, events wait in the bounded queues and their policies apply; leaving the loop
 * (`break`, `return`, a throw) closes the sockets; the events of one turn of the event loop come without waiting; a
 * signal that is aborted stops the stream, and what waits is given to the loop for `DRAIN_WITHIN` before it ends.
 */
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import type { Event } from "./Event.ts"
import type { MarketStream } from "./MarketStream.ts"
import * as Request from "./StreamRequest.ts"
import type { AdapterModule } from "./VenueAdapter.ts"

export interface StreamRequest extends Request.StreamRequest {
  /** Stops the stream from outside of the loop. */
  readonly signal?: AbortSignal
}

/** Events that one turn of the event loop may hand over beyond the queues. */
const TURN_CAPACITY = 65_536

/** How long a loop that is stopped may go on with what waits. */
const DRAIN_WITHIN = Duration.seconds(5)

/**
 * Opens a stream at the first pull. Throws a `RangeError` for a venue, channel or option that the adapter does not know.
 */
export const events = <Endpoints, Options>(
  adapter: AdapterModule<Endpoints, Options>,
  request: StreamRequest
): AsyncGenerator<Event, void, undefined> => iterate(Request.open(adapter, request), request.signal)

/** The events of a stream that is opened at the first pull. */
export async function* iterate(
  opening: Effect.Effect<MarketStream, unknown, Scope.Scope>,
  signal?: AbortSignal
): AsyncGenerator<Event, void, undefined> {
  const isAborted = (): boolean => signal?.aborted === true
  if (isAborted()) return
  const scope = Scope.makeUnsafe()
  const turn = new Turn()
  let stopping: Fiber.Fiber<void> | undefined
  try {
    const opened = await Effect.runPromiseExit(Scope.provide(opening, scope), signal && { signal })
    if (Exit.isFailure(opened)) {
      if (isAborted()) return
      throw Cause.squash(opened.cause)
    }
    const stream = opened.value
    const consumer = Effect.runFork(stream.consume(turn.offer))
    consumer.addObserver((exit) => turn.end(exit))
    const stop = (): void => {
      const drain = stream.stop(DRAIN_WITHIN).pipe(Effect.andThen(() => Effect.sync(() => turn.end(Exit.void))))
      // a loop that never comes back keeps nothing open
      const giveUp = Effect.delay(Scope.close(scope, Exit.void), DRAIN_WITHIN)
      stopping = Effect.runFork(Effect.all([drain, giveUp], { concurrency: 2, discard: true }))
    }
    if (isAborted()) stop()
    else signal?.addEventListener("abort", stop, { once: true })
    try {
      while (true) {
        const event = turn.shift()
        if (event !== undefined) yield event
        else if (!(await turn.next())) return
      }
    } finally {
      signal?.removeEventListener("abort", stop)
      await Effect.runPromise(Fiber.interrupt(consumer))
    }
  } finally {
    if (stopping !== undefined) await Effect.runPromise(Fiber.interrupt(stopping))
    await Effect.runPromise(Scope.close(scope, Exit.void))
  }
}

/**
 * What is handed over while the loop waits for its turn. The loop's own pace is felt by the queues: once it has begun to
 * take, nothing more is handed over until it asks again.
 */
class Turn {
  #events: Array<Event> = []
  #taken = 0
  /** Resolves the loop's wait. */
  #wake: ((more: boolean) => void) | undefined
  /** Lets the consumer go on. */
  #ask: Deferred.Deferred<void> | undefined
  #isOpen = false
  #failure: unknown
  #hasEnded = false

  readonly offer = (event: Event): Effect.Effect<void> | undefined => {
    this.#events.push(event)
    if (this.#wake !== undefined) {
      const wake = this.#wake
      this.#wake = undefined
      wake(true)
      // from here to the loop's turn everything still goes in
      queueMicrotask(() => (this.#isOpen = false))
    }
    if (this.#isOpen && this.#events.length < TURN_CAPACITY) return undefined
    this.#ask = Deferred.makeUnsafe<void>()
    return Deferred.await(this.#ask)
  }

  shift(): Event | undefined {
    if (this.#taken < this.#events.length) return this.#events[this.#taken++]
    this.#events = []
    this.#taken = 0
    return undefined
  }

  next(): Promise<boolean> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    if (this.#hasEnded) return Promise.resolve(false)
    return new Promise((resolve) => {
      this.#wake = resolve
      this.#isOpen = true
      const ask = this.#ask
      this.#ask = undefined
      if (ask !== undefined) Deferred.doneUnsafe(ask, Effect.void)
    })
  }

  end(exit: Exit.Exit<void>): void {
    this.#hasEnded = true
    if (Exit.isFailure(exit)) this.#failure = Cause.squash(exit.cause)
    this.#wake?.(this.#events.length > 0)
  }
}
