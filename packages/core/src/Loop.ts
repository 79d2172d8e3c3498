/**
 * A watch of a client: a loop over the events of one stream of its own, as an async iterable, with a handler, or as a
 * `Stream` of Effect. It begins when it is first asked for an event.
 *
 * Guarantees: the order and the bounds of `MarketStream`; at most `maxIterations` events, after which the sockets close;
 * after `stop` what waits is still given, for 5 s at most, then the loop ends; a loop that nobody comes back to is closed
 * all the same. It runs once.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as SubscriptionRef from "effect/SubscriptionRef"
import { type Event, isMarketEvent, type StreamEvent } from "./Event.ts"
import * as EventIterator from "./EventIterator.ts"
import type { MarketStream } from "./MarketStream.ts"
import type { BookView } from "./OrderBook.ts"
import type { StreamError } from "./StreamRequest.ts"

export interface LoopOptions {
  /** How many events there are to be; no end unless it is given. */
  readonly maxIterations?: number
  /** Hears, in their place, of gaps and states, which are not among the loop's own events. Must not throw. */
  readonly onState?: (event: StreamEvent) => void
}

export interface LoopStatus {
  readonly state: "idle" | "running" | "ended"
  /** Events that the loop was given. */
  readonly iterations: number
  /** Subscriptions, and those of them that the venue has confirmed and delivers. */
  readonly streams: { readonly total: number; readonly active: number }
  readonly connections: { readonly total: number; readonly active: number }
  /** Gaps that the loop was told, repaired ones among them. */
  readonly gaps: number
  /** Sessions that began after a loss. */
  readonly reconnects: number
  /** Epoch ms of the latest market event; `undefined` before the first. */
  readonly lastEventTime: number | undefined
}

/** What a loop needs of the client that it belongs to. */
export interface LoopSource<E extends Event> extends LoopOptions {
  readonly open: Effect.Effect<MarketStream, StreamError, Scope.Scope>
  /** How many subscriptions it has. */
  readonly total: number
  readonly isWanted: (event: Event) => event is E
  readonly onStart: (loop: Loop<Event>) => void
  readonly onEnd: (loop: Loop<Event>) => void
}

export class Loop<out E extends Event> implements AsyncIterable<E> {
  readonly #source: LoopSource<E>
  readonly #aborter = new AbortController()
  readonly #active = new Set<string>()
  #state: LoopStatus["state"] = "idle"
  #iterations = 0
  #gaps = 0
  #lastEventTime: number | undefined
  #stream: MarketStream | undefined
  readonly #closed = Promise.withResolvers<void>()
  #isUsed = false

  constructor(source: LoopSource<E>) {
    const { maxIterations } = source
    if (maxIterations !== undefined && !(Number.isSafeInteger(maxIterations) && maxIterations > 0)) {
      throw new RangeError(`maxIterations is a whole number above 0, not ${maxIterations}`)
    }
    this.#source = source
  }

  [Symbol.asyncIterator](): AsyncIterator<E, undefined> {
    if (this.#isUsed) throw new Error("a loop runs once; watch again for another")
    this.#isUsed = true
    const events = this.#events()
    return {
      next: () => events.next(),
      return: async () => {
        // a pull that waits keeps a generator from returning
        this.stop()
        return events.return(undefined)
      }
    }
  }

  /** The same as a `Stream`; leaving it closes the sockets. */
  get stream(): Stream.Stream<E, StreamError> {
    return Stream.suspend(() => Stream.fromAsyncIterable(this, (error) => error)).pipe(
      Stream.catch((error) => (isStreamError(error) ? Stream.fail(error) : Stream.die(error)))
    )
  }

  /**
   * Calls `handle` for each event, one after the other; gives how many there were when the loop has ended. What it
   * throws ends the loop and is thrown on.
   */
  async run(handle: (event: E) => void | Promise<void>): Promise<number> {
    for await (const event of this) {
      const busy = handle(event)
      if (busy !== undefined) await busy
    }
    return this.#iterations
  }

  /** Ends the loop: no more is taken in, what waits is given. */
  stop(): void {
    this.#aborter.abort()
  }

  /** Stops, and waits until the sockets are closed and what waited has been given. */
  async close(): Promise<void> {
    this.stop()
    if (this.#state === "running") await this.#closed.promise
  }

  /** The checked book of a symbol; `undefined` before the loop runs and where no book is watched. */
  book(symbol: string): BookView | undefined {
    return this.#stream?.feed.book(symbol)
  }

  status(): LoopStatus {
    const isRunning = this.#state === "running"
    const feed = this.#stream?.feed
    const connections = feed === undefined ? [] : [...SubscriptionRef.getUnsafe(feed.states).values()]
    return {
      state: this.#state,
      iterations: this.#iterations,
      streams: { total: this.#source.total, active: isRunning ? this.#active.size : 0 },
      connections: {
        total: connections.length,
        active: isRunning ? connections.filter(({ state }) => state === "Active").length : 0
      },
      gaps: this.#gaps,
      reconnects: feed?.counts().reconnects ?? 0,
      lastEventTime: this.#lastEventTime
    }
  }

  async *#events(): AsyncGenerator<E, undefined> {
    const { isWanted, maxIterations = Infinity, onStart, open } = this.#source
    const opening = Effect.addFinalizer(() => Effect.sync(() => this.#end())).pipe(
      Effect.andThen(open),
      Effect.tap((stream) => Effect.sync(() => (this.#stream = stream)))
    )
    onStart(this)
    this.#state = "running"
    try {
      for await (const event of EventIterator.iterate(opening, this.#aborter.signal)) {
        this.#look(event)
        if (!isWanted(event)) continue
        this.#iterations++
        yield event
        if (this.#iterations >= maxIterations) return
      }
    } finally {
      this.#end()
    }
  }

  #end(): void {
    if (this.#state === "ended") return
    this.#state = "ended"
    this.#closed.resolve()
    this.#source.onEnd(this)
  }

  #look(event: Event): void {
    if (isMarketEvent(event)) {
      this.#lastEventTime = event.receivedTime
      return
    }
    if (event.type === "gap") this.#gaps++
    if (event.type === "subscription") {
      const key = `${event.symbol} ${event.channel}`
      if (event.state === "live" || event.state === "quiet") this.#active.add(key)
      else this.#active.delete(key)
    }
    this.#source.onState?.(event)
  }
}

/** Anything else is a mistake of the program, a watch of a closed client for one. */
const isStreamError = (error: unknown): error is StreamError => error instanceof Error && "_tag" in error
