/** Every hole that was told, when it was, and whether it was mended. */
import { useState } from "preact/hooks"
import type { Event } from "@tidewire/core"
import { type Lane, TimeLine } from "../charts/TimeLine.tsx"
import * as Number from "../format/number.ts"
import * as Time from "../format/time.ts"
import * as GapText from "../gaps/gapText.ts"
import { useNow, usePoll } from "../live/usePoll.ts"
import { Choice } from "../parts/Choice.tsx"
import { Panel } from "../parts/Panel.tsx"
import { State } from "../parts/State.tsx"
import type { Column } from "../table/Column.ts"
import { Table } from "../table/Table.tsx"

const MINUTE = 60_000
const MOST_LANES = 24
const windows = [5, 15, 60, 360] as const

const streamOf = ({ channel, symbol, venue }: Event.Gap): string => `${venue} ${symbol} ${channel}`

const columns: ReadonlyArray<Column<Event.Gap>> = [
  {
    title: "Time",
    cell: ({ receivedTime }) => Time.clockMs(receivedTime),
    order: ({ receivedTime }) => receivedTime
  },
  { title: "Stream", cell: streamOf, order: streamOf, isLong: true },
  {
    title: "Outcome",
    cell: ({ repaired }) => <State tone={repaired ? "ok" : "bad"}>{repaired ? "repaired" : "not repaired"}</State>,
    order: ({ repaired }) => (repaired ? 1 : 0)
  },
  {
    title: "Lost",
    cell: ({ lost }) => (lost === null ? "unknown" : Number.count(lost)),
    order: ({ lost }) => lost ?? -1,
    isNumber: true
  },
  { title: "Reason", cell: GapText.reason, order: GapText.reason, room: "wide" },
  {
    title: "Between",
    cell: (gap) => <span title={GapText.place(gap)}>{GapText.place(gap)}</span>,
    isLong: true,
    room: "wide"
  }
]

export const Gaps = () => {
  const polled = usePoll<ReadonlyArray<Event.Gap>>("/api/gaps?limit=1000", 2_000)
  const [minutes, setMinutes] = useState<number>(15)
  const now = useNow()
  const all = polled.data ?? []
  const from = now - minutes * MINUTE
  const recent = all.filter(({ receivedTime }) => receivedTime >= from)
  const open = recent.filter(({ repaired }) => !repaired).length
  return (
    <Panel
      title="Gaps and repairs"
      of={polled}
      aside={
        <>
          <span>
            {all.length === 0
              ? "none"
              : `${all.length} told, ${all.filter(({ repaired }) => repaired).length} repaired`}
          </span>
          <Choice
            label="Time shown"
            value={String(minutes)}
            options={windows.map((each) => ({
              value: String(each),
              title: each < 60 ? `${each} min` : `${each / 60} h`
            }))}
            onChoose={(value) => setMinutes(parseInt(value, 10))}
          />
        </>
      }
    >
      {recent.length > 0 && (
        <TimeLine
          lanes={lanesOf(recent)}
          from={from}
          to={now}
          text={`${recent.length} gaps in the last ${minutes} minutes, ${open} not repaired; the table below has each.`}
        />
      )}
      <Table
        caption="Gaps"
        columns={columns}
        rows={all.toReversed()}
        rowKey={(gap) => `${gap.receivedTime} ${streamOf(gap)} ${GapText.place(gap)}`}
        none="No gap was told."
        isTall
      />
    </Panel>
  )
}

/** A lane for each stream that has gaps, the latest first. */
const lanesOf = (gaps: ReadonlyArray<Event.Gap>): ReadonlyArray<Lane> =>
  [...Map.groupBy(gaps.toReversed(), streamOf)].slice(0, MOST_LANES).map(([name, its]) => ({
    name,
    marks: its.map((gap) => ({
      time: gap.receivedTime,
      tone: gap.repaired ? ("ok" as const) : ("bad" as const),
      title: `${Time.clock(gap.receivedTime)}: ${GapText.loss(gap)}, ${gap.repaired ? "repaired" : "not repaired"}`
    }))
  }))
