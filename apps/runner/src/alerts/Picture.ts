/** What rules look at: how everything stands at one moment. */
import type { VenueAdapter } from "@tidewire/core"
import type { Engine } from "@tidewire/engine"
import type { Instance } from "../operation/Instance.ts"
import type { HopLatency, Parts, StoreStatus } from "../operation/Parts.ts"
import type { StreamStatus } from "../operation/Watch.ts"

export interface VenuePicture {
  readonly name: string
  readonly failure: string | undefined
  readonly connections: ReadonlyArray<VenueAdapter.ConnectionStatus>
  /** Absent until it is open. */
  readonly counts: VenueAdapter.FeedCounts | undefined
}

export interface Picture {
  /** Epoch ms. */
  readonly time: number
  readonly venues: ReadonlyArray<VenuePicture>
  readonly streams: ReadonlyArray<StreamStatus>
  readonly engine: Engine.EngineStatus | undefined
  readonly store: StoreStatus | undefined
  readonly latency: ReadonlyArray<HopLatency>
  readonly rssBytes: number
}

export const take = ({ runner, trading, watch }: Instance, { metrics, store }: Parts, time: number): Picture => ({
  time,
  venues: runner.venues().map(({ connections, failure, name, stream }) => ({
    name,
    failure,
    connections,
    counts: stream?.feed.counts()
  })),
  streams: watch.streams(),
  engine: trading?.engine.status(),
  store: store?.status(),
  latency: metrics?.latency() ?? [],
  rssBytes: process.memoryUsage.rss()
})
