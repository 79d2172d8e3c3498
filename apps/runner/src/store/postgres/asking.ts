/** Statements that read a PostgreSQL store: one at a time, in a transaction that is READ ONLY. */
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { type Answer, type Asking, BadStatement, plain } from "../Answer.ts"
import type { StoreError } from "../Store.ts"
import * as Client from "./client.ts"

/** What reads. COPY, DO and the like are refused before the database sees them: a READ ONLY transaction may write files. */
const READS = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/|\()*(?:select|with|values|table|explain|show)\b/i

export const make = (options: Client.Options): Asking => ({
  progress: () => undefined,
  ask: (sql) =>
    Effect.gen(function* () {
      if (!READS.test(sql)) {
        return yield* new BadStatement({
          message: "this statement does not only read; expected SELECT, WITH, VALUES, TABLE, EXPLAIN or SHOW"
        })
      }
      const client = yield* Client.open({ ...options, readOnly: true })
      // whether the database is there at all is no matter of the statement
      yield* Effect.mapError(client.unsafe("SELECT 1"), Client.describe(options.url))
      const scope = yield* Effect.scope
      const rows = client
        .unsafe<Readonly<Record<string, unknown>>>(sql)
        .stream.pipe(
          Stream.mapError((error): BadStatement | StoreError => new BadStatement({ message: Client.deepest(error) }))
        )
      const pull = yield* Scope.provide(Stream.toPull(rows), scope)
      const read = pull.pipe(
        Effect.map((chunk): ReadonlyArray<Readonly<Record<string, unknown>>> | undefined => chunk),
        Effect.catch((error) => (error instanceof BadStatement ? Effect.fail(error) : Effect.succeed(undefined)))
      )
      const first = yield* read
      const columns = Object.keys(first?.[0] ?? {})
      let isFirst = true
      const next = Effect.suspend(() => {
        if (!isFirst) return read
        isFirst = false
        return Effect.succeed(first)
      })
      return {
        columns,
        next: Effect.map(next, (found) => found?.map((row) => columns.map((column) => plain(row[column]))))
      } satisfies Answer
    })
})
