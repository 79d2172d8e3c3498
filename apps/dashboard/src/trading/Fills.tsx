/** The latest executions, newest first. */
import type { PrivateEvent } from "@tidewire/core"
import { usePoll } from "../live/usePoll.ts"
import { Panel } from "../parts/Panel.tsx"
import { Table } from "../table/Table.tsx"
import * as Columns from "./columns.tsx"

export const Fills = () => {
  const polled = usePoll<ReadonlyArray<PrivateEvent.Fill>>("/api/fills?limit=100", 2_000)
  const fills = (polled.data ?? []).toSorted((one, other) => other.receivedTime - one.receivedTime)
  return (
    <Panel title="Fills" of={polled}>
      <Table
        caption="Latest fills"
        columns={Columns.fills}
        rows={fills}
        rowKey={({ id, symbol, venue }) => `${venue} ${symbol} ${id}`}
        none="Nothing was filled."
        isTall
      />
    </Panel>
  )
}
