/** The chart of a market's bars, and its last bar in words. */
import type { Event } from "@tidewire/core"
import { useEffect, useRef, useState } from "preact/hooks"
import { ApiError, read } from "../api/client.ts"
import * as Number from "../format/number.ts"
import * as Time from "../format/time.ts"
import { useCell } from "../live/Cell.ts"
import { None } from "../parts/Panel.tsx"
import { shade } from "../theme.ts"
import { type Bar, Bars, MOST } from "./Bars.ts"
import { CandleChart } from "./CandleChart.ts"
import { useEvents } from "./useEvents.ts"

interface Properties {
  readonly venue: string
  readonly symbol: string
  readonly interval: string
  readonly isStreamed: boolean
}

export const Candles = ({ interval, isStreamed, symbol, venue }: Properties) => {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<CandleChart>(undefined)
  const kept = useRef<Bars>(undefined)
  const bars = (kept.current ??= new Bars(interval))
  const [failure, setFailure] = useState<string>()
  const streamed = useRef(isStreamed)
  streamed.current = isStreamed
  const shown = useCell(shade)
  useEffect(() => {
    if (place.current === null) return
    const made = new CandleChart(place.current)
    chart.current = made
    made.set(bars.all())
    return () => {
      chart.current = undefined
      made.remove()
    }
  }, [])
  useEffect(() => chart.current?.dress(), [shown])
  const load = async () => {
    try {
      const path = `/api/bars/${encodeURIComponent(venue)}/${encodeURIComponent(symbol)}/${interval}?limit=${MOST}`
      bars.load(await read<ReadonlyArray<Bar>>(path))
      chart.current?.set(bars.all())
      setFailure(undefined)
    } catch (error) {
      if (error instanceof ApiError) setFailure(error.message)
    }
  }
  useEvents({
    venue,
    symbol,
    types: ["bar", "trade"],
    begun: () => void load(),
    event: (event) => {
      const changed = changeOf(event, bars, interval, streamed.current)
      if (changed !== undefined) chart.current?.update(changed)
    }
  })
  const last = bars.all().at(-1)
  const text = last === undefined ? "No bar yet." : textOf(last, interval)
  return (
    <>
      {failure !== undefined && <None>{failure}</None>}
      <p class="last">{text}</p>
      <figure class="chart" aria-label={`Candles of ${symbol}, ${interval}`}>
        <div ref={place} class="canvas" aria-hidden="true" />
        <figcaption class="unseen">{text}</figcaption>
      </figure>
    </>
  )
}

const changeOf = (event: Event.Event, bars: Bars, interval: string, isStreamed: boolean): Bar | undefined => {
  if (event.type === "bar") return event.interval === interval ? bars.bar(event) : undefined
  return event.type === "trade" && !isStreamed && event.origin === "stream" ? bars.trade(event) : undefined
}

const textOf = ({ close, high, low, open, openTime, volume }: Bar, interval: string): string => {
  const places = Number.decimals([open, high, low, close])
  const price = (value: number) => Number.fixed(value, places)
  return `${Time.clock(openTime)} ${interval}: open ${price(open)}, high ${price(high)}, low ${price(low)}, close ${price(close)}, volume ${Number.fixed(volume, Math.min(4, Number.decimals([volume])))}`
}
