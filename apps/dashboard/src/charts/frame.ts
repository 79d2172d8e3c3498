/** A chart of the library in the page's clothes: its colours, its font, no animation, nothing from elsewhere. */
import { ColorType, createChart, type IChartApi, LineStyle } from "lightweight-charts"
import { colour, faint } from "./colours.ts"

/** Epoch ms as the library has times: whole seconds are what it tells apart. */
export const seconds = (ms: number): number => Math.floor(ms / 1_000)

export const make = (place: HTMLElement): IChartApi => {
  // the footer has the link that the licence asks for; the logo would bring a style of its own into the page
  const chart = createChart(place, { autoSize: true, layout: { attributionLogo: false } })
  dress(chart)
  return chart
}

/** Anew with each change of the theme. */
export const dress = (chart: IChartApi): void => {
  const line = faint(colour("line"), 0.6)
  chart.applyOptions({
    layout: {
      background: { type: ColorType.Solid, color: "transparent" },
      textColor: colour("soft"),
      fontFamily: getComputedStyle(document.body).fontFamily,
      fontSize: 11
    },
    grid: { vertLines: { color: line, style: LineStyle.Dotted }, horzLines: { color: line, style: LineStyle.Dotted } },
    rightPriceScale: { borderVisible: false },
    timeScale: { borderColor: colour("line"), timeVisible: true, secondsVisible: false },
    crosshair: {
      vertLine: { labelBackgroundColor: colour("soft") },
      horzLine: { labelBackgroundColor: colour("soft") }
    },
    handleScroll: { vertTouchDrag: false }
  })
}
