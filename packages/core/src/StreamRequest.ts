/**
 * What a venue entry of a configuration file says, as a program says it, and the stream that it asks for.
 *
 * Guarantees: nothing is connected before everything in it has been read; what an adapter does not know fails with a
 * typed error that has the nearest spellings. Those errors are `RangeError`s as well.
 */
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import type { HttpClient } from "effect/http/HttpClient"
import type * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Channel from "./Channel.ts"
import * as ConnectionOptions from "./ConnectionOptions.ts"
import * as MarketStream from "./MarketStream.ts"
import * as Polling from "./Polling.ts"
import * as QueueOptions from "./QueueOptions.ts"
import type { SocketDriver } from "./Socket.ts"
import * as Spelling from "./Spelling.ts"
import type { Subscription } from "./Subscription.ts"
import type { Transport } from "./Transport.ts"
import type { AdapterModule } from "./VenueAdapter.ts"
import type { VenueError } from "./VenueError.ts"
import * as WsSocket from "./WsSocket.ts"

/** Everything of a request but what is wanted of the venue. */
export interface VenueRequest {
  readonly venue: string
  /** The adapter's first unless something else is given. */
  readonly environment?: string
  /** What events carry as `venue`; the venue id unless something else is given. */
  readonly name?: string
  readonly endpoints?: Readonly<Record<string, unknown>>
  /** The adapter's own options, credentials among them where it takes some. */
  readonly options?: Readonly<Record<string, unknown>>
  readonly connection?: (typeof ConnectionOptions.ConnectionOptions)["Encoded"]
  readonly queue?: (typeof QueueOptions.QueueOptions)["Encoded"]
  /** How what is wanted is carried; over the venue's socket unless something else is given. */
  readonly transport?: Transport
  /** What carries the sockets; `ws` unless something else is given, e.g. `WsSocket.layerWith({ agent })` for a proxy. */
  readonly driver?: Layer.Layer<SocketDriver>
  /** What carries the requests beside (instruments, snapshots, history); `fetch` unless something else is given. */
  readonly http?: Layer.Layer<HttpClient>
}

export interface StreamRequest extends VenueRequest {
  /** Symbols in the venue's own spelling, in any case. */
  readonly symbols: ReadonlyArray<string>
  readonly channels: ReadonlyArray<string>
}

/** The adapter does not serve this venue. */
export class UnknownVenue extends RangeError {
  readonly _tag = "UnknownVenue"
  readonly given: string
  readonly known: ReadonlyArray<string>
  /** The known ones that are spelled nearly so, nearest first. */
  readonly nearest: ReadonlyArray<string>

  constructor(adapter: string, given: string, known: ReadonlyArray<string>) {
    super(`${adapter} serves ${known.join(", ")}, not ${given}${Spelling.hint(given, known)}`)
    this.given = given
    this.known = known
    this.nearest = Spelling.nearest(given, known)
  }
}

/** There is no such channel. */
export class UnknownChannel extends RangeError {
  readonly _tag = "UnknownChannel"
  readonly given: string
  readonly expected: ReadonlyArray<string>

  constructor(given: string, expected: ReadonlyArray<string>) {
    const hint = Spelling.hint(given, expected)
    super(`unknown channel ${JSON.stringify(given)}${hint}, expected one of ${expected.join(", ")}`)
    this.given = given
    this.expected = expected
  }
}

/** Why a stream could not be opened; `SchemaError` for endpoints and options that do not fit. */
export type StreamError = UnknownVenue | UnknownChannel | Schema.SchemaError | VenueError

/** Fails when the adapter does not serve the venue. */
export const checkVenue = (
  adapter: { readonly name: string; readonly venues: ReadonlyArray<string> },
  venue: string
): Effect.Effect<void, UnknownVenue> =>
  adapter.venues.includes(venue) ? Effect.void : Effect.fail(new UnknownVenue(adapter.name, venue, adapter.venues))

/** The subscriptions of a request: every channel of every symbol. */
export const subscriptions = (
  request: Pick<StreamRequest, "symbols" | "channels" | "transport">
): Effect.Effect<ReadonlyArray<Subscription>, UnknownChannel> =>
  Effect.forEach(request.channels, (text) => {
    const parsed = Channel.parse(text)
    if (parsed._tag === "Invalid") return Effect.fail(new UnknownChannel(text, parsed.expected))
    const { channel } = parsed
    const transport = request.transport === undefined ? {} : { transport: request.transport }
    return Effect.succeed(request.symbols.map((symbol) => ({ symbol: symbol.toUpperCase(), channel, ...transport })))
  }).pipe(Effect.map((each) => each.flat()))

/** Opens the stream; it ends with the scope. */
export const open = <Endpoints, Options>(
  adapter: AdapterModule<Endpoints, Options>,
  request: StreamRequest
): Effect.Effect<MarketStream.MarketStream, StreamError, Scope.Scope> =>
  Effect.gen(function* () {
    const wanted = yield* subscriptions(request)
    yield* checkVenue(adapter, request.venue)
    const connection = yield* Schema.decodeUnknownEffect(ConnectionOptions.ConnectionOptions)(request.connection ?? {})
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
    return yield* MarketStream.open(carried, wanted, queue)
  }).pipe(Effect.provide([request.driver ?? WsSocket.layer, request.http ?? FetchHttpClient.layer]))
