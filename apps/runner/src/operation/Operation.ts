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
import * as Metrics from "../metrics/Metrics.ts"
import type { Failed } from "../process/exit.ts"
import type { Instance } from "./Instance.ts"
import type { Parts } from "./Parts.ts"

export interface Operation {
  /** Gives up what could not be let out by the deadline, and fails then. */
  readonly end: (deadline: Duration.Input) => Effect.Effect<void, Failed>
}

/** Whether anything of it is configured: without it nobody listens to the bus. */
export const isWanted = (entries: OperationEntries): boolean => Object.keys(entries).length > 0

/** Whether the delays of events are measured: for the metrics, which the API shows too. */
export const isMeasured = ({ http, metrics }: OperationEntries): boolean => http !== undefined || metrics !== undefined

export const open = (instance: Instance, entries: OperationEntries): Effect.Effect<Operation, Failed, Scope.Scope> =>
  Effect.gen(function* () {
    const parts: { -readonly [Part in keyof Parts]: Parts[Part] } = {}
    if (instance.latency !== undefined) {
      parts.metrics = yield* Metrics.open(
        instance,
        instance.latency,
        entries.metrics ?? MetricsEntry.defaults,
        () => parts
      )
    }
    return { end: () => Effect.void }
  })
