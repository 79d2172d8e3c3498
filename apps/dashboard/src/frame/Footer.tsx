/** What the page says of itself. The link is what the licence of the charts asks for. */
import { useCell } from "../live/Cell.ts"
import { lost } from "../live/LiveSocket.ts"
import * as Number from "../format/number.ts"

export const Footer = () => {
  const missed = useCell(lost)
  return (
    <footer>
      <span>Times are UTC.</span>
      {missed > 0 && (
        <span>This page was too slow for {Number.count(missed)} events; it has read what it shows anew.</span>
      )}
      <a href="/docs">API</a>
      <a href="https://www.tradingview.com/" rel="noreferrer">
        Charts by TradingView Lightweight Charts™
      </a>
    </footer>
  )
}
