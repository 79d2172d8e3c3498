/**
 * What the venue's refusals of REST reads mean: one table of its codes, and the HTTP statuses that come without one.
 * A status that tells us to keep away outweighs the code in the body.
 *
 * Not written yet: the codes, and where in the body they are. Refusals with a status of 200 are not seen.
 * Source: docs/venues/newvenue.md, "Error codes".
 */
import { Rest, VenueError } from "@tidewire/core"

const keepAway: ReadonlyArray<number> = [403, 418, 429]

export const classify = ({ headers, status }: Rest.Answer): VenueError.Reason | undefined => {
  if (status >= 200 && status < 300) return undefined
  const message = `HTTP ${status}`
  const retryAfterMs = Rest.retryAfterMs(headers)
  const later = { message, ...(retryAfterMs !== undefined && { retryAfterMs }) }
  if (keepAway.includes(status)) return new VenueError.RateLimited(later)
  return status >= 500 ? new VenueError.VenueUnavailable(later) : new VenueError.InvalidRequest({ message })
}
