/**
 * DuckDB, loaded when it is asked for: its library is 70 MB, and who keeps nothing needs none of it. Statements run off the main
 * thread. This file is the only one that imports it.
 */
import type { DuckDBConnection, DuckDBResult } from "@duckdb/node-api"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { failed, messageOf, StoreError } from "../Store.ts"

/** Values as JSON has them: big integers and times are texts. */
export type Row = Readonly<Record<string, unknown>>

export interface Database {
  readonly connection: DuckDBConnection
  readonly run: (sql: string) => Effect.Effect<void, StoreError>
  readonly rows: (sql: string) => Effect.Effect<ReadonlyArray<Row>, StoreError>
}

export interface Options {
  /** `:memory:` unless given. */
  readonly path?: string
  readonly settings?: Readonly<Record<string, string>>
  /** Whether `connection.progress` is kept. */
  readonly progress?: boolean
}

const load = Effect.tryPromise({
  try: () => import("@duckdb/node-api"),
  catch: (cause) =>
    new StoreError({
      message: `DuckDB cannot be loaded (${messageOf(cause).split("\n")[0]}); install it beside the runner: npm install @duckdb/node-api`,
      cause
    })
})

/** Opens a database that ends with the scope. */
export const open = ({ path = ":memory:", progress = false, settings = {} }: Options = {}): Effect.Effect<
  Database,
  StoreError,
  Scope.Scope
> =>
  Effect.gen(function* () {
    const { DuckDBInstance } = yield* load
    const instance = yield* Effect.acquireRelease(
      Effect.tryPromise({
        try: () => DuckDBInstance.create(path, { ...settings }),
        catch: failed("DuckDB cannot be opened")
      }),
      (instance) => Effect.sync(() => instance.closeSync())
    )
    const connection = yield* Effect.acquireRelease(
      Effect.tryPromise({ try: () => instance.connect(), catch: failed("DuckDB cannot be opened") }),
      (connection) => Effect.sync(() => connection.closeSync())
    )
    const database = of(connection)
    if (progress) yield* database.run("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
    return database
  })

const of = (connection: DuckDBConnection): Database => {
  const attempt = <A>(ask: () => Promise<A>): Effect.Effect<A, StoreError> =>
    Effect.callback((resume) => {
      let isOver = false
      ask().then(
        (value) => {
          isOver = true
          resume(Effect.succeed(value))
        },
        (cause: unknown) => {
          isOver = true
          resume(Effect.fail(new StoreError({ message: messageOf(cause), cause })))
        }
      )
      // what is still at work would hold up the end of the process
      return Effect.sync(() => (isOver ? undefined : connection.interrupt()))
    })
  return {
    connection,
    run: (sql) => Effect.asVoid(attempt(() => connection.run(sql))),
    rows: (sql) =>
      attempt(async () => (await connection.runAndReadAll(sql)).getRowObjectsJson() as unknown as ReadonlyArray<Row>)
  }
}

export type Result = DuckDBResult

/** A text in a statement. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** A name in a statement. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
