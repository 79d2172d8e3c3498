/** One value over time. What it shows is said in words as well. */
import { AreaSeries, BaselineSeries, type IChartApi, type ISeriesApi, type UTCTimestamp } from "lightweight-charts"
import { useEffect, useRef } from "preact/hooks"
import { useCell } from "../live/Cell.ts"
import { shade } from "../theme.ts"
import { colour, faint } from "./colours.ts"
import * as Frame from "./frame.ts"

export interface Point {
  /** Epoch ms; in order, and no two of one second. */
  readonly time: number
  readonly value: number
}

interface Properties {
  readonly points: ReadonlyArray<Point>
  readonly text: string
  /** `baseline`: above zero and below it in two colours. */
  readonly kind: "area" | "baseline"
}

interface Drawn {
  readonly chart: IChartApi
  readonly series: ISeriesApi<"Area"> | ISeriesApi<"Baseline">
}

export const LineChart = ({ kind, points, text }: Properties) => {
  const place = useRef<HTMLDivElement>(null)
  const drawn = useRef<Drawn>(null)
  const shown = useCell(shade)
  useEffect(() => {
    if (place.current === null) return
    const chart = Frame.make(place.current)
    const series = kind === "area" ? chart.addSeries(AreaSeries) : chart.addSeries(BaselineSeries)
    drawn.current = { chart, series }
    return () => {
      drawn.current = null
      chart.remove()
    }
  }, [kind])
  useEffect(() => {
    if (drawn.current !== null) dress(drawn.current, kind)
  }, [shown, kind])
  useEffect(() => {
    if (drawn.current === null) return
    drawn.current.series.setData(distinct(points))
    drawn.current.chart.timeScale().fitContent()
  }, [points])
  return (
    <figure class="chart" aria-label={text}>
      <div ref={place} class="canvas" aria-hidden="true" />
      <figcaption class="unseen">{text}</figcaption>
    </figure>
  )
}

const dress = ({ chart, series }: Drawn, kind: Properties["kind"]): void => {
  Frame.dress(chart)
  const [up, down] = [colour("accent"), colour("ask")]
  const line = { lineWidth: 2, priceLineVisible: false, lastValueVisible: true } as const
  series.applyOptions(
    kind === "area"
      ? { ...line, lineColor: up, topColor: faint(up, 0.28), bottomColor: faint(up, 0.02) }
      : {
          ...line,
          topLineColor: up,
          topFillColor1: faint(up, 0.28),
          topFillColor2: faint(up, 0.02),
          bottomLineColor: down,
          bottomFillColor1: faint(down, 0.02),
          bottomFillColor2: faint(down, 0.28)
        }
  )
}

/** The library wants times that rise; of two in one second the later stays. */
const distinct = (points: ReadonlyArray<Point>): Array<{ time: UTCTimestamp; value: number }> => {
  const bySecond = new Map(points.map(({ time, value }) => [Frame.seconds(time), value]))
  return [...bySecond].map(([time, value]) => ({ time: time as UTCTimestamp, value }))
}
