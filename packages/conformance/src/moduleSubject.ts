/**
 * A subject made of what an adapter package exports as `adapter` and of an exchange with base URLs: the adapter is
 * configured as the runner does it, on `ws` sockets and `fetch`, under a name that is not its venue's id.
 */
import { ConnectionOptions, type VenueAdapter, WsSocket } from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import type * as Scope from "effect/Scope"
import type { Exchange } from "./Exchange.ts"
import type { Subject } from "./Subject.ts"

/** An exchange under control, and where an adapter finds it. */
export interface Served<Endpoints> {
  readonly exchange: Exchange
  readonly endpoints: Partial<Endpoints>
}

const transport = Layer.merge(WsSocket.layer, FetchHttpClient.layer)

export const moduleSubject = <Endpoints, Options>(
  module: VenueAdapter.AdapterModule<Endpoints, Options>,
  venue: string,
  setting: {
    /** A fresh exchange, until the scope closes. */
    readonly serve: Effect.Effect<Served<Endpoints>, unknown, Scope.Scope>
    readonly options: Options
  } & Pick<Subject, "skip" | "patience" | "trading">
): Subject => {
  const { options, serve, ...excuses } = setting
  return {
    ...excuses,
    capabilities: module.capabilities(venue),
    open: (connection) =>
      Effect.gen(function* () {
        const { endpoints, exchange } = yield* serve
        const adapter = yield* module.make({
          venue,
          name: `certified ${venue}`,
          environment: module.environments[0] ?? "mainnet",
          endpoints,
          options,
          connection: { ...ConnectionOptions.defaults, ...connection }
        })
        return { adapter, exchange }
      }).pipe(Effect.provide(transport))
  }
}
