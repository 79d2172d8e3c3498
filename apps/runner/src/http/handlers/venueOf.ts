/** The venue that a request names. */
import * as Effect from "effect/Effect"
import { Spelling } from "@tidewire/core"
import type { Instance } from "../../operation/Instance.ts"
import type { PreparedVenue } from "../../venues/PreparedVenue.ts"
import * as Refusal from "../Refusal.ts"

export const venueOf = (
  { venues }: Instance,
  name: string
): Effect.Effect<PreparedVenue, Refusal.Refusal<"UnknownVenue">> => {
  const found = venues.find((each) => each.name === name)
  if (found !== undefined) return Effect.succeed(found)
  const names = venues.map((each) => each.name)
  const message = `no venue has this name${Spelling.hint(name, names)}; there is ${names.join(", ")}`
  return Effect.fail(Refusal.of("UnknownVenue", message, "venue"))
}

/** The venue's own spelling of a symbol that is given in any; as it is given where there is no list. */
export const symbolOf = (
  { index, name }: PreparedVenue,
  given: string
): Effect.Effect<string, Refusal.Refusal<"UnknownSymbol">> => {
  const found = index?.find(given)
  if (found === undefined) return Effect.succeed(given)
  if (found._tag === "Found") return Effect.succeed(found.instrument.symbol)
  const hint = found.nearest.length === 0 ? "" : ` (did you mean ${found.nearest.join(" or ")}?)`
  return Effect.fail(Refusal.of("UnknownSymbol", `this is no symbol of ${name}${hint}`, "symbol"))
}
