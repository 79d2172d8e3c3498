/** How good a state is. A tone is never shown by its colour alone: `State.tsx` has a shape for each, beside the state's name. */
import type { Event } from "@tidewire/core"
import type { Condition } from "../api/Health.ts"
import type { Alert, Stream } from "../api/Stream.ts"

export type Tone = "ok" | "busy" | "warn" | "bad" | "idle"

export const ofCondition: Readonly<Record<Condition, Tone>> = { ok: "ok", degraded: "warn", down: "bad" }

export const ofConnection: Readonly<Record<Event.Connection["state"], Tone>> = {
  Stopped: "idle",
  Connecting: "busy",
  Connected: "busy",
  Authenticating: "busy",
  Subscribing: "busy",
  Active: "ok",
  Reconnecting: "warn",
  Failed: "bad"
}

export const ofStream: Readonly<Record<Stream["state"], Tone>> = {
  live: "ok",
  quiet: "idle",
  pending: "busy",
  silent: "bad",
  ended: "idle"
}

export const ofBook: Readonly<Record<Event.BookState["state"], Tone>> = { live: "ok", syncing: "busy", stale: "bad" }

export const ofSeverity: Readonly<Record<Alert["severity"], Tone>> = { info: "busy", warning: "warn", critical: "bad" }

export const ofStrategy: Readonly<Record<string, Tone>> = {
  running: "ok",
  waiting: "busy",
  stopped: "idle",
  failed: "bad"
}
