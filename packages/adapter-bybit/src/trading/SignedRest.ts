/**
 * The REST requests of an account: stamped and signed just before they are sent, once more when the stamp was wrong, within
 * the limits of the address and of the user. What may have been carried out fails with `OutcomeUnknown`, and with nothing
 * else. A refusal comes with HTTP 200, so what it says of the user does not hold up the address.
 * Source: docs/venues/bybit.md, "Signatures" and "Limits of orders".
 */
import { type OrderBudget, Rest, Urgency, type VenueClock, VenueError } from "@tidewire/core"
import { Clock, Effect, Schema } from "effect"
import { READ_WEIGHT } from "../limits.ts"
import * as wire from "../wire.ts"
import type { Credentials } from "./credentials.ts"
import type { Fields } from "./order.ts"
import * as outcome from "./outcome.ts"
import { type Operation, type RateLimits, TOO_MANY } from "./RateLimits.ts"
import * as signed from "./signed.ts"

export interface SignedRestSetup {
  readonly venue: string
  readonly rest: Pick<Rest.Asking, "send">
  readonly credentials: Credentials
  readonly clock: VenueClock.VenueClock
  readonly limits: RateLimits
}

export interface Change {
  readonly operation: Operation
  readonly fields: Fields
  /** The client order id that it is about, `"*"` for all of a symbol. */
  readonly about: string
}

export interface SignedRest {
  readonly read: <A, I>(
    path: `/${string}`,
    parameters: Rest.Parameters,
    schema: Schema.Codec<A, I>
  ) => Effect.Effect<A, VenueError.VenueError>
  /** Gives the `result`, whatever it is. The room of the operation has been taken. */
  readonly change: (change: Change) => Effect.Effect<unknown, VenueError.VenueError>
}

/** How long an order may wait for room: one that comes much later than it was decided on is another order. */
export const PATIENCE = "1 second"

/** Cancels and reads of the account go before everything else. */
export const isOrder = (operation: Operation): boolean => operation === "create" || operation === "amend"

interface Signed {
  readonly method: "GET" | "POST"
  readonly path: string
  readonly endpoint: Operation | `/${string}`
  readonly parameters: Rest.Parameters
  readonly body?: string
  readonly about: outcome.About
  readonly isOrder: boolean
}

export const make = ({ clock, credentials, limits, rest, venue }: SignedRestSetup): SignedRest => {
  const fail = ({ method, path }: Signed, reason: VenueError.Reason) =>
    new VenueError.VenueError({ venue, operation: `${method} ${path}`, reason })

  const send = (asked: Signed): Effect.Effect<unknown, VenueError.VenueError> =>
    Effect.gen(function* () {
      yield* clock.ready
      const { about, body, endpoint, method, parameters, path } = asked
      const time = yield* Clock.Clock
      let stamp = 0
      let headers: Rest.Headers = {}
      const unknown = outcome.unknown(about)
      const attempt = Effect.gen(function* () {
        const answer = yield* rest.send({
          method,
          path,
          parameters,
          schema: wire.AccountAnswer,
          weight: READ_WEIGHT,
          classify: classify(about),
          ...(unknown !== undefined && { unknown }),
          ...(asked.isOrder && { patience: PATIENCE }),
          prepare: (given) => {
            stamp = clock.now()
            if (body === undefined) {
              const query = signed.query(given)
              return { query, headers: signed.headers(credentials, stamp, query) }
            }
            return { body: { text: body, type: "application/json" }, headers: signed.headers(credentials, stamp, body) }
          },
          answered: (each) => {
            headers = each.headers
            limits.told(endpoint, header(headers), time.currentTimeMillisUnsafe())
          }
        })
        const { result, retCode: code, retMsg = "" } = answer
        if (code === 0) return result
        const restMs = code === TOO_MANY ? yield* limits.exceeded(endpoint, header(headers), clock.now()) : undefined
        const message = credentials.hide(retMsg)
        const refusal = { status: 200, code, message, ...(restMs !== undefined && { retryAfterMs: restMs }) }
        return yield* fail(asked, outcome.reasonOf(refusal, about))
      })
      return yield* Effect.catch(attempt, (error) =>
        outcome.is(error.reason, "clock") ? Effect.andThen(clock.corrected(stamp), attempt) : Effect.fail(error)
      )
    }).pipe(Effect.provideService(Urgency.current, asked.isOrder ? "order" : "account"))

  return {
    read: (path, parameters, schema) =>
      Effect.gen(function* () {
        const asked: Signed = { method: "GET", path, endpoint: path, parameters, about: undefined, isOrder: false }
        yield* limits.of(path).take("cancel")
        const result = yield* send(asked)
        return yield* Effect.mapError(Schema.decodeUnknownEffect(schema)(result), ({ message }) =>
          fail(asked, new VenueError.DecodeFailed({ message, sample: "" }))
        )
      }),
    change: ({ about, fields, operation }) =>
      send({
        method: "POST",
        path: `/v5/order/${operation}`,
        endpoint: operation,
        parameters: {},
        body: JSON.stringify(fields),
        about,
        isOrder: isOrder(operation)
      })
  }
}

/** What HTTP itself refuses; a refusal of the venue comes with 200. */
const classify =
  (about: outcome.About) =>
  ({ headers, status }: Rest.Answer): VenueError.Reason | undefined => {
    if (status >= 200 && status < 300) return undefined
    const retryAfterMs = Rest.retryAfterMs(headers)
    const refusal = { status, code: undefined, message: "refused", ...(retryAfterMs !== undefined && { retryAfterMs }) }
    return outcome.reasonOf(refusal, about)
  }

const header = (headers: Rest.Headers) => (name: string) => headers[name]

/** Waits for room among the account's requests of that kind; an order that finds none in time was certainly not sent. */
export const room = (
  budget: OrderBudget.OrderBudget,
  operation: Operation,
  venue: string
): Effect.Effect<unknown, VenueError.VenueError> => {
  if (!isOrder(operation)) return budget.take("cancel")
  return budget.takeWithin("order", PATIENCE, () => {
    const reason = new VenueError.RateLimited({ message: "not sent: as many orders as the venue allows" })
    return new VenueError.VenueError({ venue, operation: `order.${operation}`, reason })
  })
}
