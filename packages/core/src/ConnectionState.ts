/**
 * The states of a connection as a pure, total transition table (S-C1, S-B5). The supervisor is the only one who moves it.
 *
 * ```
 * Stopped → Connecting → Connected → [Authenticating] → Subscribing ⇄ Active
 *               ▲  └──────────┴──────────────┴───────────────┴───────────┘ lost
 *               └── Reconnecting ◄───────────────────────────────────────┘
 *               └── Failed (attempts used up; probes again after its cool-down)
 * ```
 * An input that means nothing in a state leaves it as it is.
 */
export type State =
  | { readonly _tag: "Stopped"; readonly attempt: 0 }
  | { readonly _tag: "Connecting"; readonly attempt: number }
  | { readonly _tag: "Connected"; readonly attempt: number }
  | { readonly _tag: "Authenticating"; readonly attempt: number }
  | { readonly _tag: "Subscribing"; readonly attempt: number }
  | { readonly _tag: "Active"; readonly attempt: number }
  | { readonly _tag: "Reconnecting"; readonly attempt: number; readonly reason: string }
  | { readonly _tag: "Failed"; readonly attempt: number; readonly reason: string }

export type Input =
  | { readonly _tag: "Start" }
  | { readonly _tag: "Opened" }
  | { readonly _tag: "AuthenticationNeeded" }
  | { readonly _tag: "SubscribingStarted" }
  | { readonly _tag: "AllAcknowledged" }
  | { readonly _tag: "NewSubscriptions" }
  /** The socket is gone, or never came. */
  | { readonly _tag: "Lost"; readonly reason: string }
  /** `attempt` counts since the last stable session. */
  | { readonly _tag: "RetryNow"; readonly attempt: number }
  | { readonly _tag: "AttemptsUsedUp"; readonly reason: string }
  | { readonly _tag: "CoolDownEnded"; readonly attempt: number }
  | { readonly _tag: "Stop" }

export const initial: State = { _tag: "Stopped", attempt: 0 }

export const next = (state: State, input: Input): State => {
  const { attempt } = state
  switch (input._tag) {
    case "Start":
      return state._tag === "Stopped" ? { _tag: "Connecting", attempt: 0 } : state
    case "Opened":
      return state._tag === "Connecting" ? { _tag: "Connected", attempt } : state
    case "AuthenticationNeeded":
      return state._tag === "Connected" ? { _tag: "Authenticating", attempt } : state
    case "SubscribingStarted":
      return state._tag === "Connected" || state._tag === "Authenticating" ? { _tag: "Subscribing", attempt } : state
    case "AllAcknowledged":
      return state._tag === "Subscribing" ? { _tag: "Active", attempt } : state
    case "NewSubscriptions":
      return state._tag === "Active" ? { _tag: "Subscribing", attempt } : state
    case "Lost":
      return hasSocketOrDials(state) ? { _tag: "Reconnecting", attempt, reason: input.reason } : state
    case "RetryNow":
      return state._tag === "Reconnecting" ? { _tag: "Connecting", attempt: input.attempt } : state
    case "AttemptsUsedUp":
      return state._tag === "Reconnecting" ? { _tag: "Failed", attempt, reason: input.reason } : state
    case "CoolDownEnded":
      return state._tag === "Failed" ? { _tag: "Connecting", attempt: input.attempt } : state
    case "Stop":
      return state._tag === "Stopped" ? state : initial
  }
}

const hasSocketOrDials = ({ _tag }: State): boolean =>
  _tag !== "Stopped" && _tag !== "Reconnecting" && _tag !== "Failed"
