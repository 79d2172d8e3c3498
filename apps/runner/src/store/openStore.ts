/** The store of a configuration, opened; what each kind needs is loaded only then. */
import { randomUUID } from "node:crypto"
import * as path from "node:path"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { StoreEntry } from "../configuration/StoreEntry.ts"
import type { Instance } from "../operation/Instance.ts"
import type * as Parts from "../operation/Parts.ts"
import { Failed } from "../process/exit.ts"
import * as Backfill from "./Backfill.ts"
import { Firsts } from "./Firsts.ts"
import * as Recording from "./Recording.ts"
import * as Spill from "./Spill.ts"
import type { Store, StoreError } from "./Store.ts"
import * as Tables from "./tables.ts"

const MAINTAIN_EVERY = Duration.seconds(10)

/** A hole that began so long before what is fetched is still told, if only as a gap. */
const TOLD_WITHIN = Duration.days(7)

const ASK_AGAIN = Duration.seconds(30)

export interface OpenStore extends Parts.Store {
  /** Stores what waits, after the last event. */
  readonly end: (deadline: Duration.Input) => Effect.Effect<void, Failed>
}

export const open = (
  entry: StoreEntry,
  instance: Pick<Instance, "bus" | "source" | "venues">
): Effect.Effect<OpenStore, Failed, Scope.Scope> =>
  Effect.gen(function* () {
    // relative paths are from where the configuration is
    const folder = path.dirname(path.resolve(instance.source))
    const store = yield* storeOf(entry, folder)
    const spill =
      entry.kind === "postgres" && entry.spill !== undefined
        ? yield* Spill.open({ folder: path.resolve(folder, entry.spill.folder), size: entry.spill.size })
        : undefined
    const tables = Tables.wanted(entry.channels)
    const { buffer, flushEvery, kind } = entry
    const options = { kind, writer: randomUUID(), tables, flushEvery, buffer, ...(spill !== undefined && { spill }) }
    const recording = yield* Recording.make(store, options)
    yield* Recording.listen(recording, instance.bus, tables)
    if (Duration.isGreaterThan(entry.backfillWithin, Duration.zero)) {
      const firsts = new Firsts(instance.bus)
      yield* Effect.forkScoped(backfill(instance, entry, store, { firsts, offer: (events) => recording.offer(events) }))
    }
    const maintaining = maintained(store)
    yield* Effect.forkScoped(Effect.forever(Effect.andThen(maintaining, Effect.sleep(MAINTAIN_EVERY))))
    return {
      status: recording.status,
      end: (deadline: Duration.Input) =>
        recording.end(deadline).pipe(
          Effect.mapError(({ events, message }) => new Failed({ message, context: { kind, events } })),
          Effect.andThen(Effect.ignore(Effect.timeoutOption(store.settle, deadline))),
          Effect.andThen(Effect.suspend(() => account(recording.status())))
        )
    }
  }).pipe(
    Effect.mapError((error) =>
      error instanceof Failed
        ? error
        : new Failed({ message: `the store cannot be opened: ${error.message}`, context: { kind: entry.kind } })
    )
  )

const storeOf = (entry: StoreEntry, folder: string): Effect.Effect<Store, StoreError, Scope.Scope> =>
  entry.kind === "duckdb"
    ? Effect.flatMap(
        Effect.promise(() => import("./duckdb/DuckDbStore.ts")),
        (module) => module.open(path.resolve(folder, entry.folder), entry)
      )
    : Effect.flatMap(
        Effect.promise(() => import("./postgres/PostgresStore.ts")),
        (module) => module.open(entry)
      )

/** Until it is answered. */
const asked = <A>(question: Effect.Effect<A, StoreError>): Effect.Effect<A> =>
  Effect.catch(question, ({ message }) =>
    Effect.logWarning("what earlier runs have stored is not known yet").pipe(
      Effect.annotateLogs({ reason: message }),
      Effect.andThen(Effect.sleep(ASK_AGAIN)),
      Effect.andThen(Effect.suspend(() => asked(question)))
    )
  )

/** What is not urgent, once at a time; a failure is logged when it begins, and when it is over. */
const maintained = (store: Store): Effect.Effect<void> => {
  let failure: string | undefined
  return Effect.suspend(() => store.maintain).pipe(
    Effect.tap(() =>
      Effect.suspend(() => {
        const isOver = failure !== undefined
        failure = undefined
        return isOver ? Effect.logInfo("the store is maintained again") : Effect.void
      })
    ),
    Effect.catch(({ message }) => {
      if (failure === message) return Effect.void
      failure = message
      return Effect.annotateLogs(Effect.logWarning("the store could not be maintained; nothing is lost"), {
        reason: message
      })
    })
  )
}

/** A store that is not there at the start is waited for: what earlier runs left in it is asked for, whatever this one has by then. */
const backfill = (
  { venues }: Pick<Instance, "venues">,
  { backfillWithin: within }: StoreEntry,
  store: Store,
  { firsts, offer }: { readonly firsts: Firsts; readonly offer: Recording.Recording["offer"] }
): Effect.Effect<void> =>
  Effect.gen(function* () {
    const startedAt = yield* Clock.currentTimeMillis
    const from = startedAt - Duration.toMillis(within) - Duration.toMillis(TOLD_WITHIN)
    const last = yield* asked(store.last({ from, before: startedAt }))
    yield* Backfill.mend({ venues, firsts, last, within, offer })
  }).pipe(Effect.ensuring(Effect.sync(() => firsts.stop())))

const account = ({ dropped, kind, stored, taken }: Parts.StoreStatus): Effect.Effect<void> =>
  Effect.annotateLogs(Effect.logInfo("stored"), { kind, taken, stored, dropped })
