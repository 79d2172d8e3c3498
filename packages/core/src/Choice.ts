/**
 * One of the things that there are, by its name in a configuration; a name that does not exist fails with those that do.
 */
import * as Effect from "effect/Effect"
import * as Spelling from "./Spelling.ts"
import { InvalidRequest, VenueError } from "./VenueError.ts"

/** `what` is the word for it in the message: `venue`, `environment`. */
export const of = <A>(
  settings: { readonly name: string },
  what: string,
  given: string,
  known: ReadonlyMap<string, A>
): Effect.Effect<A, VenueError> => {
  const found = known.get(given)
  if (found !== undefined) return Effect.succeed(found)
  const message = `no ${what} "${given}"${Spelling.hint(given, known.keys())}; there is ${[...known.keys()].join(", ")}`
  const reason = new InvalidRequest({ message })
  return Effect.fail(new VenueError({ venue: settings.name, operation: "configure", reason }))
}
