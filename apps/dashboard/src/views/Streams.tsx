/** Every stream that is subscribed: how much it delivers, how old its newest event is, what it lost. */
import { useState } from "preact/hooks"
import type { Stream } from "../api/Stream.ts"
import * as Number from "../format/number.ts"
import { usePoll } from "../live/usePoll.ts"
import { Choice } from "../parts/Choice.tsx"
import { Panel } from "../parts/Panel.tsx"
import { columns, isIll, keyOf } from "../streams/columns.tsx"
import { Table } from "../table/Table.tsx"

export const Streams = () => {
  const polled = usePoll<ReadonlyArray<Stream>>("/api/streams", 1_000)
  const [text, setText] = useState("")
  const [which, setWhich] = useState("all")
  const all = polled.data ?? []
  const words = text.toLowerCase().split(/\s+/)
  const shown = all.filter(
    (stream) =>
      words.every((word) => `${keyOf(stream)} ${stream.state}`.toLowerCase().includes(word)) &&
      (which === "all" || isIll(stream))
  )
  const perSecond = shown.reduce((sum, stream) => sum + stream.perSecond, 0)
  return (
    <Panel
      title="Streams"
      of={polled}
      aside={
        <>
          <span aria-live="polite">
            {shown.length === all.length ? all.length : `${shown.length} of ${all.length}`}, {Number.rate(perSecond)} a
            second
          </span>
          <Choice
            label="Which streams"
            value={which}
            options={[
              { value: "all", title: "All" },
              { value: "ill", title: `Not well (${all.filter(isIll).length})` }
            ]}
            onChoose={setWhich}
          />
          <label class="filter">
            <span class="unseen">Filter by venue, symbol, channel, state</span>
            <input
              type="search"
              placeholder="venue symbol channel"
              value={text}
              onInput={({ currentTarget }) => setText(currentTarget.value)}
            />
          </label>
        </>
      }
    >
      <Table
        caption="Streams"
        columns={columns}
        rows={shown}
        rowKey={keyOf}
        none={all.length === 0 ? "Nothing is subscribed." : "No stream is like that."}
        isTall
      />
    </Panel>
  )
}
