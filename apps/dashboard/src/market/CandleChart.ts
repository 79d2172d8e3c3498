/** Candles and volumes on a chart of the library. Rising bars are hollow, so that they differ by more than their colour. */
import {
  CandlestickSeries,
  type CandlestickData,
  HistogramSeries,
  type IChartApi,
  type IPriceLine,
  type ISeriesApi,
  LineStyle,
  type UTCTimestamp
} from "lightweight-charts"
import { colour, faint } from "../charts/colours.ts"
import * as Frame from "../charts/frame.ts"
import * as Number from "../format/number.ts"
import type { Bar } from "./Bars.ts"

const VOLUME = "volume"

/** Bars that are seen at first. */
const SEEN = 90

export class CandleChart {
  readonly #chart: IChartApi
  readonly #candles: ISeriesApi<"Candlestick">
  readonly #volumes: ISeriesApi<"Histogram">
  readonly #last: IPriceLine
  #lastTime = 0

  constructor(place: HTMLElement) {
    this.#chart = Frame.make(place)
    this.#candles = this.#chart.addSeries(CandlestickSeries, { lastValueVisible: false, priceLineVisible: false })
    this.#last = this.#candles.createPriceLine({ price: 0, lineWidth: 1, lineStyle: LineStyle.Dotted })
    this.#volumes = this.#chart.addSeries(HistogramSeries, { priceScaleId: VOLUME, priceFormat: { type: "volume" } })
    this.#volumes.applyOptions({ lastValueVisible: false, priceLineVisible: false })
    this.#chart.priceScale(VOLUME).applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } })
    this.#candles.priceScale().applyOptions({ scaleMargins: { top: 0.06, bottom: 0.2 } })
    this.dress()
  }

  dress(): void {
    Frame.dress(this.#chart)
    const [up, down] = [colour("bid"), colour("ask")]
    this.#candles.applyOptions({
      upColor: "transparent",
      downColor: down,
      borderUpColor: up,
      borderDownColor: down,
      wickUpColor: up,
      wickDownColor: down
    })
    this.#volumes.applyOptions({ color: faint(colour("soft"), 0.35) })
    this.#last.applyOptions({ color: up, axisLabelColor: up, axisLabelTextColor: colour("on-accent") })
  }

  set(bars: ReadonlyArray<Bar>): void {
    const places = Number.decimals(bars.map(({ close }) => close))
    this.#candles.applyOptions({ priceFormat: { type: "price", precision: places, minMove: 10 ** -places } })
    this.#candles.setData(bars.map(candleOf))
    this.#volumes.setData(bars.map(volumeOf))
    this.#lastTime = bars.at(-1)?.openTime ?? 0
    this.#last.applyOptions({ price: bars.at(-1)?.close ?? 0 })
    this.#chart.timeScale().setVisibleLogicalRange({ from: bars.length - SEEN, to: bars.length + 3 })
  }

  /** The last bar, or one behind it; older ones are drawn with the next `set`. */
  update(bar: Bar): void {
    if (bar.openTime < this.#lastTime) return
    this.#lastTime = bar.openTime
    this.#candles.update(candleOf(bar))
    this.#last.applyOptions({ price: bar.close })
    this.#volumes.update(volumeOf(bar))
  }

  remove(): void {
    this.#chart.remove()
  }
}

const timeOf = ({ openTime }: Bar): UTCTimestamp => Frame.seconds(openTime) as UTCTimestamp

const candleOf = (bar: Bar): CandlestickData<UTCTimestamp> => {
  const { close, high, low, open } = bar
  return { time: timeOf(bar), open, high, low, close }
}

const volumeOf = (bar: Bar) => ({ time: timeOf(bar), value: bar.volume })
