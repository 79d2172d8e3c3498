/** How long events take, hop by hop, from the venue's stamp to the handler. */
import type { Connection, Latency as Row } from "../api/Stream.ts"
import * as Number from "../format/number.ts"
import * as Time from "../format/time.ts"
import { usePoll } from "../live/usePoll.ts"
import { Panel } from "../parts/Panel.tsx"
import type { Column } from "../table/Column.ts"
import { Table } from "../table/Table.tsx"

/** From 10 µs to 10 s: what a bar's length is of, by tens. */
const [LEAST_MS, DECADES] = [0.01, 6]

const share = (ms: number): number =>
  Math.max(0, Math.min(100, (Math.log10(Math.max(ms, LEAST_MS) / LEAST_MS) / DECADES) * 100))

const part = (title: "p50" | "p90" | "p99" | "max", room?: "wide"): Column<Row> => ({
  title,
  cell: (row) => Time.latency(row[title]),
  order: (row) => row[title],
  isNumber: true,
  ...(room !== undefined && { room })
})

const columns: ReadonlyArray<Column<Row>> = [
  { title: "Hop", cell: ({ hop }) => hop, order: ({ hop }) => hop },
  { title: "Venue", cell: ({ venue }) => venue, order: ({ venue }) => venue, isLong: true },
  part("p50"),
  part("p90", "wide"),
  part("p99"),
  part("max", "wide"),
  {
    title: "From p50 to p99, by tens",
    cell: ({ p50, p99 }) => (
      <span class="range" aria-hidden="true">
        <i style={{ left: `${share(p50)}%`, width: `${Math.max(1, share(p99) - share(p50))}%` }} />
      </span>
    ),
    room: "wide"
  },
  {
    title: "Events",
    cell: ({ count }) => Number.count(count),
    order: ({ count }) => count,
    isNumber: true,
    room: "wide"
  }
]

const nameOf = ({ name, venue }: Connection): string => `${venue}/${name}`

const pings: ReadonlyArray<Column<Connection>> = [
  { title: "Connection", cell: nameOf, order: nameOf, isLong: true },
  {
    title: "Ping and answer",
    cell: ({ latencyMs }) => Time.latency(latencyMs),
    order: ({ latencyMs }) => latencyMs ?? -1,
    isNumber: true
  }
]

export const Latency = () => {
  const polled = usePoll<ReadonlyArray<Row>>("/api/latency", 1_000)
  const connections = usePoll<ReadonlyArray<Connection>>("/api/connections", 2_000)
  return (
    <>
      <Panel title="Latency by hop" of={polled}>
        <Table
          caption="Latency by hop"
          columns={columns}
          rows={polled.data ?? []}
          rowKey={({ hop, venue }) => `${hop} ${venue}`}
          none="Nothing is measured: it needs `metrics` in the configuration, and events."
        />
      </Panel>
      <Panel title="Pings" of={connections}>
        <Table caption="Pings" columns={pings} rows={connections.data ?? []} rowKey={nameOf} />
      </Panel>
    </>
  )
}
