/**
 * What operates a session beside its streams: the store, the API, the metrics and the alerts that its configuration has.
 *
 * Guarantees: all of it hears events from the bus, none of it holds one up; what cannot be opened fails the start, with the
 * reason; `end` lets out what is kept, after the last event.
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as MetricsEntry from "../configuration/MetricsEntry.ts"
import type { OperationEntries } from "../configuration/OperationEntries.ts"
import * as ApiServer from "../http/ApiServer.ts"
import * as Metrics from "../metrics/Metrics.ts"
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

/** Whether the delays of events are measured: for the metrics, which the API shows too, and for alerts about them. */
export const isMeasured = ({ alerts, http, metrics }: OperationEntries): boolean =>
  http !== undefined || metrics !== undefined || alerts?.rules.some(({ on }) => on === "latency") === true

export const open = (instance: Instance, entries: OperationEntries): Effect.Effect<Operation, Failed, Scope.Scope> =>
  Effect.gen(function* () {
    const { alerts, http, metrics = MetricsEntry.defaults, store } = entries
    const parts: { -readonly [Part in keyof Parts]: Parts[Part] } = {}
    if (instance.latency !== undefined) {
      parts.metrics = yield* Metrics.open(instance, instance.latency, metrics, () => parts)
    }
    const stored = store === undefined ? undefined : yield* OpenStore.open(store, instance)
    if (stored !== undefined) parts.store = stored
    if (alerts !== undefined) parts.alerts = yield* Alerts.open(alerts, instance, parts)
    const api = http === undefined ? undefined : yield* ApiServer.open(instance, parts, http)
    return {
      end: (deadline) =>
        Effect.all([api?.end(deadline) ?? Effect.void, stored?.end(deadline) ?? Effect.void], {
          concurrency: "unbounded",
          discard: true
        })
    }
  })
