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
import type { Failed } from "../process/exit.ts"
import * as Alerts from "../alerts/Alerts.ts"
import * as OpenStore from "../store/openStore.ts"
import type { Instance } from "./Instance.ts"
import type { Parts } from "./Parts.ts"

export interface Operation {
  /** Gives up what could not be let out by the deadline, and fails then. */
  readonly end: (deadline: Duration.Input) => Effect.Effect<void, Failed>
}

/** Whether anything of it is configured: without it nobody listens to the bus. */
export const isWanted = (entries: OperationEntries): boolean => Object.keys(entries).length > 0

export const open = (instance: Instance, entries: OperationEntries): Effect.Effect<Operation, Failed, Scope.Scope> =>
  Effect.gen(function* () {
    const store = entries.store === undefined ? undefined : yield* OpenStore.open(entries.store, instance)
    const parts: Parts = { ...(store !== undefined && { store }) }
    const alerts = entries.alerts === undefined ? undefined : yield* Alerts.open(entries.alerts, instance, parts)
    void alerts
    return { end: (deadline) => store?.end(deadline) ?? Effect.void }
  })
