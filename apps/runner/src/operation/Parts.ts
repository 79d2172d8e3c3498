/** What the parts of an operation show each other. Each is there where it is configured. */
import type * as Effect from "effect/Effect"

/** How long events took over one hop of their way, ms. */
export interface HopLatency {
  readonly venue: string
  readonly hop: string
  readonly count: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly max: number
}

export interface Metrics {
  /** In Prometheus' text format. */
  readonly text: Effect.Effect<string>
  readonly latency: () => ReadonlyArray<HopLatency>
}

export interface Alert {
  readonly id: string
  /** The name of the rule that it is of. */
  readonly rule: string
  readonly severity: "info" | "warning" | "critical"
  /** What it is about: a stream, a connection, a strategy. */
  readonly subject: string
  readonly message: string
  /** Epoch ms. */
  readonly since: number
  /** When it was over; absent while it is not. */
  readonly until?: number
}

export interface Alerts {
  readonly active: () => ReadonlyArray<Alert>
  /** Those that are over, oldest first. */
  readonly history: () => ReadonlyArray<Alert>
}

/** A plain object that is JSON as it is. */
export interface StoreStatus {
  readonly kind: string
  readonly state: "open" | "behind" | "down"
  readonly reason?: string
  /** Events that were taken, are durable, wait, and were dropped because there was no room for them. */
  readonly taken: number
  readonly stored: number
  readonly waiting: number
  readonly dropped: number
  /** On the disk, until the database takes them. */
  readonly spilled?: number
  readonly bytes?: number
}

export interface Store {
  readonly status: () => StoreStatus
}

export interface Parts {
  readonly metrics?: Metrics
  readonly alerts?: Alerts
  readonly store?: Store
}
