/**
 * What both markets ask alike of an account over REST: fills page by page.
 * Source: docs/venues/binance.md, "Reads of an account" and "Codes of accounts".
 */
import type { PrivateEvent, Trading, VenueError } from "@tidewire/core"
import { Clock, Effect } from "effect"
import * as wire from "../wire.ts"
import { fill } from "./orderRows.ts"
import * as outcome from "./outcome.ts"
import type { Action } from "./refusals.ts"
import type { SignedRest } from "./SignedRest.ts"

/** The most that one page has. */
const PAGE = 1_000

export const stampOf = (venue: string) =>
  Effect.map(Clock.currentTimeMillis, (receivedTime) => ({ venue, receivedTime }))

interface FillsRead {
  readonly path: string
  readonly venue: string
  readonly weight: number
  /** How much time one read by time covers, where the venue limits it: what comes later is not in it. */
  readonly windowMs?: number
}

/** Oldest first; the second page and those after it begin at an id, which has no hole and no window. */
export const fills = (
  rest: SignedRest,
  { path, venue, weight, windowMs = Infinity }: FillsRead,
  { since, symbol }: Trading.FillsRequest
): Effect.Effect<ReadonlyArray<PrivateEvent.Fill>, VenueError.VenueError> =>
  Effect.gen(function* () {
    const found: Array<PrivateEvent.Fill> = []
    let from: { readonly startTime: number } | { readonly fromId: number } = { startTime: since }
    while (true) {
      const parameters = { symbol, ...from, limit: PAGE }
      const rows: typeof wire.Fills.Type = yield* rest.read(path, parameters, wire.Fills, weight)
      const stamp = yield* stampOf(venue)
      const inOrder = rows.toSorted((a, b) => a.id - b.id)
      found.push(...inOrder.map((row) => fill(row, stamp)))
      const last = inOrder.at(-1)
      const isWindow: boolean = "startTime" in from && windowMs !== Infinity
      if (last !== undefined && (rows.length === PAGE || isWindow)) from = { fromId: last.id + 1 }
      else if (last !== undefined || !("startTime" in from)) return found
      else if (from.startTime + windowMs <= stamp.receivedTime) from = { startTime: from.startTime + windowMs }
      else return found
    }
  })

/** No such order, by a read that says so positively. */
export const orGone = <A>(
  read: Effect.Effect<A, VenueError.VenueError>,
  codes: ReadonlyMap<number, Action>
): Effect.Effect<A | undefined, VenueError.VenueError> =>
  Effect.catch(read, (error) =>
    outcome.is(codes, error.reason, "gone") ? Effect.succeed(undefined) : Effect.fail(error)
  )
