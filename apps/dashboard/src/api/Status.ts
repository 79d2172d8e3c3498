/** `GET /api/status`: the totals of the instance and of each venue. */
import type { MarketStream, VenueAdapter } from "@tidewire/core"

export interface VenueSummary {
  readonly name: string
  readonly adapter: string
  readonly failure?: string
  readonly connections: { readonly active: number; readonly total: number }
  readonly counts: MarketStream.QueueCounts
  readonly feed: VenueAdapter.FeedCounts
  readonly gaps: number
  readonly gapsRepaired: number
  readonly instruments: number
}

export interface Status {
  readonly version: string
  readonly source: string
  readonly startedAt: number
  readonly uptimeMs: number
  readonly phase: string
  readonly mode: "none" | "paper" | "live"
  readonly halted?: string
  readonly venues: ReadonlyArray<VenueSummary>
  readonly process: {
    readonly pid: number
    readonly rssBytes: number
    readonly heapBytes: number
    readonly eventLoopDelayMs: { readonly p50: number; readonly p99: number; readonly max: number }
    readonly cpuPercent: number
  }
  readonly clients: { readonly sse: number; readonly ws: number; readonly lost: number }
}
