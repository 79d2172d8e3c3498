/** What became of each card: every card of the suite has an outcome. */
import type { Capabilities, Trading } from "@tidewire/core"

export type Outcome =
  | { readonly _tag: "Passed" }
  | { readonly _tag: "Failed"; readonly reason: string }
  /** The subject excuses itself. */
  | { readonly _tag: "Skipped"; readonly reason: string }
  /** The adapter does not claim what the card is about. */
  | { readonly _tag: "NotApplicable"; readonly reason: string }
  /** Not among the cards that were asked for. */
  | { readonly _tag: "NotSelected" }

export interface Report {
  readonly capabilities: Capabilities.Capabilities
  readonly trading?: Trading.TradingCapabilities
  /** By card id, in the order of the suite. */
  readonly outcomes: ReadonlyMap<string, Outcome>
}

/** The cards that failed, each with its reason. */
export const failures = ({ outcomes }: Report): ReadonlyArray<string> =>
  [...outcomes].flatMap(([id, outcome]) => (outcome._tag === "Failed" ? [`${id}: ${outcome.reason}`] : []))
