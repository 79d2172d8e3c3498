/**
 * Finds an order: CCXT does so by the exchange's ids, and not all of them by ours, so that one whose id is not known is looked
 * for among those that are open and have ended.
 *
 * Guarantees: `undefined` only when the exchange has shown no such order in any list; one that cannot be read fails.
 */
import { type Order, type PrivateEvent, VenueError } from "@tidewire/core"
import { Clock, Effect } from "effect"
import { can } from "../Exchange.ts"
import type { Maker } from "../Maker.ts"
import type { AccountQuirks } from "./accountQuirks.ts"
import type { KnownOrders } from "./KnownOrders.ts"
import type { PrivateExchange, PrivateOrder } from "./PrivateExchange.ts"
import * as rows from "./rows.ts"

export interface LookUpSetup {
  readonly venue: string
  readonly maker: Maker
  readonly quirks: AccountQuirks
  readonly known: KnownOrders
}

type List = "fetchOpenOrders" | "fetchOrders" | "fetchClosedOrders" | "fetchCanceledOrders"

/** What is open first, then what has ended. */
const lists = (from: PrivateExchange): ReadonlyArray<List> => {
  const ended: ReadonlyArray<List> =
    from.has["fetchOrders"] === true ? ["fetchOrders"] : ["fetchClosedOrders", "fetchCanceledOrders"]
  return ["fetchOpenOrders", ...ended].filter((method): method is List => can(from, method))
}

export const make =
  ({ known, maker, quirks, venue }: LookUpSetup) =>
  (reference: Order.Reference): Effect.Effect<PrivateEvent.Order | undefined, VenueError.VenueError> =>
    Effect.gen(function* () {
      const { clientOrderId, symbol } = reference
      const from = (yield* maker.trader) as PrivateExchange

      const search: Effect.Effect<PrivateOrder | undefined, VenueError.VenueError> = Effect.gen(function* () {
        for (const method of lists(from)) {
          const found = yield* maker.call(method, () => from[method](symbol))
          const row = found.find((each) => each.clientOrderId === clientOrderId || each.id === clientOrderId)
          if (row !== undefined) return row
        }
        return undefined
      })

      const id = known.idOf(reference)
      const row =
        id !== undefined && can(from, "fetchOrder")
          ? // Bybit's wants to be told that it is known to look among the latest only
            yield* Effect.catch(
              maker.attempt(() => from.fetchOrder(id, symbol, { acknowledged: true })),
              () => search
            )
          : yield* search
      if (row === undefined) return undefined
      const receivedTime = yield* Clock.currentTimeMillis
      const event = rows.order(row, { venue, receivedTime }, quirks)
      if (event !== undefined) return known.told({ ...event, clientOrderId })
      // it is there, whatever CCXT makes of it: that must not be told as its absence
      const reason = new VenueError.DecodeFailed({ message: "an order that cannot be read", sample: "" })
      return yield* new VenueError.VenueError({ venue, operation: "look an order up", reason })
    })
