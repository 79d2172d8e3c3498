/**
 * The instruments of the venue. One that cannot be read is left out and counted; it costs none of the others.
 *
 * Not written yet: the read fails.
 * Source: docs/venues/newvenue.md, "Instruments".
 */
import { type Instrument, type Rest, VenueError } from "@tidewire/core"
import { Effect } from "effect"

export const list = (
  _rest: Rest.Rest,
  venue: string
): Effect.Effect<ReadonlyArray<Instrument.Instrument>, VenueError.VenueError> => {
  const reason = new VenueError.Unsupported({ message: "src/instruments.ts is not written yet" })
  return Effect.fail(new VenueError.VenueError({ venue, operation: "list the instruments", reason }))
}
