/**
 * The seldom paths of an event: fields with more digits than a float64 holds, and fields that are absent. The usual
 * event is one literal and passes through untouched.
 */
import * as Decimal from "./Decimal.ts"
import type { DecodeSink } from "./SocketVenue.ts"

export type Exact = Readonly<Record<string, string>>

/** An event in the making: what may be absent may still be there as `undefined`. */
export type Loose<E> = { readonly [Field in keyof E]: E[Field] | undefined }

/** The texts of those fields that a float64 does not hold, each told to the sink; `undefined` when there are none. */
export const inexact = (sink: Pick<DecodeSink, "inexact">, texts: Readonly<Record<string, unknown>>) => {
  let exact: Record<string, string> | undefined
  for (const [field, text] of Object.entries(texts)) {
    if (typeof text === "string" && !Decimal.isExact(text)) {
      exact ??= {}
      exact[field] = text
      sink.inexact()
    }
  }
  return exact
}

/** A copy without the fields that are `undefined`, and with `exact` where there is any. */
export const sparse = <E extends { readonly exact?: Exact }>(event: Loose<E>, exact: Exact | undefined): E => {
  const copy: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(event)) {
    if (value !== undefined) copy[field] = value
  }
  if (exact !== undefined) copy["exact"] = exact
  return copy as unknown as E
}
