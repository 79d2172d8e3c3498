/** One value over time. What it shows is said in words as well. */
import {
  AreaSeries,
  type AreaSeriesPartialOptions,
  type AutoscaleInfo,
  BaselineSeries,
  type IChartApi,
  type ISeriesApi,
  type UTCTimestamp
} from "lightweight-charts"
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
  /** The time that is shown, though the points be of a part of it; a point a second is expected. */
  readonly windowSeconds?: number
}

interface Drawn {
  readonly chart: IChartApi
  readonly series: ISeriesApi<"Area"> | ISeriesApi<"Baseline">
}

export const LineChart = ({ kind, points, text, windowSeconds }: Properties) => {
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
    drawn.current.series.setData(distinct(points, windowSeconds))
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
  chart.timeScale().applyOptions({ secondsVisible: kind === "area" })
  const [up, down] = [colour("accent"), colour("ask")]
  const line = { lineWidth: 2, priceLineVisible: false, lastValueVisible: true } as const
  series.applyOptions(
    kind === "area"
      ? { ...line, ...fromZero, lineColor: up, topColor: faint(up, 0.28), bottomColor: faint(up, 0.02) }
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

/** A rate is a whole number above zero: its chart stands on zero. */
const fromZero: AreaSeriesPartialOptions = {
  priceFormat: { type: "price", precision: 0, minMove: 1 },
  autoscaleInfoProvider: (original: () => AutoscaleInfo | null) => {
    const own = original()
    if (own?.priceRange == null) return own
    return { ...own, priceRange: { minValue: 0, maxValue: Math.max(1, own.priceRange.maxValue * 1.1) } }
  }
}

type Data = { time: UTCTimestamp; value: number } | { time: UTCTimestamp }

/** The library wants times that rise; of two in one second the later stays. What is missing of the window is empty. */
const distinct = (points: ReadonlyArray<Point>, windowSeconds = 0): Array<Data> => {
  const bySecond = new Map(points.map(({ time, value }) => [Frame.seconds(time), value]))
  const [first, last] = [Frame.seconds(points[0]?.time ?? 0), Frame.seconds(points.at(-1)?.time ?? 0)]
  const empty = Array.from({ length: Math.max(0, first - (last - windowSeconds)) }, (_, index) => ({
    time: (last - windowSeconds + index) as UTCTimestamp
  }))
  return [...empty, ...[...bySecond].map(([time, value]) => ({ time: time as UTCTimestamp, value }))]
}
