/** A filter as a client asks for it, checked: a type or a venue that there is not would wait for ever. */
import { Spelling } from "@tidewire/core"
import * as Effect from "effect/Effect"
import type { Instance } from "../../operation/Instance.ts"
import * as Refusal from "../Refusal.ts"
import * as EventFilter from "./EventFilter.ts"

export const filterOf = (
  asked: EventFilter.Asked,
  { venues }: Pick<Instance, "venues">
): Effect.Effect<EventFilter.EventFilter, Refusal.Refusal<"BadRequest">> => {
  const filter = EventFilter.read(asked)
  const problem =
    unknown("type", filter.type, [...EventFilter.types]) ??
    unknown(
      "venue",
      filter.venue,
      venues.map(({ name }) => name)
    )
  return problem === undefined ? Effect.succeed(filter) : Effect.fail(problem)
}

const unknown = (what: string, given: ReadonlySet<string> | undefined, known: ReadonlyArray<string>) => {
  const wrong = [...(given ?? [])].find((each) => !known.includes(each))
  if (wrong === undefined) return undefined
  return Refusal.of(
    "BadRequest",
    `there is no such ${what}${Spelling.hint(wrong, known)}; expected ${known.join(", ")}`,
    what
  )
}
