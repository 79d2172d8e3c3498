/** Rows of a PostgreSQL table as lines of JSON in a file, in the order of time: a few thousand in memory at once. */
import * as fs from "node:fs/promises"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { failed, type StoreError } from "../Store.ts"
import type { Column, Table } from "../tables.ts"
import * as Client from "./client.ts"
import { quoted } from "./schema.ts"

/** As DuckDB reads it: times in UTC without a zone, amounts as texts. */
const valueOf = ({ kind, name }: Pick<Column, "kind" | "name">): string => {
  const column = quoted(name)
  if (kind === "time") return `(${column} AT TIME ZONE 'UTC') AS ${column}`
  return kind === "amount" ? `${column}::text AS ${column}` : column
}

export const write = (
  options: Client.Options,
  table: Table,
  where: string,
  file: string
): Effect.Effect<void, StoreError> =>
  Effect.gen(function* () {
    const sql = yield* Client.open({ ...options, readOnly: true })
    const columns = ["venue", ...[{ name: "time", kind: "time" } as const, ...table.columns].map(valueOf)].join(", ")
    const rows = sql.unsafe<{ readonly line: string }>(
      `SELECT row_to_json(r)::text AS line FROM (SELECT ${columns} FROM ${quoted(options.schema)}.${quoted(table.name)}${where} ORDER BY ${quoted(table.name)}.time) r`
    ).stream
    const handle = yield* Effect.acquireRelease(
      Effect.tryPromise({ try: () => fs.open(file, "w"), catch: failed(`${file} cannot be written`) }),
      (handle) => Effect.promise(() => handle.close())
    )
    yield* Stream.runForEachArray(rows, (some) =>
      Effect.tryPromise({
        try: () => handle.appendFile(some.map(({ line }) => `${line}\n`).join("")),
        catch: failed(`${file} cannot be written`)
      })
    ).pipe(Effect.mapError(Client.describe(options.url)))
  }).pipe(Effect.scoped)
