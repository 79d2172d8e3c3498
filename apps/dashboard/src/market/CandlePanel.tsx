/** Bars as candles, with the volume below them. */
import { useState } from "preact/hooks"
import { Choice } from "../parts/Choice.tsx"
import { Panel } from "../parts/Panel.tsx"
import { intervals } from "./Bars.ts"
import { Candles } from "./Candles.tsx"

interface Properties {
  readonly venue: string
  readonly symbol: string
  /** Those that are subscribed. */
  readonly channels: ReadonlyArray<string>
}

export const CandlePanel = ({ channels, symbol, venue }: Properties) => {
  const [interval, setInterval] = useState("1m")
  return (
    <Panel
      title={`${symbol} ${interval}`}
      class="candles"
      aside={
        <Choice
          label="Interval"
          value={interval}
          options={Object.keys(intervals).map((each) => ({ value: each, title: each }))}
          onChoose={setInterval}
        />
      }
    >
      <Candles
        key={interval}
        venue={venue}
        symbol={symbol}
        interval={interval}
        isStreamed={channels.includes(`bars:${interval}`)}
      />
    </Panel>
  )
}
