/**
 * The faults a simulator can be told to show, as plain data. `FaultRegistry` says when they act.
 * A filter's absent fields match everything; `stream` may contain `*`.
 */
import type { MarketKind } from "../market/definition.ts"
import type { Route } from "../socket/SocketPath.ts"

export interface FaultFilter {
  readonly market?: MarketKind
  /** Upper case. For connections: has a subscription of this symbol. */
  readonly symbol?: string
  /** The venue's stream name. For connections: has subscribed to it. */
  readonly stream?: string
  readonly route?: Route
  /** The connection's id, as `stats()` shows it. */
  readonly connection?: number
}

export type MalformedForm = "json" | "truncated" | "types" | "missing" | "binary" | "empty"

/** Raw and combined sockets of the streams, and the WebSocket API's wrapper. Default: as the connection's envelope. */
export type NoticeShape = "raw" | "combined" | "api"

/** Absent: any of them. */
export type OrderRequestKind = "place" | "cancel" | "amend"

export type FaultKind =
  | { readonly kind: "refuse"; readonly status?: number; readonly retryAfterS?: number }
  | { readonly kind: "slowHandshake"; readonly delayMs: number }
  | {
      readonly kind: "acceptThenClose"
      readonly afterMs?: number
      readonly code?: number
      readonly reason?: string
    }
  | { readonly kind: "kill" }
  | { readonly kind: "close"; readonly code?: number; readonly reason?: string }
  | { readonly kind: "shutdownNotice"; readonly closeAfterMs?: number; readonly shape?: NoticeShape }
  | { readonly kind: "listenKeyExpired" }
  | { readonly kind: "slowReader"; readonly newConnections?: boolean }
  | { readonly kind: "lag"; readonly delayMs: number }
  | { readonly kind: "ackDelay"; readonly delayMs: number }
  | { readonly kind: "dropAck" }
  | { readonly kind: "rejectSubscribe"; readonly code?: number; readonly msg?: string }
  | { readonly kind: "silence"; readonly newConnections?: boolean }
  | {
      readonly kind: "silentStream"
      readonly until?: "resubscribe" | "reconnect"
      readonly newConnections?: boolean
    }
  | { readonly kind: "crowdedSilence"; readonly maxStreams?: number }
  | { readonly kind: "drop" }
  | { readonly kind: "duplicate" }
  | { readonly kind: "reorder" }
  | { readonly kind: "malformed"; readonly form: MalformedForm; readonly keep?: boolean }
  | { readonly kind: "delay"; readonly delayMs: number }
  | { readonly kind: "zeroLevel" }
  | { readonly kind: "skewedClock"; readonly offsetMs: number }
  | { readonly kind: "omitClosingBar" }
  | { readonly kind: "restart" }
  | { readonly kind: "snapshotFirst" }
  | { readonly kind: "deltaFirst"; readonly never?: boolean }
  | { readonly kind: "staleSnapshot"; readonly behind?: number }
  | { readonly kind: "aheadSnapshot"; readonly holdMs?: number }
  | {
      readonly kind: "rest"
      readonly status: number
      readonly path?: string
      readonly code?: number
      readonly msg?: string
      readonly retryAfterS?: number
    }
  | { readonly kind: "restTimeout"; readonly path?: string }
  | { readonly kind: "slowRest"; readonly delayMs: number; readonly path?: string }
  | { readonly kind: "rejectOrder"; readonly request?: OrderRequestKind; readonly code?: number; readonly msg?: string }
  | { readonly kind: "unknownOutcome"; readonly request?: OrderRequestKind }
  | { readonly kind: "lostAck"; readonly request?: OrderRequestKind }
  | { readonly kind: "earlyEvents"; readonly request?: OrderRequestKind; readonly delayMs?: number }
  | { readonly kind: "doubleFill" }
  | { readonly kind: "lateReports"; readonly delayMs: number }

export interface FaultScope {
  readonly filter?: FaultFilter
  /** How often it acts. Default: once, or without end for the faults that are states. */
  readonly count?: number
  readonly durationMs?: number
  /** Lets this many matching occasions pass first. */
  readonly after?: number
}

export type Fault = FaultKind & FaultScope

export type FaultOf<K extends Fault["kind"]> = Extract<Fault, { readonly kind: K }>

/** Faults that act at the moment of injection, on what is open then, and are over. */
export const immediate = ["kill", "close", "shutdownNotice", "listenKeyExpired", "restart"] as const

export type Immediate = (typeof immediate)[number]

export const isImmediate = (fault: Fault): fault is FaultOf<Immediate> =>
  (immediate as ReadonlyArray<string>).includes(fault.kind)

/** Faults of what only Bybit does. */
export const bybitOnly: ReadonlyArray<Fault["kind"]> = ["restart", "snapshotFirst", "deltaFirst"]

/** Faults that last until cleared unless a count or a duration says otherwise. */
export const lasting: ReadonlyArray<Fault["kind"]> = [
  "silence",
  "silentStream",
  "crowdedSilence",
  "slowHandshake",
  "slowReader",
  "lag",
  "delay",
  "ackDelay",
  "skewedClock",
  "slowRest",
  "lateReports"
]

/** Faults of orders and of what is told of accounts. */
export const ofAccounts: ReadonlyArray<Fault["kind"]> = [
  "rejectOrder",
  "unknownOutcome",
  "lostAck",
  "earlyEvents",
  "doubleFill",
  "lateReports"
]
