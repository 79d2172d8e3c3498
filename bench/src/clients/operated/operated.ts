/**
 * Trades as a session of the runner takes them that is operated: told to a bus, measured on their way, watched, the metrics read
 * once a second as Prometheus would, and the recent past kept as an API keeps it.
 */
import { EventBus, EventStore } from "@tidewire/core"
import { Effect, Schedule } from "effect"
import { Latency } from "../../../../apps/runner/src/metrics/Latency.ts"
import * as Metrics from "../../../../apps/runner/src/metrics/Metrics.ts"
import { telling } from "../../../../apps/runner/src/operation/bus.ts"
import type { Instance } from "../../../../apps/runner/src/operation/Instance.ts"
import { Watch } from "../../../../apps/runner/src/operation/Watch.ts"
import type { Told } from "../../../../apps/runner/src/output/Output.ts"
import { type ClientArguments, ownArguments } from "../../messages.ts"
import { Tally } from "../../tally.ts"
import { run } from "../tidewireStream.ts"

export interface Form {
  readonly hasMetrics: boolean
  readonly keepsRecent: boolean
}

export const operated = async ({ hasMetrics, keepsRecent }: Form): Promise<void> => {
  const given = ownArguments<ClientArguments>()
  const tally = new Tally()
  const failures: Array<string> = []
  const bus = new EventBus.EventBus<Told>({ onFailure: ({ error }) => void failures.push(String(error)) })
  const latency = new Latency()
  if (keepsRecent) {
    const store = new EventStore.EventStore()
    bus.onAny((event) => store.add(event as Parameters<typeof store.add>[0]))
  }
  await run(given, {
    ending: () => ({ consumed: tally.consumed(), problems: failures }),
    handler: (meter, control) => {
      const told = telling(bus, (event) => {
        if (event.type === "trade") meter.at(tally.trade(event.id, event.price))
        else control(event as Parameters<typeof control>[0])
      })
      return hasMetrics ? latency.measuring(told) : told
    },
    beside: (stream) =>
      Effect.gen(function* () {
        if (!hasMetrics) return
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
        const metrics = yield* Metrics.open(instance, latency, { perSymbol: "auto" }, () => ({}))
        yield* metrics.text.pipe(Effect.repeat(Schedule.spaced("1 second")), Effect.forkScoped)
      })
  })
}
