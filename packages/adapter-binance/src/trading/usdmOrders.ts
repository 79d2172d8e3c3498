/**
 * Orders of futures over REST: placed at once or to wait for a trigger, changed, cancelled wherever they are now.
 * Source: docs/venues/binance.md, "Orders".
 */
import {
  Attempts,
  LateCancel,
  Money,
  type Order,
  type PrivateEvent,
  type Rest,
  type Trading,
  VenueError
} from "@tidewire/core"
import { Duration, Effect, Schema } from "effect"
import * as wire from "../wire.ts"
import * as accountRest from "./AccountRest.ts"
import * as outcome from "./outcome.ts"
import { usdm as codes } from "./refusals.ts"
import type { SignedRest } from "./SignedRest.ts"
import type { Triggers } from "./triggers.ts"
import type { UsdmLookup } from "./usdmLookup.ts"
import { usdmOrder } from "./usdmOrder.ts"

export interface UsdmOrdersSetup {
  readonly venue: string
  readonly rest: SignedRest
  readonly lookup: UsdmLookup
  readonly triggers: Triggers
  readonly emit: (event: PrivateEvent.PrivateEvent) => void
}

const ORDER = "/fapi/v1/order"
const ALGO_ORDER = "/fapi/v1/algoOrder"

export const make = ({
  emit,
  lookup,
  rest,
  triggers,
  venue
}: UsdmOrdersSetup): Pick<Trading.Account, "submit" | "amend" | "cancel" | "cancelAll"> &
  Required<Pick<Trading.Account, "deadMan">> => {
  const failed = (operation: string) => (reason: VenueError.Reason) =>
    new VenueError.VenueError({ venue, operation, reason })

  const erase = (path: string, parameters: Rest.Parameters, about: string) =>
    rest.change({ method: "DELETE", path, parameters, schema: Schema.Unknown, weight: 1, about })

  /** An order that waits for its trigger is one thing, what it becomes another; either may be what there is now. */
  const cancel = (reference: Order.Reference) => {
    const { clientOrderId: about, symbol } = reference
    const placed = erase(ORDER, { symbol, origClientOrderId: about }, about)
    const waiting = erase(ALGO_ORDER, { clientAlgoId: about }, about)
    const [first, second] = triggers.of(about) === undefined ? [placed, waiting] : [waiting, placed]
    const either = Effect.catch(first, (error) =>
      outcome.is(codes, error.reason, "gone") ? second : Effect.fail(error)
    )
    return LateCancel.orEnded(either, reference, {
      venue,
      order: lookup.order,
      emit,
      isGone: (reason) => outcome.is(codes, reason, "gone")
    })
  }

  return {
    submit: (request) =>
      Effect.gen(function* () {
        const about = request.clientOrderId
        const { _tag, parameters } = yield* Effect.mapError(
          Effect.fromResult(usdmOrder(request)),
          failed(`POST ${ORDER}`)
        )
        const sending = { method: "POST", parameters, about, isOrder: true } as const
        if (_tag === "Order") {
          const { orderId } = yield* rest.change({
            ...sending,
            path: ORDER,
            schema: wire.Placed,
            weight: 0
          })
          return { venueOrderId: String(orderId) }
        }
        triggers.remember(about, { kind: request.kind, triggerPrice: request.triggerPrice })
        yield* rest.change({ ...sending, path: ALGO_ORDER, schema: Schema.Unknown, weight: 0 })
        // what it waits as is not what it will be filled as
        return {}
      }),
    amend: ({ clientOrderId, price, size, symbol }) =>
      Effect.gen(function* () {
        // the venue wants the whole of it again
        const row = yield* lookup.row({ clientOrderId, symbol })
        if (row === undefined) {
          const message = "there is no such order, or it waits for its trigger and cannot be changed"
          return yield* failed(`PUT ${ORDER}`)(new VenueError.Unsupported({ message }))
        }
        const parameters = {
          symbol,
          origClientOrderId: clientOrderId,
          side: row.side,
          quantity: size ?? Money.of(row.origQty),
          price: price ?? Money.of(row.price)
        }
        yield* Effect.catch(
          rest.change({
            method: "PUT",
            path: ORDER,
            parameters,
            schema: Schema.Unknown,
            weight: 1,
            about: clientOrderId,
            isOrder: true
          }),
          (error) => (outcome.is(codes, error.reason, "done") ? Effect.void : Effect.fail(error))
        )
      }),
    cancel,
    cancelAll: (symbols) =>
      Attempts.forEach(
        symbols.flatMap((symbol) =>
          ["/fapi/v1/allOpenOrders", "/fapi/v1/algoOpenOrders"].map((path) => ({ path, symbol }))
        ),
        ({ path, symbol }) => accountRest.orGone(erase(path, { symbol }, "*"), codes)
      ),
    deadMan: (symbols, within) =>
      Attempts.forEach(symbols, (symbol) =>
        rest.change({
          method: "POST",
          path: "/fapi/v1/countdownCancelAll",
          parameters: { symbol, countdownTime: Math.round(Duration.toMillis(Duration.fromInputUnsafe(within))) },
          schema: Schema.Unknown,
          weight: 10,
          about: "*"
        })
      )
  }
}
