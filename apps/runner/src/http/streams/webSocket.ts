/**
 * One who listens by a WebSocket, and says what it wants while it does.
 *
 * Events go past the library: what it would make of each message for each client is made once (`Wire`) and written to the socket as
 * whole frames; reading, pings and closing are the library's.
 */
import type { Socket as NodeSocket } from "node:net"
import { NodeHttpServerRequest } from "@effect/platform-node"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Socket from "effect/socket/Socket"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Operated } from "../Operated.ts"
import * as Refusal from "../Refusal.ts"
import * as EventFilter from "./EventFilter.ts"
import { filterOf } from "./filterOf.ts"
import { StreamClient } from "./StreamClient.ts"
import * as Wire from "./Wire.ts"

/** What one client may want at once. */
const MOST_FILTERS = 100

/** Longer messages are no commands: the connection is closed with 1009. */
export const LONGEST_MESSAGE = 16_384

const GOING_AWAY = 1001

const text = Schema.optionalKey(Schema.String)

const Command = Schema.Struct({
  op: Schema.Literals(["subscribe", "unsubscribe"]),
  venue: text,
  symbol: text,
  channel: text,
  type: text
})

const decode = Schema.decodeUnknownResult(Schema.fromJsonString(Command))

export const serve = (
  { hub, instance }: Operated,
  request: HttpServerRequest.HttpServerRequest
): Effect.Effect<HttpServerResponse.HttpServerResponse, Refusal.Refusal<"UpgradeRequired">> =>
  Effect.gen(function* () {
    const socket = yield* Effect.mapError(request.upgrade, () =>
      Refusal.of("UpgradeRequired", "this is a WebSocket; expected an upgrade")
    )
    yield* talk(hub, instance, socket, NodeHttpServerRequest.toIncomingMessage(request).socket as NodeSocket)
    return HttpServerResponse.empty()
  })

const talk = (hub: Operated["hub"], instance: Operated["instance"], socket: Socket.Socket, raw: NodeSocket) =>
  Effect.gen(function* () {
    const ended = Deferred.makeUnsafe<void>()
    const { pull } = yield* socket.reader
    const { write } = yield* socket.writer
    const client = new StreamClient(
      Wire.webSocket,
      {
        write: (bytes) => raw.destroyed || raw.write(bytes),
        end: (isStuck) => void (isStuck ? raw.destroy() : Deferred.doneUnsafe(ended, Effect.void))
      },
      []
    )
    const onDrain = () => {
      client.drained()
      hub.wake()
    }
    raw.on("drain", onDrain)
    yield* Effect.addFinalizer(() =>
      Effect.sync(() => {
        raw.off("drain", onDrain)
        hub.remove(client)
      })
    )
    hub.add(client)
    const say = (message: unknown) => {
      client.take({ bytes: Wire.textFrame(JSON.stringify(message)), events: 0 })
      hub.wake()
    }
    const hear = Effect.flatMap(pull, (messages) =>
      Effect.forEach(messages, (message) => Effect.map(obey(hub, instance, client, message), say), { discard: true })
    )
    yield* Effect.raceFirst(
      Effect.ignore(Effect.forever(hear)),
      Effect.andThen(Deferred.await(ended), Effect.ignore(write(new Socket.CloseEvent(GOING_AWAY, "it stops"))))
    )
  }).pipe(Effect.scoped, Effect.ignore)

/** Carries out a command, and gives the answer to it. */
const obey = (
  hub: Operated["hub"],
  instance: Operated["instance"],
  client: StreamClient,
  message: string | Uint8Array
): Effect.Effect<unknown> =>
  Effect.gen(function* () {
    const command = decode(message)
    if (Result.isFailure(command)) {
      const expected =
        'expected {"op":"subscribe"} or {"op":"unsubscribe"} with "venue", "symbol", "channel" and "type"'
      return yield* Effect.fail(Refusal.of("BadRequest", `this is no command; ${expected}`))
    }
    const { op, ...asked } = command.success
    const filter = yield* filterOf(asked, instance)
    const key = EventFilter.keyOf(filter)
    const others = client.filters.filter((each) => EventFilter.keyOf(each) !== key)
    if (op === "subscribe" && others.length >= MOST_FILTERS) {
      return yield* Effect.fail(
        Refusal.of("BadRequest", `a client has at most ${MOST_FILTERS} subscriptions; several words may stand in one`)
      )
    }
    hub.change(client, op === "subscribe" ? [...others, filter] : others)
    return { type: `${op}d`, filter: asked }
  }).pipe(Effect.catch(({ error }) => Effect.succeed({ type: "error", ...error })))
