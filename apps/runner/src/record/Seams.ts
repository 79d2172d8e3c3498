/**
 * Where the world enters a venue's adapter: its sockets and its requests. A recording listens there, a replay stands there
 * instead of the world.
 */
import { Socket } from "@tidewire/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"

export interface Seams {
  /** What the adapter of a venue (by its configured name) is given instead. */
  readonly driver: (venue: string, driver: Socket.SocketDriver["Service"]) => Socket.SocketDriver["Service"]
  readonly client: (venue: string, client: HttpClient.HttpClient) => HttpClient.HttpClient
}

/** Of this run; `undefined` where the world enters as it is. */
export const current: Context.Reference<Seams | undefined> = Context.Reference("@tidewire/runner/Seams", {
  defaultValue: (): Seams | undefined => undefined
})

/** Makes a venue's adapter with what stands at the seams. */
export const through = <A, E, R>(
  making: Effect.Effect<A, E, R | Socket.SocketDriver | HttpClient.HttpClient>,
  venue: string
): Effect.Effect<A, E, R | Socket.SocketDriver | HttpClient.HttpClient> =>
  Effect.gen(function* () {
    const seams = yield* current
    if (seams === undefined) return yield* making
    const driver = seams.driver(venue, yield* Socket.SocketDriver)
    const client = seams.client(venue, yield* HttpClient.HttpClient)
    return yield* making.pipe(
      Effect.provideService(Socket.SocketDriver, driver),
      Effect.provideService(HttpClient.HttpClient, client)
    )
  })
