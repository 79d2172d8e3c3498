/** Connections over the last minutes, a lane for each. */
import type { Connection, ConnectionChange } from "../api/Stream.ts"
import { TimeLine } from "../charts/TimeLine.tsx"
import { lanesOf } from "../connections/lanes.ts"
import { useNow, usePoll } from "../live/usePoll.ts"
import { None, Panel } from "../parts/Panel.tsx"

/** What is shown: less while there is less to show. */
const [LEAST_MS, MOST_MS] = [300_000, 900_000]
const MOST_LANES = 12

export const ConnectionLanes = () => {
  const connections = usePoll<ReadonlyArray<Connection>>("/api/connections", 2_000)
  const { data: changes = [] } = usePoll<ReadonlyArray<ConnectionChange>>("/api/connections/history?limit=1000", 2_000)
  const now = useNow()
  const shownMs = changes.some(({ time }) => time < now - LEAST_MS) ? MOST_MS : LEAST_MS
  const names = (connections.data ?? []).map(({ name, venue }) => `${venue}/${name}`)
  const { hidden, lanes } = lanesOf(names, changes, { from: now - shownMs, to: now, most: MOST_LANES })
  const active = (connections.data ?? []).filter(({ state }) => state === "Active").length
  return (
    <Panel
      title={`Connections, ${shownMs / 60_000} min`}
      of={connections}
      class="lanes"
      aside={hidden > 0 ? `${MOST_LANES} of ${names.length}, changed last` : `${active} of ${names.length} active`}
    >
      {lanes.length === 0 ? (
        <None>None yet.</None>
      ) : (
        <TimeLine
          lanes={lanes}
          from={now - shownMs}
          to={now}
          text={`${active} of ${names.length} connections are active.`}
        />
      )}
    </Panel>
  )
}
