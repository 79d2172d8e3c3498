/** A session without venues, with a bus that a test publishes on. */
import { EventBus } from "@tidewire/core"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { HttpEntry } from "../../src/configuration/HttpEntry.ts"
import type { Instance } from "../../src/operation/Instance.ts"
import { Watch } from "../../src/operation/Watch.ts"
import type { Told } from "../../src/output/Output.ts"

export const entry: HttpEntry = {
  host: "127.0.0.1",
  port: 0,
  whenTaken: "fail",
  origins: [],
  clients: 100,
  requestsPerSecond: 100_000,
  recent: { perSeries: 1_000, total: 10_000 }
}

export const instance = (): Instance => {
  const bus = new EventBus.EventBus<Told>({ onFailure: ({ error }) => assert.fail(String(error)) })
  const now = () => Date.now()
  return {
    version: "test",
    source: "test",
    startedAt: now(),
    phase: () => "running",
    venues: [],
    runner: {
      start: Effect.void,
      stop: () => Effect.succeed([]),
      venues: () => [],
      renew: () => ({ reset: [], rotated: [] }),
      crashed: Effect.never
    },
    trading: undefined,
    latency: undefined,
    bus,
    watch: new Watch([], bus, now)
  }
}
