/** `tidewire query`: what a store says to a statement that reads. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { defaultFormat } from "../output/Output.ts"
import * as Rows from "../output/rows.ts"
import * as Standard from "../output/standard.ts"
import { Failed } from "../process/exit.ts"
import * as Signals from "../process/signals.ts"
import { type Asking, BadStatement } from "../store/Answer.ts"
import * as DuckDbAsking from "../store/duckdb/asking.ts"
import * as Source from "../store/source.ts"
import * as CommandLine from "./commandLine.ts"

export interface Flags extends Source.Flags {
  readonly sql: string
  readonly format: Rows.RowFormat | undefined
}

const TELL_EVERY = Duration.seconds(5)

export const query = Effect.fnUntraced(function* ({ format, sql, ...flags }: Flags) {
  const asking = yield* open(yield* Source.find(flags))
  const signal = yield* Signals.stopRequested
  const answered = Effect.gen(function* () {
    const answer = yield* asking.ask(sql)
    const rows = Rows.writer(format ?? (defaultFormat() === "table" ? "table" : "ndjson"), answer.columns)
    yield* out(rows.begin())
    for (let some = yield* answer.next; some !== undefined; some = yield* answer.next) yield* out(rows.rows(some))
    yield* out(rows.end())
    yield* Standard.flushed
  }).pipe(Effect.mapError(described))
  const stopped = Effect.flatMap(signal, (name) =>
    Effect.fail(new Failed({ message: `${name}: the query is given up` }))
  )
  yield* Effect.raceFirst(answered, Effect.raceFirst(stopped, telling(asking.progress)))
}, Effect.scoped)

const open = (source: Source.Source): Effect.Effect<Asking> =>
  source.kind === "duckdb"
    ? Effect.succeed(DuckDbAsking.make(source.folder))
    : Effect.map(
        Effect.promise(() => import("../store/postgres/asking.ts")),
        (module) => module.make(source)
      )

/** How far it is, while it takes long; never ends. */
export const telling = (progress: () => number | undefined): Effect.Effect<never> =>
  Effect.forever(
    Effect.delay(
      Effect.suspend(() => {
        const percent = progress()
        return Effect.annotateLogs(
          Effect.logInfo("reading"),
          percent === undefined ? {} : { percent: Math.round(percent) }
        )
      }),
      TELL_EVERY
    )
  )

export const described = (error: { readonly message: string }) =>
  error instanceof BadStatement
    ? CommandLine.bad([{ path: "SQL", message: error.message.trimEnd() }])
    : error instanceof Failed
      ? error
      : new Failed({ message: `the store cannot be read: ${error.message}` })

const out = (text: string): Effect.Effect<void> =>
  Effect.suspend(() => (text === "" || Standard.write(text) ? Effect.void : Standard.drained))
