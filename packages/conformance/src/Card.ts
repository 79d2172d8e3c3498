/**
 * One card: what is asked of an adapter, when it applies, and how it is found out. Cards are data, so that the list in
 * docs/conformance.md is made of them.
 */
import type { Capabilities, ConnectionOptions, Trading } from "@tidewire/core"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Failed } from "./Failed.ts"
import type { Stage } from "./Stage.ts"

export const groups = {
  lifecycle: "LC",
  "market data": "MD",
  books: "BK",
  resilience: "RS",
  backpressure: "BP",
  execution: "EX"
} as const

export type Group = keyof typeof groups

export interface Card {
  /** Two letters of its group and a number; never given to another card. */
  readonly id: string
  /** A sentence of behaviour: what is so when it passes. */
  readonly title: string
  /** What the adapter must claim, or the exchange be able to do. */
  readonly prerequisite: string
  readonly action: string
  readonly pass: string
  /** Why it does not apply to an adapter of these capabilities; absent: it always applies. */
  readonly unless?: (
    capabilities: Capabilities.Capabilities,
    trading: Trading.TradingCapabilities | undefined
  ) => string | undefined
  /** What this card wants of the connection; the rest is quick reconnecting. */
  readonly connection?: Partial<ConnectionOptions.ConnectionOptions>
  readonly check: (stage: Stage) => Effect.Effect<void, Failed, Scope.Scope>
}

export const groupOf = ({ id }: Pick<Card, "id">): Group =>
  (Object.keys(groups) as ReadonlyArray<Group>).find((group) => id.startsWith(`${groups[group]}-`))!
