/** What the rules of the configuration have found, now and before. */
import type { Alert, Alerts as All } from "../api/Stream.ts"
import * as Time from "../format/time.ts"
import { useNow, usePoll } from "../live/usePoll.ts"
import { Panel } from "../parts/Panel.tsx"
import { State } from "../parts/State.tsx"
import { ofSeverity } from "../parts/Tone.ts"
import type { Column } from "../table/Column.ts"
import { Table } from "../table/Table.tsx"

const ranks: Readonly<Record<Alert["severity"], number>> = { critical: 0, warning: 1, info: 2 }

const about: ReadonlyArray<Column<Alert>> = [
  {
    title: "Severity",
    cell: ({ severity }) => <State tone={ofSeverity[severity]}>{severity}</State>,
    order: ({ severity }) => ranks[severity]
  },
  { title: "Rule", cell: ({ rule }) => rule, order: ({ rule }) => rule },
  { title: "About", cell: ({ subject }) => subject, order: ({ subject }) => subject, isLong: true },
  { title: "Message", cell: ({ message }) => <span title={message}>{message}</span>, isLong: true, room: "wide" }
]

const activeColumns = (now: number): ReadonlyArray<Column<Alert>> => [
  ...about,
  { title: "For", cell: ({ since }) => Time.span(now - since), order: ({ since }) => now - since, isNumber: true }
]

const pastColumns = (now: number): ReadonlyArray<Column<Alert>> => [
  ...about,
  { title: "Since", cell: ({ since }) => Time.moment(since, now), order: ({ since }) => since },
  {
    title: "Lasted",
    cell: ({ since, until }) => Time.span(until === undefined ? undefined : until - since),
    order: ({ since, until = since }) => until - since,
    isNumber: true,
    room: "wide"
  }
]

export const Alerts = () => {
  const polled = usePoll<All>("/api/alerts", 2_000)
  const now = useNow()
  const { active = [], history = [] } = polled.data ?? {}
  return (
    <>
      <Panel title="Active alerts" of={polled} aside={<span>{active.length}</span>}>
        <Table
          caption="Active alerts"
          columns={activeColumns(now)}
          rows={active}
          rowKey={({ id }) => id}
          sortedBy={{ column: "Severity", isDescending: false }}
          none="No alert is active."
        />
      </Panel>
      <Panel title="Past alerts" of={polled}>
        <Table
          caption="Past alerts"
          columns={pastColumns(now)}
          rows={history.toReversed()}
          rowKey={({ id, since }) => `${id} ${since}`}
          none="No alert has been."
          isTall
        />
      </Panel>
    </>
  )
}
