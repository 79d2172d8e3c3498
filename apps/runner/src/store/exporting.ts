/** A selection of a table into a file: Parquet, CSV or JSON lines. The file is there when it is whole. */
import * as fs from "node:fs/promises"
import * as path from "node:path"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as DuckDb from "./duckdb/database.ts"
import * as Reading from "./duckdb/reading.ts"
import * as Select from "./duckdb/select.ts"
import * as PostgresLines from "./postgres/lines.ts"
import type { Source } from "./source.ts"
import { failed, type StoreError } from "./Store.ts"
import * as Tables from "./tables.ts"

export interface Selection {
  readonly table: Tables.Table
  readonly venue: string | undefined
  readonly symbol: string | undefined
  /** Epoch ms: from (inclusive) to (exclusive). */
  readonly from: number | undefined
  readonly to: number | undefined
}

export const formats = {
  ".parquet": Select.parquet,
  ".csv": "FORMAT csv, HEADER",
  ".ndjson": "FORMAT json"
} as const
export type Extension = keyof typeof formats

export interface Written {
  readonly rows: number
  readonly bytes: number
}

/** `progress` is told what asks, as soon as it does. */
export const write = (
  source: Source,
  selection: Selection,
  out: string,
  progress: (read: () => number | undefined) => void
): Effect.Effect<Written, StoreError> =>
  Effect.gen(function* () {
    const extension = path.extname(out).toLowerCase() as Extension
    const temporary = yield* Effect.acquireRelease(Effect.succeed(`${out}.${process.pid}.part`), (file) =>
      Effect.promise(() => fs.rm(file, { force: true }))
    )
    const { database, rows: from } = yield* source.kind === "duckdb"
      ? ofFiles(source.folder, selection)
      : ofPostgres(source, selection, `${temporary}.lines`)
    progress(() => database.connection.progress.percentage)
    const order = source.kind === "duckdb" ? " ORDER BY time" : ""
    const written = yield* database.rows(
      `COPY (SELECT * EXCLUDE (date) FROM (${from})${order}) TO ${DuckDb.literal(temporary)} (${formats[extension]})`
    )
    yield* Effect.tryPromise({ try: () => fs.rename(temporary, out), catch: failed(`${out} cannot be written`) })
    const { size } = yield* Effect.promise(() => fs.stat(out))
    return { rows: Number(written[0]?.["Count"] ?? 0), bytes: size }
  }).pipe(Effect.scoped)

const ofFiles = (folder: string, selection: Selection) =>
  Effect.gen(function* () {
    const { from, table } = selection
    const day = from === undefined ? "" : new Date(from).toISOString().slice(0, 10)
    const database = yield* Reading.open(folder, { closed: false, tables: [table.name], from: day, progress: true })
    return { database, rows: `SELECT * FROM ${DuckDb.quoted(table.name)}${where(selection)}` }
  })

/** By way of JSON lines, which DuckDB reads whatever they become. */
const ofPostgres = (
  source: Extract<Source, { readonly kind: "postgres" }>,
  selection: Selection,
  lines: string
): Effect.Effect<{ readonly database: DuckDb.Database; readonly rows: string }, StoreError, Scope.Scope> =>
  Effect.gen(function* () {
    yield* Effect.addFinalizer(() => Effect.promise(() => fs.rm(lines, { force: true })))
    yield* PostgresLines.write(source, selection.table, where(selection), lines)
    const database = yield* DuckDb.open({ progress: true })
    return { database, rows: Select.fromStored(selection.table, lines) }
  })

/** In words of either database. */
const where = ({ from, symbol, table, to, venue }: Selection): string => {
  const at = (ms: number) =>
    `TIMESTAMP ${DuckDb.literal(new Date(ms).toISOString().replace("T", " ").replace("Z", ""))}`
  const conditions = [
    venue === undefined ? [] : [`venue = ${DuckDb.literal(venue)}`],
    symbol === undefined || !Tables.hasColumn(table, "symbol") ? [] : [`symbol = ${DuckDb.literal(symbol)}`],
    from === undefined ? [] : [`time >= ${at(from)}`],
    to === undefined ? [] : [`time < ${at(to)}`]
  ].flat()
  return conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`
}
