/**
 * The metrics of a session: made when they are asked for, of what is counted anyway; sent to a collector where one is
 * configured.
 *
 * Guarantees: between two readings nothing is done but to count gaps and orders, and to measure about one event a millisecond
 * (`Latency`); two readings at once do not disturb each other. The number of series is bounded (`metrics.perSymbol`).
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as PrometheusMetrics from "effect/observability/PrometheusMetrics"
import type * as Scope from "effect/Scope"
import type { MetricsEntry } from "../configuration/MetricsEntry.ts"
import type { Instance } from "../operation/Instance.ts"
import type { Metrics, Parts } from "../operation/Parts.ts"
import * as Budgets from "./budgets.ts"
import * as Connections from "./connections.ts"
import { OrderCounts, show as showEngine } from "./engine.ts"
import { GapCounts, show as showFeeds } from "./feeds.ts"
import type { Latency } from "./Latency.ts"
import * as Otlp from "./otlp.ts"
import { Page } from "./Page.ts"
import * as OtherParts from "./parts.ts"
import { ProcessWatch } from "./ProcessWatch.ts"
import * as Session from "./session.ts"
import { Streams } from "./streams.ts"

/** With more streams, or connections, `auto` sums them. */
const MOST_EACH = 200

/** `parts` are asked for at each reading: they may come later. */
export const open = Effect.fnUntraced(function* (
  instance: Instance,
  latency: Latency,
  entry: MetricsEntry,
  parts: () => Parts
): Effect.fn.Return<Metrics, never, Scope.Scope> {
  const clock = yield* Clock.Clock
  const { bus, trading } = instance
  const gaps = new GapCounts(bus)
  const orders = new OrderCounts(bus)
  const streams = new Streams()
  const watch = yield* ProcessWatch.make
  const exports = Otlp.counts()
  latency.follow(bus)
  const isEach = (count: number): boolean => (entry.perSymbol === "auto" ? count <= MOST_EACH : entry.perSymbol)

  const read = (): Page => {
    const now = clock.currentTimeMillisUnsafe()
    const page = new Page()
    showFeeds(page, instance, gaps)
    streams.show(page, instance, isEach)
    Connections.show(page, instance, now, isEach)
    for (const { hop, state, venue } of latency.states()) {
      page.histogram("tidewire_latency_seconds", { venue, hop }, state)
    }
    Budgets.show(page, now)
    Session.show(page, instance, now)
    watch.show(page)
    if (trading !== undefined) showEngine(page, trading, orders)
    OtherParts.show(page, parts())
    if (entry.otlp !== undefined) exports.show(page)
    return page
  }

  if (entry.otlp !== undefined) yield* Otlp.send(entry.otlp, instance.version, new Readings(read), exports)
  return {
    text: Effect.sync(() =>
      PrometheusMetrics.formatUnsafe(Context.make(Metric.MetricRegistry, new Map(read().entries())))
    ),
    latency: () => latency.rows()
  }
})

/** A registry of metrics that is read anew whenever it is asked for all of them: series come and go. */
class Readings extends Map<string, Metric.Metric.Metadata<unknown, unknown>> {
  readonly #read: () => Page

  constructor(read: () => Page) {
    super()
    this.#read = read
  }

  override values(): MapIterator<Metric.Metric.Metadata<unknown, unknown>> {
    return new Map(this.#read().entries()).values()
  }
}
