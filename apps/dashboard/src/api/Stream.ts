/** `GET /api/streams`, `/api/connections` and their history, `/api/latency`: what is watched, line by line. */
import type { Event, VenueAdapter } from "@tidewire/core"

export interface Stream {
  readonly venue: string
  readonly symbol: string
  readonly channel: string
  readonly state: Event.SubscriptionState["state"]
  readonly reason?: string
  /** Of a book. */
  readonly book?: Event.BookState["state"]
  readonly delivered: number
  readonly perSecond: number
  readonly conflated: number
  readonly dropped: number
  readonly waiting: number
  readonly ageMs?: number
  readonly gaps: number
  readonly gapsUnrepaired: number
}

export interface Connection extends Omit<VenueAdapter.ConnectionStatus, "reason"> {
  readonly venue: string
  readonly reason?: string
}

export interface ConnectionChange {
  /** Epoch ms. */
  readonly time: number
  readonly venue: string
  readonly connection: string
  readonly state: Event.Connection["state"]
  readonly attempt: number
  readonly reason?: string
}

/** Of one hop of an event's way, ms. */
export interface Latency {
  readonly venue: string
  readonly hop: string
  readonly count: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly max: number
}

export interface Alert {
  readonly id: string
  readonly rule: string
  readonly severity: "info" | "warning" | "critical"
  readonly subject: string
  readonly message: string
  readonly since: number
  readonly until?: number
}

export interface Alerts {
  readonly active: ReadonlyArray<Alert>
  readonly history: ReadonlyArray<Alert>
}

/** `GET /api/pnl`: of the day. */
export interface Pnl {
  readonly currency: string
  readonly points: ReadonlyArray<{ readonly time: number; readonly pnl: string | number }>
}

export interface BookAnswer {
  readonly venue: string
  readonly symbol: string
  readonly state: Event.BookState["state"]
  readonly sequence?: number
  readonly bids: ReadonlyArray<Event.Level>
  readonly asks: ReadonlyArray<Event.Level>
}
