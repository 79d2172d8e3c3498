/** Every connection as it is, how it came to be so, and what can be done about it. */
import type { Connection } from "../api/Stream.ts"
import { ConnectionActions } from "../actions/ConnectionActions.tsx"
import * as Number from "../format/number.ts"
import * as Time from "../format/time.ts"
import { ConnectionHistory } from "../connections/ConnectionHistory.tsx"
import { usePoll, useNow } from "../live/usePoll.ts"
import { Panel } from "../parts/Panel.tsx"
import { State } from "../parts/State.tsx"
import { ofConnection } from "../parts/Tone.ts"
import type { Column } from "../table/Column.ts"
import { Table } from "../table/Table.tsx"

const nameOf = ({ name, venue }: Connection): string => `${venue}/${name}`

/** What is worst comes first. */
const ranks = { bad: 0, warn: 1, busy: 2, idle: 3, ok: 4 }

const columnsOf = (now: number): ReadonlyArray<Column<Connection>> => [
  { title: "Connection", cell: nameOf, order: nameOf, isLong: true },
  {
    title: "State",
    cell: ({ state }) => <State tone={ofConnection[state]}>{state}</State>,
    order: ({ state }) => ranks[ofConnection[state]]
  },
  {
    title: "For",
    cell: ({ since }) => Time.span(now - since),
    order: ({ since }) => now - since,
    isNumber: true,
    room: "wide"
  },
  { title: "Attempt", cell: ({ attempt }) => attempt, order: ({ attempt }) => attempt, isNumber: true, room: "wide" },
  {
    title: "Latency",
    cell: ({ latencyMs }) => Time.latency(latencyMs),
    order: ({ latencyMs = 0 }) => latencyMs,
    isNumber: true,
    room: "wide"
  },
  {
    title: "Reconnects",
    cell: ({ reconnects }) => Number.count(reconnects),
    order: ({ reconnects }) => reconnects,
    isNumber: true,
    room: "wide"
  },
  {
    title: "Rotations",
    cell: ({ rotations }) => Number.count(rotations),
    order: ({ rotations }) => rotations,
    isNumber: true,
    room: "wide"
  },
  { title: "Reason", cell: ({ reason }) => <span title={reason}>{reason}</span>, isLong: true, room: "widest" },
  {
    title: "Actions",
    cell: (connection) => <ConnectionActions venue={connection.venue} connection={connection.name} />
  }
]

export const Connections = () => {
  const polled = usePoll<ReadonlyArray<Connection>>("/api/connections", 1_000)
  const now = useNow()
  const all = polled.data ?? []
  const active = all.filter(({ state }) => state === "Active").length
  return (
    <>
      <Panel
        title="Connections"
        of={polled}
        aside={
          <>
            <span>
              {active} of {all.length} active
            </span>
            <ConnectionActions />
          </>
        }
      >
        <Table caption="Connections" columns={columnsOf(now)} rows={all} rowKey={nameOf} isTall />
      </Panel>
      <ConnectionHistory connections={all.map(nameOf)} />
    </>
  )
}
