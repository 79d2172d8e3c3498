/** How connections came to be as they are: a lane for each, and the changes in words. */
import { useState } from "preact/hooks"
import { TimeLine } from "../charts/TimeLine.tsx"
import * as Time from "../format/time.ts"
import { usePoll, useNow } from "../live/usePoll.ts"
import { Choice } from "../parts/Choice.tsx"
import { Panel } from "../parts/Panel.tsx"
import { State } from "../parts/State.tsx"
import { ofConnection } from "../parts/Tone.ts"
import type { ConnectionChange } from "../api/Stream.ts"
import type { Column } from "../table/Column.ts"
import { Table } from "../table/Table.tsx"
import { lanesOf } from "./lanes.ts"

const MINUTE = 60_000
const MOST_LANES = 24
const windows = [5, 15, 60] as const

const columns: ReadonlyArray<Column<ConnectionChange>> = [
  { title: "Time", cell: ({ time }) => Time.clockMs(time), order: ({ time }) => time },
  {
    title: "Connection",
    cell: ({ connection, venue }) => `${venue}/${connection}`,
    order: ({ connection, venue }) => `${venue}/${connection}`,
    isLong: true
  },
  {
    title: "State",
    cell: ({ state }) => <State tone={ofConnection[state]}>{state}</State>,
    order: ({ state }) => state
  },
  { title: "Attempt", cell: ({ attempt }) => attempt, isNumber: true, room: "wide" },
  { title: "Reason", cell: ({ reason }) => <span title={reason}>{reason}</span>, isLong: true, room: "wide" }
]

export const ConnectionHistory = ({ connections }: { readonly connections: ReadonlyArray<string> }) => {
  const polled = usePoll<ReadonlyArray<ConnectionChange>>("/api/connections/history?limit=1000", 2_000)
  const [minutes, setMinutes] = useState<number>(15)
  const now = useNow()
  const changes = polled.data ?? []
  const from = now - minutes * MINUTE
  const { hidden, lanes } = lanesOf(connections, changes, { from, to: now, most: MOST_LANES })
  const losses = changes.filter(({ state, time }) => time >= from && (state === "Reconnecting" || state === "Failed"))
  return (
    <Panel
      title="History"
      of={polled}
      aside={
        <Choice
          label="Time shown"
          value={String(minutes)}
          options={windows.map((each) => ({ value: String(each), title: `${each} min` }))}
          onChoose={(value) => setMinutes(Number(value))}
        />
      }
    >
      <TimeLine
        lanes={lanes}
        from={from}
        to={now}
        text={`${losses.length} losses of connections in the last ${minutes} minutes; the table below has each change.`}
      />
      {hidden > 0 && (
        <p class="note">
          The {MOST_LANES} with the latest changes; {hidden} more are not drawn.
        </p>
      )}
      <Table
        caption="Changes of connections"
        columns={columns}
        rows={changes.toReversed()}
        rowKey={(each) => `${each.time} ${each.venue}/${each.connection} ${each.state}`}
        none="No connection has changed."
        isTall
      />
    </Panel>
  )
}
