/**
 * A handler with what a session of the runner has around it: a bus that is told, the metrics, and the recent past that an API
 * keeps.
 */
import { EventBus, EventStore, type MarketStream } from "@tidewire/core"
import { Effect } from "effect"
import { Latency } from "../../../apps/runner/src/metrics/Latency.ts"
import * as Metrics from "../../../apps/runner/src/metrics/Metrics.ts"
import { telling } from "../../../apps/runner/src/operation/bus.ts"
import type { Instance } from "../../../apps/runner/src/operation/Instance.ts"
import { Watch } from "../../../apps/runner/src/operation/Watch.ts"
import type { Told } from "../../../apps/runner/src/output/Output.ts"

export const forms = ["nothing", "a bus", "metrics", "metrics and recent events"] as const
export type Form = (typeof forms)[number]

export const make = (form: Form) => {
  const failures: Array<string> = []
  const bus = new EventBus.EventBus<Told>({ onFailure: ({ error }) => void failures.push(String(error)) })
  const latency = new Latency()
  const hasMetrics = form === "metrics" || form === "metrics and recent events"
  if (form === "metrics and recent events") {
    const store = new EventStore.EventStore()
    bus.onAny((event) => store.add(event as Parameters<typeof store.add>[0]))
  }

  const around = (handler: MarketStream.Handler): MarketStream.Handler => {
    if (form === "nothing") return handler
    const told = telling(bus, handler as Parameters<typeof telling>[1])
    return hasMetrics ? latency.measuring(told) : told
  }

  /** The metrics of a stream, where the form has them. */
  const metrics = Effect.fnUntraced(function* (stream: MarketStream.MarketStream) {
    if (!hasMetrics) return undefined
    const name = stream.adapter.venue
    const venues = [{ name, stream }] as unknown as Instance["venues"]
    const status = [{ name, stream, connections: [], failure: undefined }]
    yield* bus.timers()
    const instance: Instance = {
      version: "0",
      source: "bench",
      startedAt: 0,
      phase: () => "running",
      venues,
      runner: { venues: () => status } as unknown as Instance["runner"],
      trading: undefined,
      bus,
      watch: new Watch(venues, bus, () => 0),
      latency
    }
    return yield* Metrics.open(instance, latency, { perSymbol: "auto" }, () => ({}))
  })

  return { around, failures, metrics }
}
