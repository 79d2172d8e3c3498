/** How the rows of a table are read: from lines of JSON, and from Parquet files, with the same columns in the same order. */
import { type Column, hasColumn, type Kind, type Table } from "../tables.ts"
import { literal, quoted } from "./database.ts"
import type { ParquetFile } from "./parquetFiles.ts"

/** As it stands in JSON. */
const read: Readonly<Record<Kind, string>> = {
  text: "VARCHAR",
  float: "DOUBLE",
  integer: "BIGINT",
  boolean: "BOOLEAN",
  time: "DOUBLE",
  amount: "VARCHAR",
  levels: "DOUBLE[][]",
  json: "JSON"
}

/** As it is kept. `TIMESTAMP` is UTC with microseconds. */
export const typeOf: Readonly<Record<Kind, string>> = {
  text: "VARCHAR",
  float: "DOUBLE",
  integer: "BIGINT",
  boolean: "BOOLEAN",
  time: "TIMESTAMP",
  amount: "VARCHAR",
  levels: "DOUBLE[][]",
  json: "VARCHAR"
}

const fieldsOf = ({ columns, time }: Table): ReadonlyMap<string, Kind> =>
  new Map([
    ["venue", "text"],
    ...columns.map(({ field, kind }) => [field, kind] as const),
    ...time.map((field) => [field, "time"] as const)
  ])

/** Milliseconds with a fraction. */
const timestamp = (field: string): string => `make_timestamp(CAST(round(${quoted(field)} * 1000) AS BIGINT))`

const valueOf = ({ field, kind }: Column): string =>
  kind === "time" ? timestamp(field) : kind === "json" ? `CAST(${quoted(field)} AS VARCHAR)` : quoted(field)

/** `venue`, `date`, `time` and the columns of the table, from a file of lines. */
export const fromLines = (table: Table, file: string): string => {
  const { columns, time } = table
  const fields = [...fieldsOf(table)].map(([field, kind]) => `${literal(field)}: ${literal(read[kind])}`).join(", ")
  const when = time.length === 1 ? timestamp(time[0]!) : `coalesce(${time.map(timestamp).join(", ")})`
  const values = columns.map((column) => `${valueOf(column)} AS ${quoted(column.name)}`).join(", ")
  const lines = `read_json(${literal(file)}, format = 'newline_delimited', columns = {${fields}}, maximum_object_size = 268435456)`
  return `SELECT venue, CAST(${when} AS DATE) AS date, ${when} AS time, ${values} FROM ${lines}`
}

const names = ({ columns }: Table): string => ["time", ...columns.map(({ name }) => quoted(name))].join(", ")

/** `venue` and `date` are in the names of the folders. */
export const fromFiles = (table: Table, files: ReadonlyArray<Pick<ParquetFile, "path">>): string =>
  `SELECT venue, date, ${names(table)} FROM read_parquet([${files.map(({ path }) => literal(path)).join(", ")}], hive_partitioning = true, hive_types = {'venue': VARCHAR, 'date': DATE}, union_by_name = true)`

/** Nothing, in the right columns. */
export const none = ({ columns }: Table): string =>
  `SELECT CAST(NULL AS VARCHAR) AS venue, CAST(NULL AS DATE) AS date, CAST(NULL AS TIMESTAMP) AS time, ${columns
    .map(({ kind, name }) => `CAST(NULL AS ${typeOf[kind]}) AS ${quoted(name)}`)
    .join(", ")} WHERE false`

/** A bar is there once: the one that came last. Everything else is as it came. */
export const distinct = (table: Table, rows: string): string =>
  table.name === "bars"
    ? `SELECT * FROM (${rows}) QUALIFY row_number() OVER (PARTITION BY venue, symbol, "interval", open_time ORDER BY received_time DESC) = 1`
    : rows

/** Of the rows in a file: what is asked for together lies together. */
export const order = (table: Table): string => (hasColumn(table, "symbol") ? "symbol, time" : "time")

/** The columns of a file. */
export const stored = names

export const parquet =
  "FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2, ROW_GROUP_SIZE 122880, KV_METADATA {writer: 'tidewire'}"

/** Rows as they are kept, from lines of JSON. */
export const fromStored = ({ columns }: Table, file: string): string => {
  const kinds = [["venue", "VARCHAR"], ["time", "TIMESTAMP"], ...columns.map(({ kind, name }) => [name, typeOf[kind]])]
  const fields = kinds.map(([name = "", type = ""]) => `${literal(name)}: ${literal(type)}`).join(", ")
  return `SELECT venue, CAST(NULL AS DATE) AS date, * EXCLUDE (venue) FROM read_json(${literal(file)}, format = 'newline_delimited', columns = {${fields}}, maximum_object_size = 268435456)`
}
