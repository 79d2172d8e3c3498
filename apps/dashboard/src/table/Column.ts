/** What a table shows of its rows. */
import type { ComponentChildren } from "preact"

export interface Column<Row> {
  readonly title: string
  readonly cell: (row: Row) => ComponentChildren
  /** What rows are ordered by; a column without it cannot be. */
  readonly order?: (row: Row) => number | string
  /** Numbers stand right, so that digits stand under digits. */
  readonly isNumber?: boolean
  /** Only where there is room: not on a phone (`wide`), not on a small screen (`widest`). */
  readonly room?: "wide" | "widest"
  /** Cut off with dots rather than widening the table; the whole text is its `title`. */
  readonly isLong?: boolean
}

export interface Sorting {
  readonly column: string
  readonly isDescending: boolean
}

export const sorted = <Row>(
  rows: ReadonlyArray<Row>,
  columns: ReadonlyArray<Column<Row>>,
  sorting: Sorting | undefined
): ReadonlyArray<Row> => {
  const order = columns.find(({ title }) => title === sorting?.column)?.order
  if (order === undefined || sorting === undefined) return rows
  const sign = sorting.isDescending ? -1 : 1
  return rows.toSorted((one, other) => sign * compare(order(one), order(other)))
}

const compare = (one: number | string, other: number | string): number =>
  typeof one === "number" && typeof other === "number" ? one - other : String(one).localeCompare(String(other))

/** A column of numbers begins with the most, one of words with the first. */
export const clicked = <Row>(column: Column<Row>, sorting: Sorting | undefined): Sorting => ({
  column: column.title,
  isDescending: sorting?.column === column.title ? !sorting.isDescending : column.isNumber === true
})
