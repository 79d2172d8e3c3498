/**
 * What the main thread and a worker tell each other. Only plain data passes; secrets pass as the environment's values,
 * in memory, and nowhere else.
 */
import type {
  DialBudget,
  MarketStream,
  RestBudget,
  Subscription,
  Urgency,
  VenueAdapter,
  VenueError
} from "@tidewire/core"
import type { LogLevel } from "effect/LogLevel"
import type { Path } from "../configuration/Problem.ts"
import type { Environment } from "../configuration/secrets.ts"
import type { EventBatch } from "./EventBatch.ts"

/** What makes the same adapter again from what the configuration says. */
export interface Origin {
  /** The venue entry as it was written. */
  readonly entry: unknown
  readonly path: Path
  /** Where packages and paths are looked for. */
  readonly folders: ReadonlyArray<string>
  /** The variables that the entry names, and no others. */
  readonly environment: Environment
}

/** What a worker is begun with. */
export interface Order extends Origin {
  readonly subscriptions: ReadonlyArray<Subscription.Subscription>
  readonly minimumLogLevel: LogLevel
}

/** What waits for a permit of the one budget of the process. */
export type Permit =
  | {
      readonly of: "dials"
      readonly key: string
      readonly limits: DialBudget.DialLimits
      readonly urgency: DialBudget.Urgency
    }
  | {
      readonly of: "requests"
      readonly key: string
      readonly limits: RestBudget.RestLimits
      readonly weight: number
      readonly urgency: Urgency.Urgency
    }

export type ToWorker =
  /** A batch has been delivered. */
  | { readonly type: "taken" }
  | {
      readonly type: "update"
      readonly id: number
      readonly subscriptions: ReadonlyArray<Subscription.Subscription>
      readonly reasons: ReadonlyMap<string, string>
    }
  | { readonly type: "rotate" | "reconnect" | "reset"; readonly connection: string }
  | { readonly type: "pause" | "resume"; readonly subscription: Subscription.Subscription }
  | { readonly type: "granted"; readonly id: number; readonly atMs: number }
  | { readonly type: "stop" }

/** A `VenueError` without what cannot be handed over: its cause. */
export interface PlainError {
  readonly operation: string
  readonly tag: VenueError.Reason["_tag"]
  readonly fields: Readonly<Record<string, unknown>>
}

/** How a worker's feed stands. What has not changed is left out. */
export interface Account {
  readonly states?: ReadonlyArray<VenueAdapter.ConnectionStatus>
  readonly samples?: ReturnType<VenueAdapter.Feed["samples"]>
  readonly counts: VenueAdapter.FeedCounts
  readonly queue: MarketStream.QueueCounts
}

export interface LogRecord {
  readonly level: string
  readonly message: unknown
  readonly annotations: Readonly<Record<string, unknown>>
  readonly cause: string | undefined
}

export type FromWorker =
  | { readonly type: "events"; readonly batch: EventBatch }
  | { readonly type: "account"; readonly account: Account }
  | { readonly type: "opened" }
  | { readonly type: "failed"; readonly error: PlainError }
  | { readonly type: "updated"; readonly id: number; readonly error?: PlainError }
  | { readonly type: "take"; readonly id: number; readonly permit: Permit }
  | { readonly type: "leave"; readonly id: number }
  | {
      readonly type: "rest"
      readonly key: string
      readonly limits: DialBudget.DialLimits
      readonly ms: number
    }
  | {
      readonly type: "answered"
      readonly key: string
      readonly limits: RestBudget.RestLimits
      readonly sentMs: number
      readonly answer: RestBudget.Answer
      readonly nowMs: number
    }
  | { readonly type: "log"; readonly record: LogRecord }
  | { readonly type: "stopped"; readonly account: Account }
