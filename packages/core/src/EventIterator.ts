/**
 * A stream of events for people who do not know Effect: an `AsyncIterable` with the guarantees of `MarketStream`.
 *
 * Guarantees: while the loop's body runs, events wait in the bounded queues and their policies apply; leaving the loop
 * (`break`, `return`, a throw) closes the sockets; the events of one turn of the event loop come without waiting.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import type { HttpClient } from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import * as Channel from "./Channel.ts"
import * as ConnectionOptions from "./ConnectionOptions.ts"
import type { Event } from "./Event.ts"
import * as MarketStream from "./MarketStream.ts"
import * as Polling from "./Polling.ts"
import * as QueueOptions from "./QueueOptions.ts"
import type { SocketDriver } from "./Socket.ts"
import * as Spelling from "./Spelling.ts"
import type { Subscription } from "./Subscription.ts"
import type { Transport } from "./Transport.ts"
import type { AdapterModule } from "./VenueAdapter.ts"
import * as WsSocket from "./WsSocket.ts"

/** What a venue entry of a configuration file says, as a program says it. */
export interface StreamRequest {
  readonly venue: string
  readonly environment?: string
  readonly name?: string
  readonly endpoints?: Readonly<Record<string, unknown>>
  readonly options?: Readonly<Record<string, unknown>>
  readonly connection?: (typeof ConnectionOptions.ConnectionOptions)["Encoded"]
  readonly queue?: (typeof QueueOptions.QueueOptions)["Encoded"]
  /** Symbols in the venue's own spelling, in any case. */
  readonly symbols: ReadonlyArray<string>
  readonly channels: ReadonlyArray<string>
  /** How they are carried; over the venue's socket unless something else is given. */
  readonly transport?: Transport
  /** What carries the sockets; `ws` unless something else is given, e.g. `WsSocket.layerWith({ agent })` for a proxy. */
  readonly driver?: Layer.Layer<SocketDriver>
  /** What carries the requests beside (instruments, snapshots, history); `fetch` unless something else is given. */
  readonly http?: Layer.Layer<HttpClient>
}

/** Events that one turn of the event loop may hand over beyond the queues. */
const TURN_CAPACITY = 65_536

/**
 * Opens a stream at the first pull. Throws a `RangeError` for a venue, channel or option that the adapter does not know.
 */
export async function* events<Endpoints, Options>(
  adapter: AdapterModule<Endpoints, Options>,
  request: StreamRequest
): AsyncGenerator<Event, void, undefined> {
  const subscriptions = readSubscriptions(request)
  if (!adapter.venues.includes(request.venue)) {
    const hint = Spelling.hint(request.venue, adapter.venues)
    throw new RangeError(`${adapter.name} serves ${adapter.venues.join(", ")}, not ${request.venue}${hint}`)
  }
  const scope = Scope.makeUnsafe()
  const turn = new Turn()
  try {
    const stream = await Effect.runPromise(
      Effect.gen(function* () {
        const connection = yield* Schema.decodeUnknownEffect(ConnectionOptions.ConnectionOptions)(
          request.connection ?? {}
        )
        const venue = yield* adapter.make({
          venue: request.venue,
          name: request.name ?? request.venue,
          environment: request.environment ?? adapter.environments[0] ?? "mainnet",
          endpoints: yield* Schema.decodeUnknownEffect(adapter.endpoints)(request.endpoints ?? {}),
          options: yield* Schema.decodeUnknownEffect(adapter.options)(request.options ?? {}),
          connection
        })
        const queue = yield* Schema.decodeUnknownEffect(QueueOptions.QueueOptions)(request.queue ?? {})
        const carried = request.transport === "polling" ? Polling.over(venue, connection) : venue
        return yield* MarketStream.open(carried, subscriptions, queue)
      }).pipe(
        Effect.provide([request.driver ?? WsSocket.layer, request.http ?? FetchHttpClient.layer]),
        Scope.provide(scope)
      )
    )
    const consumer = Effect.runFork(stream.consume(turn.offer))
    consumer.addObserver((exit) => turn.end(exit))
    try {
      while (true) {
        const event = turn.shift()
        if (event !== undefined) yield event
        else if (!(await turn.next())) return
      }
    } finally {
      await Effect.runPromise(Fiber.interrupt(consumer))
    }
  } finally {
    await Effect.runPromise(Scope.close(scope, Exit.void))
  }
}

const readSubscriptions = (request: StreamRequest): ReadonlyArray<Subscription> =>
  request.channels.flatMap((text) => {
    const parsed = Channel.parse(text)
    if (parsed._tag === "Invalid") {
      const hint = Spelling.hint(text, parsed.expected)
      throw new RangeError(
        `unknown channel ${JSON.stringify(text)}${hint}, expected one of ${parsed.expected.join(", ")}`
      )
    }
    const transport = request.transport === undefined ? {} : { transport: request.transport }
    return request.symbols.map((symbol) => ({ symbol: symbol.toUpperCase(), channel: parsed.channel, ...transport }))
  })

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
    if (Exit.isFailure(exit)) this.#failure = exit.cause
    this.#wake?.(this.#events.length > 0)
  }
}
