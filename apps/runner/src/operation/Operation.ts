/**
 * What operates a session beside its streams: the store, the API, the metrics and the alerts that its configuration has.
 *
 * Guarantees: all of it hears events from the bus, none of it holds one up; what cannot be opened fails the start, with the
 * reason; `end` lets out what is kept, after the last event.
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { OperationEntries } from "../configuration/OperationEntries.ts"
import * as ApiServer from "../http/ApiServer.ts"
import type { Failed } from "../process/exit.ts"
import type { Instance } from "./Instance.ts"
import type { Parts } from "./Parts.ts"

export interface Operation {
  /** Gives up what could not be let out by the deadline, and fails then. */
  readonly end: (deadline: Duration.Input) => Effect.Effect<void, Failed>
}

/** Whether anything of it is configured: without it nobody listens to the bus. */
export const isWanted = (entries: OperationEntries): boolean => Object.keys(entries).length > 0

export const open = (instance: Instance, { http }: OperationEntries): Effect.Effect<Operation, Failed, Scope.Scope> =>
  Effect.gen(function* () {
    const parts: Parts = {}
    const api = http === undefined ? undefined : yield* ApiServer.open(instance, parts, http)
    return { end: (deadline) => api?.end(deadline) ?? Effect.void }
  })
