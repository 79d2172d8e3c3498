/** A `VenueError` on its way from one thread to another: its reason keeps its tag and its fields, its cause stays behind. */
import { VenueError } from "@tidewire/core"
import type { PlainError } from "./messages.ts"

export const from = ({ operation, reason }: VenueError.VenueError): PlainError => {
  const { cause: _, ...fields } = { ...reason } as Record<string, unknown>
  return { operation, tag: reason._tag, fields: { ...fields, message: reason.message } }
}

export const to = (venue: string, { fields, operation, tag }: PlainError): VenueError.VenueError => {
  const Reason = VenueError[tag] as unknown as new (fields: PlainError["fields"]) => VenueError.Reason
  return new VenueError.VenueError({ venue, operation, reason: new Reason(fields) })
}
