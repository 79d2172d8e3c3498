/** Events a second over the last five minutes. */
import type { Status } from "../api/Status.ts"
import { LineChart } from "../charts/LineChart.tsx"
import * as Number from "../format/number.ts"
import { usePoll } from "../live/usePoll.ts"
import { None, Panel } from "../parts/Panel.tsx"
import * as Pace from "./Pace.ts"

/** Shown at first, and in the end. */
const [LEAST_SECONDS, MOST_SECONDS] = [60, 300]

export const Throughput = () => {
  const polled = usePoll<Status>("/api/status", 1_000)
  const { points, total } = polled.data === undefined ? { points: [], total: undefined } : Pace.take(polled.data)
  const values = points.map(({ value }) => value)
  const text =
    values.length === 0
      ? "Events a second: nothing yet."
      : `Events a second: now ${Number.rate(total)}, between ${Number.rate(Math.min(...values))} and ${Number.rate(Math.max(...values))} in the last ${Math.ceil(values.length / 60)} min.`
  return (
    <Panel title="Events a second" of={polled} class="throughput">
      {points.length < 2 ? (
        <None>Measuring.</None>
      ) : (
        <LineChart
          points={points}
          text={text}
          kind="area"
          windowSeconds={Math.min(MOST_SECONDS, Math.max(LEAST_SECONDS, values.length))}
        />
      )}
    </Panel>
  )
}
