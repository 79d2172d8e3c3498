/** A table with a caption that can be ordered by its columns, of any number of rows. */
import type { ComponentChildren } from "preact"
import { useRef, useState } from "preact/hooks"
import { None } from "../parts/Panel.tsx"
import { clicked, type Column, type Sorting, sorted } from "./Column.ts"
import { ROW_HEIGHT, useWindow } from "./Window.ts"

interface Properties<Row> {
  /** For who does not see what stands around it. */
  readonly caption: string
  readonly columns: ReadonlyArray<Column<Row>>
  readonly rows: ReadonlyArray<Row>
  readonly rowKey: (row: Row) => string
  readonly sortedBy?: Sorting
  /** Scrolls by itself rather than with the page. */
  readonly isTall?: boolean
  /** In place of a table without rows. */
  readonly none?: ComponentChildren
}

export const Table = <Row,>({ caption, columns, isTall, none = "None.", rowKey, rows, sortedBy }: Properties<Row>) => {
  const [sorting, setSorting] = useState(sortedBy)
  const scrolled = useRef<HTMLDivElement>(null)
  const { from, to } = useWindow(() => scrolled.current, rows.length)
  if (rows.length === 0) return <None>{none}</None>
  const shown = sorted(rows, columns, sorting).slice(from, to)
  return (
    <div class={`scroll ${isTall ? "tall" : ""}`} ref={scrolled} tabIndex={0} role="group" aria-label={caption}>
      <table aria-rowcount={rows.length + 1}>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.title} column={column} sorting={sorting} onSort={setSorting} />
            ))}
          </tr>
        </thead>
        <tbody>
          {from > 0 && <Spacer rows={from} columns={columns.length} />}
          {shown.map((row, index) => (
            <tr key={rowKey(row)} aria-rowindex={from + index + 2}>
              {columns.map((column) => (
                <td key={column.title} class={classOf(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
          {to < rows.length && <Spacer rows={rows.length - to} columns={columns.length} />}
        </tbody>
      </table>
    </div>
  )
}

interface HeadProperties<Row> {
  readonly column: Column<Row>
  readonly sorting: Sorting | undefined
  readonly onSort: (sorting: Sorting) => void
}

const Head = <Row,>({ column, onSort, sorting }: HeadProperties<Row>) => {
  if (column.order === undefined) {
    return (
      <th scope="col" class={classOf(column)}>
        {column.title}
      </th>
    )
  }
  const isBy = sorting?.column === column.title
  const direction = sorting?.isDescending ? "descending" : "ascending"
  return (
    <th scope="col" class={classOf(column)} aria-sort={isBy ? direction : "none"}>
      <button type="button" onClick={() => onSort(clicked(column, sorting))}>
        {column.title}
        <span aria-hidden="true">{isBy ? (sorting.isDescending ? "▾" : "▴") : ""}</span>
      </button>
    </th>
  )
}

/** Stands for rows that are not seen. */
const Spacer = ({ columns, rows }: { readonly rows: number; readonly columns: number }) => (
  <tr class="spacer" aria-hidden="true">
    <td colSpan={columns} style={{ height: `${rows * ROW_HEIGHT}px` }} />
  </tr>
)

const classOf = <Row,>({ isLong, isNumber, room }: Column<Row>): string =>
  [isNumber && "number", isLong && "long", room].filter(Boolean).join(" ")
