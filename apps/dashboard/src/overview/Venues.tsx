/** Each venue in a line. */
import type { Status, VenueSummary } from "../api/Status.ts"
import * as Number from "../format/number.ts"
import { usePoll } from "../live/usePoll.ts"
import { Panel } from "../parts/Panel.tsx"
import { State } from "../parts/State.tsx"
import type { Column } from "../table/Column.ts"
import { numberColumn } from "../table/numberColumn.tsx"
import { Table } from "../table/Table.tsx"
import * as Pace from "./Pace.ts"

const columnsOf = (rates: ReadonlyMap<string, number>): ReadonlyArray<Column<VenueSummary>> => [
  { title: "Venue", cell: ({ name }) => name, order: ({ name }) => name },
  {
    title: "Connections",
    cell: ({ connections: { active, total }, failure }) =>
      failure === undefined ? (
        <State tone={active === total ? "ok" : active === 0 ? "bad" : "warn"}>
          {active} of {total}
        </State>
      ) : (
        <State tone="bad">{failure}</State>
      ),
    order: ({ connections: { active, total } }) => active - total
  },
  {
    title: "Events/s",
    cell: ({ name }) => Number.rate(rates.get(name)),
    order: ({ name }) => rates.get(name) ?? 0,
    isNumber: true
  },
  numberColumn("Delivered", ({ counts }) => counts.delivered, "wide"),
  numberColumn("Conflated", ({ counts }) => counts.conflated, "widest"),
  numberColumn("Dropped", ({ counts }) => counts.dropped, "wide"),
  numberColumn("Gaps", ({ gaps }) => gaps),
  numberColumn("Unrepaired", ({ gaps, gapsRepaired }) => gaps - gapsRepaired, "wide"),
  numberColumn("Resyncs", ({ feed }) => feed.resyncs, "widest"),
  numberColumn("Malformed", ({ feed }) => feed.malformed, "widest")
]

export const Venues = () => {
  const polled = usePoll<Status>("/api/status", 1_000)
  const venues = polled.data?.venues ?? []
  const rates = polled.data === undefined ? new Map<string, number>() : Pace.take(polled.data).rates
  return (
    <Panel title="Venues" of={polled} class="venues">
      <Table caption="Venues" columns={columnsOf(rates)} rows={venues} rowKey={({ name }) => name} />
    </Panel>
  )
}
