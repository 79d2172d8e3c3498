/**
 * One row of an answer, read with the reader of a stream: what the venue writes alike on both ways is read alike.
 * The first event of the wanted type counts; what else the reader says of the row does not.
 */
import type { MarketEvent } from "./Event.ts"
import type { DecodeSink } from "./SocketVenue.ts"

const nothing = (): void => {}

/** The event of this type that the reader finds, or why there is none. */
export const one = <Type extends MarketEvent["type"]>(
  type: Type,
  read: (sink: DecodeSink) => void
): Extract<MarketEvent, { readonly type: Type }> | string => {
  let found: MarketEvent | undefined
  let wrong = `no ${type} in it`
  read({
    event: (event) => {
      if (event.type === type) found ??= event
    },
    malformed: (reason) => (wrong = reason),
    delta: nothing,
    snapshot: nothing,
    acknowledged: nothing,
    rejected: nothing,
    shutdownNotice: nothing,
    ignored: nothing,
    unknown: nothing,
    inexact: nothing,
    fallback: nothing
  })
  return (found as Extract<MarketEvent, { readonly type: Type }> | undefined) ?? wrong
}
