/** The tables of a PostgreSQL store, and how lines of JSON become their rows. */
import { type Column, hasColumn, type Kind, type Table } from "../tables.ts"

const typeOf: Readonly<Record<Kind, string>> = {
  text: "text",
  float: "double precision",
  integer: "bigint",
  boolean: "boolean",
  time: "timestamptz",
  amount: "numeric",
  levels: "jsonb",
  json: "jsonb"
}

/** As it stands in JSON. */
const readAs: Readonly<Record<Kind, string>> = {
  text: "text",
  float: "double precision",
  integer: "numeric",
  boolean: "boolean",
  time: "numeric",
  amount: "numeric",
  levels: "jsonb",
  json: "jsonb"
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** By what a bar is one and the same. */
const BAR = 'venue, symbol, "interval", time'

/** Each is done again at every start, and changes nothing then. */
export const definitions = (schema: string, table: Table): ReadonlyArray<string> => {
  const place = `${quoted(schema)}.${quoted(table.name)}`
  const columns = table.columns.map(({ kind, name }) => `${quoted(name)} ${typeOf[kind]}`)
  const key = table.name === "bars" ? [`PRIMARY KEY (${BAR})`] : []
  const index = hasColumn(table, "symbol") && table.name !== "bars" ? "venue, symbol, time" : "time"
  return [
    `CREATE TABLE IF NOT EXISTS ${place} (${["venue text NOT NULL", "time timestamptz NOT NULL", ...columns, ...key].join(", ")})`,
    ...table.columns.map(
      ({ kind, name }) => `ALTER TABLE ${place} ADD COLUMN IF NOT EXISTS ${quoted(name)} ${typeOf[kind]}`
    ),
    `CREATE INDEX IF NOT EXISTS ${quoted(`${table.name}_by_${index.replaceAll(", ", "_")}`)} ON ${place} (${index})`
  ]
}

/** Which batches are in: what was given twice is known by it. */
export const batches = (schema: string): string =>
  `CREATE TABLE IF NOT EXISTS ${quoted(schema)}.batches (writer text, sequence bigint, stored_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (writer, sequence))`

const timestamp = (field: string): string =>
  `(timestamptz 'epoch' + round(${quoted(field)} * 1000) * interval '1 microsecond')`

const valueOf = ({ field, kind }: Column): string =>
  kind === "time" ? timestamp(field) : kind === "integer" ? `${quoted(field)}::bigint` : quoted(field)

/** Takes one parameter: the lines, as an array of JSON. */
export const insertion = (schema: string, table: Table): string => {
  const fields = new Map<string, Kind>([
    ["venue", "text"],
    ...table.columns.map(({ field, kind }) => [field, kind] as const),
    ...table.time.map((field) => [field, "time"] as const)
  ])
  const names = ["venue", "time", ...table.columns.map(({ name }) => quoted(name))]
  const values = ["venue", `coalesce(${table.time.map(timestamp).join(", ")})`, ...table.columns.map(valueOf)]
  const row = [...fields].map(([field, kind]) => `${quoted(field)} ${readAs[kind]}`).join(", ")
  // a bar may be in twice, and a statement must not change a row twice: the last one counts
  const rows = `jsonb_to_recordset($1::jsonb) AS r(${row})`
  const select =
    table.name === "bars"
      ? `SELECT DISTINCT ON (venue, symbol, "interval", "openTime") ${values.join(", ")} FROM ${rows} ORDER BY venue, symbol, "interval", "openTime", "receivedTime" DESC`
      : `SELECT ${values.join(", ")} FROM ${rows}`
  const changed = table.columns.map(({ name }) => `${quoted(name)} = EXCLUDED.${quoted(name)}`).join(", ")
  const conflict = table.name === "bars" ? ` ON CONFLICT (${BAR}) DO UPDATE SET ${changed}` : ""
  return `INSERT INTO ${quoted(schema)}.${quoted(table.name)} (${names.join(", ")}) ${select}${conflict}`
}
