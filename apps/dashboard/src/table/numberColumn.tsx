/** A column of counts. Zeros stand back, so that what is not zero is seen. */
import * as Number from "../format/number.ts"
import type { Column } from "./Column.ts"

export const numberColumn = <Row,>(
  title: string,
  value: (row: Row) => number,
  room?: "wide" | "widest"
): Column<Row> => ({
  title,
  cell: (row) => {
    const count = value(row)
    return count === 0 ? <span class="zero">0</span> : Number.count(count)
  },
  order: value,
  isNumber: true,
  ...(room !== undefined && { room })
})
