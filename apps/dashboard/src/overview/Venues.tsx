/** Each venue in a line. */
import type { Status, VenueSummary } from "../api/Status.ts"
import * as Number from "../format/number.ts"
import { usePoll } from "../live/usePoll.ts"
import { Panel } from "../parts/Panel.tsx"
import { State } from "../parts/State.tsx"
import type { Column } from "../table/Column.ts"
import { Table } from "../table/Table.tsx"
import * as Pace from "./Pace.ts"

const number = (
  title: string,
  value: (venue: VenueSummary) => number,
  room?: "wide" | "widest"
): Column<VenueSummary> => ({
  title,
  cell: (venue) => Number.count(value(venue)),
  order: value,
  isNumber: true,
  ...(room !== undefined && { room })
})

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
  number("Delivered", ({ counts }) => counts.delivered, "wide"),
  number("Conflated", ({ counts }) => counts.conflated, "widest"),
  number("Dropped", ({ counts }) => counts.dropped, "wide"),
  number("Gaps", ({ gaps }) => gaps),
  number("Unrepaired", ({ gaps, gapsRepaired }) => gaps - gapsRepaired, "wide"),
  number("Resyncs", ({ feed }) => feed.resyncs, "widest"),
  number("Malformed", ({ feed }) => feed.malformed, "widest")
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
