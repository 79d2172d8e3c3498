/** Rows of an answer as text: a table to look at, JSON, CSV, or a JSON object a line. */
import { columns as linedUp } from "./columns.ts"

export type RowFormat = "table" | "json" | "csv" | "ndjson"
export const formats = ["table", "json", "csv", "ndjson"] as const

type Row = ReadonlyArray<unknown>

export interface RowWriter {
  readonly begin: () => string
  readonly rows: (rows: ReadonlyArray<Row>) => string
  readonly end: () => string
}

/** A table has to be seen whole before it is lined up. */
const MOST_OF_A_TABLE = 10_000

export const writer = (format: RowFormat, names: ReadonlyArray<string>): RowWriter => {
  if (format === "table") return table(names)
  if (format === "csv") return { begin: () => line(names), rows: (rows) => rows.map(line).join(""), end: () => "" }
  const object = (row: Row): string => JSON.stringify(Object.fromEntries(names.map((name, at) => [name, row[at]])))
  if (format === "ndjson") {
    return { begin: () => "", rows: (rows) => rows.map((row) => `${object(row)}\n`).join(""), end: () => "" }
  }
  let isFirst = true
  return {
    begin: () => "[",
    rows: (rows) =>
      rows
        .map((row) => {
          const separator = isFirst ? "\n" : ",\n"
          isFirst = false
          return `${separator}${object(row)}`
        })
        .join(""),
    end: () => "\n]\n"
  }
}

const text = (value: unknown): string =>
  value === null || value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value)

/** After RFC 4180. */
const line = (row: Row): string =>
  `${row
    .map(text)
    .map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(",")}\n`

const table = (names: ReadonlyArray<string>): RowWriter => {
  const kept: Array<Row> = []
  let left = 0
  return {
    begin: () => "",
    rows: (rows) => {
      const room = MOST_OF_A_TABLE - kept.length
      kept.push(...rows.slice(0, room))
      left += Math.max(0, rows.length - room)
      return ""
    },
    end: () => {
      const isNumber = (at: number) =>
        kept.length > 0 && kept.every((row) => row[at] === null || typeof row[at] === "number")
      const right = new Set([...names.keys()].filter(isNumber))
      const shown = `${linedUp([names, ...kept.map((row) => names.map((_, at) => text(row[at])))], right)}\n`
      return left === 0 ? shown : `${shown}… ${left} more rows: add LIMIT, or take --format csv or ndjson\n`
    }
  }
}
