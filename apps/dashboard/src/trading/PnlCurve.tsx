/** What was won or lost today, over the day. The chart is of floats; the amounts beside it are exact. */
import type { Pnl } from "../api/Stream.ts"
import { LineChart } from "../charts/LineChart.tsx"
import * as Number from "../format/number.ts"
import { usePoll } from "../live/usePoll.ts"
import { None, Panel } from "../parts/Panel.tsx"
import { useMemo } from "preact/hooks"

export const PnlCurve = () => {
  const polled = usePoll<Pnl>("/api/pnl", 5_000)
  const { currency = "", points = [] } = polled.data ?? {}
  const drawn = useMemo(() => points.map(({ pnl, time }) => ({ time, value: parseFloat(String(pnl)) })), [points])
  const last = points.at(-1)
  const text =
    last === undefined
      ? "Profit and loss today: nothing yet."
      : `Profit and loss today: ${Number.signed(String(last.pnl), 4)} ${currency}, of ${points.length} points.`
  return (
    <Panel title={`Profit and loss today, ${currency}`} of={polled} class="pnl">
      {drawn.length < 2 ? <None>Measuring.</None> : <LineChart points={drawn} text={text} kind="baseline" />}
    </Panel>
  )
}
