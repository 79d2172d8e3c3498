/**
 * The REST requests of an account: stamped and signed just before they are sent, once more when the stamp was wrong, within
 * the budgets of weight and of orders. What may have been carried out fails with `OutcomeUnknown`, and with nothing else.
 * Source: docs/venues/binance.md, "Signatures" and "Limits of orders".
 */
import { type OrderBudget, type Rest, Urgency, type VenueClock, VenueError } from "@tidewire/core"
import { Clock, Effect, Redacted, type Schema } from "effect"
import type { Credentials } from "./credentials.ts"
import * as orderCounts from "./orderCounts.ts"
import * as outcome from "./outcome.ts"
import type { Action } from "./refusals.ts"
import * as signed from "./signed.ts"

export interface SignedRestSetup {
  readonly venue: string
  readonly rest: Pick<Rest.Asking, "send">
  readonly credentials: Credentials
  readonly clock: VenueClock.VenueClock
  readonly codes: ReadonlyMap<number, Action>
  readonly orders: OrderBudget.OrderBudget
}

export interface Change<A, I> {
  readonly method: Rest.Method
  readonly path: string
  readonly parameters: Rest.Parameters
  readonly schema: Schema.Codec<A, I>
  readonly weight: number
  /** The client order id that it is about, `"*"` for all of a symbol. */
  readonly about: string
  /** An order, which the venue counts; else it goes before orders. */
  readonly isOrder?: boolean
}

export interface SignedRest {
  readonly read: <A, I>(
    path: string,
    parameters: Rest.Parameters,
    schema: Schema.Codec<A, I>,
    weight: number
  ) => Effect.Effect<A, VenueError.VenueError>
  readonly change: <A, I>(change: Change<A, I>) => Effect.Effect<A, VenueError.VenueError>
  /** With the key alone, without stamp and signature. */
  readonly withKey: <A, I>(
    request: Pick<Change<A, I>, "method" | "path" | "parameters" | "schema" | "weight">
  ) => Effect.Effect<A, VenueError.VenueError>
}

/** How long an order may wait for room: one that comes much later than it was decided on is another order. */
export const PATIENCE = "2 seconds"

export const make = ({ clock, codes, credentials, orders, rest, venue }: SignedRestSetup): SignedRest => {
  const headers = { "x-mbx-apikey": Redacted.value(credentials.apiKey) }
  const classify = (about: outcome.About) => (answer: Rest.Answer) => {
    const refusal = outcome.refusalOf(answer)
    return refusal && outcome.reasonOf(codes, refusal, about)
  }

  /** A stamp that was wrong was not carried out. */
  const send = <A, I>(sending: Rest.Sending<A, I>, about: outcome.About) =>
    Effect.gen(function* () {
      yield* clock.ready
      const time = yield* Clock.Clock
      let stamp = 0
      const unknown = outcome.unknown(about)
      const attempt = rest.send({
        ...sending,
        classify: classify(about),
        ...(unknown !== undefined && { unknown }),
        prepare: (parameters) => {
          stamp = clock.now()
          const stamped = [
            ...parameters,
            ["recvWindow", String(credentials.recvWindow)],
            ["timestamp", String(stamp)]
          ] as const
          return { query: signed.query(stamped, credentials.signer), headers }
        },
        answered: (answer) => orderCounts.fromHeaders(orders, answer.headers, time.currentTimeMillisUnsafe())
      })
      return yield* Effect.catch(attempt, (error) =>
        outcome.is(codes, error.reason, "clock") ? Effect.andThen(clock.corrected(stamp), attempt) : Effect.fail(error)
      )
    })

  return {
    read: (path, parameters, schema, weight) =>
      Effect.provideService(
        send({ method: "GET", path, parameters, schema, weight }, undefined),
        Urgency.current,
        "account"
      ),
    change: ({ about, isOrder = false, ...sending }) => {
      const sent = send(isOrder ? { ...sending, patience: PATIENCE } : sending, about)
      const urgent = Effect.provideService(sent, Urgency.current, isOrder ? "order" : "account")
      return isOrder ? Effect.andThen(room(orders, venue, `${sending.method} ${sending.path}`), urgent) : urgent
    },
    withKey: (request) =>
      Effect.provideService(
        rest.send({
          ...request,
          classify: classify(undefined),
          prepare: (parameters) => ({ query: query(parameters), headers })
        }),
        Urgency.current,
        "account"
      )
  }
}

const query = (parameters: ReadonlyArray<readonly [string, string]>): string => {
  return new URLSearchParams(parameters.map(([key, value]) => [key, value])).toString()
}

/** Waits for room among the orders; what finds none in time was certainly not sent. */
export const room = (
  orders: OrderBudget.OrderBudget,
  venue: string,
  operation: string
): Effect.Effect<unknown, VenueError.VenueError> =>
  orders.takeWithin("order", PATIENCE, () => {
    const reason = new VenueError.RateLimited({ message: "not sent: as many orders as the venue allows" })
    return new VenueError.VenueError({ venue, operation, reason })
  })
