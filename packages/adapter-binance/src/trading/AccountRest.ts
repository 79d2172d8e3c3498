/**
 * What both markets ask alike of an account over REST: fills page by page, and cancels whose order may be gone.
 * Source: docs/venues/binance.md, "Reads of an account" and "Codes of accounts".
 */
import { type Order, type PrivateEvent, type Trading, VenueError } from "@tidewire/core"
import { Clock, Effect, Result } from "effect"
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

/** Does it for each, whatever becomes of the others; fails as the first of those that failed. */
export const forEach = <A>(
  items: ReadonlyArray<A>,
  act: (item: A) => Effect.Effect<unknown, VenueError.VenueError>
): Effect.Effect<void, VenueError.VenueError> =>
  Effect.gen(function* () {
    const results = yield* Effect.forEach(items, (item) => Effect.result(act(item)))
    const failure = results.find(Result.isFailure)
    if (failure !== undefined) return yield* failure.failure
  })

export interface Cancelling {
  readonly venue: string
  readonly codes: ReadonlyMap<number, Action>
  readonly order: (reference: Order.Reference) => Effect.Effect<PrivateEvent.Order | undefined, VenueError.VenueError>
  readonly emit: (event: PrivateEvent.PrivateEvent) => void
}

/**
 * A cancel that is answered with "no such order" has come too late, or too early: the order is looked up. One that has ended
 * is told and the cancel has succeeded; one that is not there is refused; one that is open after all may be cancelled or not.
 */
export const orEnded = (
  cancel: Effect.Effect<unknown, VenueError.VenueError>,
  reference: Order.Reference,
  { codes, emit, order, venue }: Cancelling
): Effect.Effect<void, VenueError.VenueError> =>
  Effect.catch(Effect.asVoid(cancel), (error) => {
    if (!outcome.is(codes, error.reason, "gone")) return Effect.fail(error)
    const { clientOrderId } = reference
    const unknown = (message: string) =>
      new VenueError.VenueError({
        venue,
        operation: error.operation,
        reason: new VenueError.OutcomeUnknown({ message, clientOrderId })
      })
    return Effect.matchEffect(order(reference), {
      onFailure: ({ reason }) =>
        Effect.fail(unknown(`there is no such order to cancel, and it is not to be found: ${reason.message}`)),
      onSuccess: (found) => {
        if (found === undefined) return Effect.fail(error)
        if (found.status === "open" || found.status === "unknown") {
          return Effect.fail(unknown("the venue has the order, and says that there is none to cancel"))
        }
        return Effect.sync(() => {
          emit(found)
        })
      }
    })
  })
