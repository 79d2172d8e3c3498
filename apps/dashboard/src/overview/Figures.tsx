/** The numbers that an operator looks at first. */
import type { ComponentChildren } from "preact"
import type { EngineStatus } from "@tidewire/engine"
import type { Status } from "../api/Status.ts"
import type { Latency } from "../api/Stream.ts"
import * as Number from "../format/number.ts"
import * as Time from "../format/time.ts"
import { usePoll } from "../live/usePoll.ts"
import * as Pace from "./Pace.ts"

export const Figures = () => {
  const { data: status } = usePoll<Status>("/api/status", 1_000)
  const { data: hops } = usePoll<ReadonlyArray<Latency>>("/api/latency", 2_000)
  const trades = status !== undefined && status.mode !== "none"
  const { data: engine } = usePoll<EngineStatus.EngineStatus>(trades ? "/api/engine" : undefined, 2_000)
  if (status === undefined) return null
  const { delivered, dropped, gaps, reconnects, repaired } = totals(status)
  const slowest = slowestOwn(hops ?? [])
  return (
    <dl class="figures">
      <Figure title="Events a second" value={Number.rate(Pace.take(status).total)}>
        {Number.count(delivered)} delivered
      </Figure>
      <Figure title="Own latency, p99" value={Time.latency(slowest?.p99)}>
        {slowest === undefined ? "not measured" : `${slowest.venue}, ${slowest.hop}`}
      </Figure>
      <Figure title="Gaps" value={Number.count(gaps)} isBad={gaps > repaired}>
        {gaps === 0
          ? "none told"
          : gaps === repaired
            ? "all repaired"
            : `${Number.count(gaps - repaired)} not repaired`}
      </Figure>
      <Figure title="Dropped" value={Number.count(dropped)} isBad={dropped > 0}>
        {Number.count(reconnects)} {reconnects === 1 ? "reconnect" : "reconnects"}
      </Figure>
      {engine !== undefined && (
        <Figure title={`Profit today, ${engine.daily.currency}`} value={Number.signed(engine.daily.pnl)}>
          {engine.orders.length} open {engine.orders.length === 1 ? "order" : "orders"}
        </Figure>
      )}
      <Figure title="Event loop, p99" value={Time.latency(status.process.eventLoopDelayMs.p99)}>
        {status.process.cpuPercent.toFixed(0)} % CPU, {Number.bytes(status.process.rssBytes)}
      </Figure>
    </dl>
  )
}

interface Properties {
  readonly title: string
  readonly value: string
  readonly isBad?: boolean
  readonly children: ComponentChildren
}

const Figure = ({ children, isBad, title, value }: Properties) => (
  <div class={isBad ? "figure bad" : "figure"}>
    <dt>{title}</dt>
    <dd>
      <b>{value}</b>
      <span>{children}</span>
    </dd>
  </div>
)

const totals = ({ venues }: Status) => ({
  delivered: venues.reduce((sum, { counts }) => sum + counts.delivered, 0),
  dropped: venues.reduce((sum, { counts }) => sum + counts.dropped, 0),
  gaps: venues.reduce((sum, { gaps }) => sum + gaps, 0),
  repaired: venues.reduce((sum, { gapsRepaired }) => sum + gapsRepaired, 0),
  reconnects: venues.reduce((sum, { feed }) => sum + feed.reconnects, 0)
})

/** From the socket to the handler: what is before that is the network's and the venue's. */
const slowestOwn = (hops: ReadonlyArray<Latency>): Latency | undefined =>
  hops
    .filter(({ count, hop }) => count > 0 && hop === "socket-handler")
    .toSorted((one, other) => other.p99 - one.p99)[0]
