/**
 * What futures know of orders: those at their place, those that wait for a trigger, and those that became of them.
 * Source: docs/venues/binance.md, "Reads of an account".
 */
import type { Order, PrivateEvent, VenueError } from "@tidewire/core"
import { Effect, type Schema } from "effect"
import * as wire from "../wire.ts"
import * as accountRest from "./AccountRest.ts"
import * as rows from "./orderRows.ts"
import { usdm as codes } from "./refusals.ts"
import type { SignedRest } from "./SignedRest.ts"
import type { Triggers } from "./triggers.ts"

/** One read of all open orders weighs 40, of one symbol 1. */
const ALL_FROM = 40

type Read<A> = Effect.Effect<A, VenueError.VenueError>

export interface UsdmLookup {
  /** The row of an order at its place; `undefined` when there is none. */
  readonly row: (reference: Order.Reference) => Read<typeof wire.Order.Type | undefined>
  readonly order: (reference: Order.Reference) => Read<PrivateEvent.Order | undefined>
  readonly openOrders: (symbols: ReadonlyArray<string>) => Read<ReadonlyArray<PrivateEvent.Order>>
}

export const make = (venue: string, rest: SignedRest, triggers: Triggers): UsdmLookup => {
  const row = ({ clientOrderId, symbol }: Order.Reference) =>
    accountRest.orGone(rest.read("/fapi/v1/order", { symbol, origClientOrderId: clientOrderId }, wire.Order, 1), codes)

  /** What has been triggered is known by the id of what it became; it may have been between the two reads. */
  const triggered = (waited: typeof wire.AlgoOrder.Type) =>
    Effect.gen(function* () {
      const { actualOrderId = "", clientAlgoId: clientOrderId, symbol } = waited
      const became =
        actualOrderId === ""
          ? undefined
          : yield* accountRest.orGone(
              rest.read("/fapi/v1/order", { symbol, orderId: actualOrderId }, wire.Order, 1),
              codes
            )
      const stamp = yield* accountRest.stampOf(venue)
      if (became === undefined) return rows.triggered(waited, stamp)
      return { ...rows.order(became, stamp, rows.triggerOf(waited)), clientOrderId }
    })

  const order = (reference: Order.Reference) =>
    Effect.gen(function* () {
      const { clientOrderId } = reference
      const placed = yield* row(reference)
      const stamp = yield* accountRest.stampOf(venue)
      if (placed !== undefined) return rows.order(placed, stamp, triggers.of(clientOrderId))
      const algo = rest.read("/fapi/v1/algoOrder", { clientAlgoId: clientOrderId }, wire.AlgoOrder, 1)
      const waiting = yield* accountRest.orGone(algo, codes)
      if (waiting === undefined) return undefined
      return rows.algoOrder(waiting, yield* accountRest.stampOf(venue)) ?? (yield* triggered(waiting))
    })

  const ofSymbols = <A, I>(path: string, symbols: ReadonlyArray<string>, schema: Schema.Codec<ReadonlyArray<A>, I>) =>
    symbols.length < ALL_FROM
      ? Effect.map(
          Effect.forEach(symbols, (symbol) => rest.read(path, { symbol }, schema, 1)),
          (pages) => pages.flat()
        )
      : rest.read(path, {}, schema, 40)

  const openOrders = (symbols: ReadonlyArray<string>) =>
    Effect.gen(function* () {
      const placed = yield* ofSymbols("/fapi/v1/openOrders", symbols, wire.Orders)
      const waiting = yield* ofSymbols("/fapi/v1/openAlgoOrders", symbols, wire.AlgoOrders)
      const stamp = yield* accountRest.stampOf(venue)
      const found = [
        ...placed.map((row) => rows.order(row, stamp, triggers.of(row.clientOrderId))),
        ...waiting.flatMap((row) => rows.algoOrder(row, stamp) ?? [])
      ]
      return found.filter(({ symbol }) => symbols.includes(symbol))
    })

  return { row, order, openOrders }
}
