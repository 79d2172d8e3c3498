/**
 * An account of USDⓈ-M futures: its stream on a socket by listen key, everything else over REST. Orders over REST have each an
 * answer of their own: no socket can be lost that makes all of them unknown at once, and waiting orders, positions and the
 * dead-man switch are there anyway.
 * Source: docs/venues/binance.md, "Orders", "Private stream of USDⓈ-M", "Reads of an account".
 */
import {
  AccountStream,
  ConnectionStates,
  DialBudget,
  type Order,
  PrivateSocket,
  type PrivateEvent,
  type SocketVenue,
  Sparse,
  type Trading,
  VenueClock,
  VenueError
} from "@tidewire/core"
import { Duration, Effect, Schema } from "effect"
import { isRow } from "../decode/reader.ts"
import * as wire from "../wire.ts"
import type { AccountSetup } from "./account.ts"
import * as accountRest from "./AccountRest.ts"
import * as ListenKey from "./ListenKey.ts"
import * as money from "./money.ts"
import * as orderCounts from "./orderCounts.ts"
import * as rows from "./orderRows.ts"
import * as outcome from "./outcome.ts"
import { read, reader } from "./readEvents.ts"
import { usdm as codes } from "./refusals.ts"
import { serverTime } from "./serverTime.ts"
import { make as makeRest } from "./SignedRest.ts"
import { Triggers } from "./triggers.ts"
import * as usdmEvents from "./usdmEvents.ts"
import { usdmOrder } from "./usdmOrder.ts"

/** One read of all open orders weighs 40, of one symbol 1. */
const ALL_FROM = 40

/**
 * Known, and nothing that is not told otherwise: fills that `ORDER_TRADE_UPDATE` tells with their fees, refusals of
 * triggers that `ALGO_UPDATE` tells, settings, and warnings.
 */
const ignored: ReadonlySet<string> = new Set([
  "TRADE_LITE",
  "CONDITIONAL_ORDER_TRIGGER_REJECT",
  "ACCOUNT_CONFIG_UPDATE",
  "STRATEGY_UPDATE",
  "GRID_UPDATE",
  "MARGIN_CALL"
])

/** Rows of another family (COIN-M) say so. */
const USDM_FAMILY = 1

export const open =
  (limits: SocketVenue.Limits, heartbeat: SocketVenue.Heartbeat) =>
  ({ connection, credentials, emit, hosts, rest: unsigned, venue }: AccountSetup) =>
    Effect.gen(function* () {
      const states = yield* ConnectionStates.ConnectionStates.make
      const stream = yield* AccountStream.AccountStream.make
      const clock = yield* VenueClock.make({ serverTime: serverTime(unsigned, "/fapi/v1/time") })
      const orders = orderCounts.make(orderCounts.usdm)
      const rest = makeRest({ venue, rest: unsigned, credentials, clock, codes, orders })
      const triggers = new Triggers()
      const readers = new Map([
        [
          "ORDER_TRADE_UPDATE",
          reader(wire.OrderTradeUpdate, (row, stamp) => usdmEvents.orderEvents(row, stamp, triggers))
        ],
        ["ALGO_UPDATE", reader(wire.AlgoUpdate, (row, stamp) => usdmEvents.algoEvents(row, stamp, triggers))],
        ["ACCOUNT_UPDATE", reader(wire.AccountUpdate, usdmEvents.accountEvents)]
      ])
      yield* PrivateSocket.make<never>({
        states,
        stream,
        venue: {
          venue,
          name: "account",
          options: connection,
          dials: DialBudget.ofHost(hosts.stream, limits.dials),
          heartbeat,
          messagesPerSecond: limits.requestsPerSecond,
          answerWithin: "10 seconds",
          url: Effect.map(ListenKey.get(rest), (key) => `${hosts.stream}/private/ws/${key}`),
          // the key is all that it takes
          begin: () => Effect.void,
          meanwhile: ListenKey.keep(rest, venue),
          read: (frame, receivedTime, sink) => {
            const row: unknown = JSON.parse(frame)
            if (!isRow(row)) sink.malformed("no object")
            else if (row["e"] === "listenKeyExpired") sink.over(ListenKey.expired)
            else if (row["e"] === "serverShutdown") sink.shutdownNotice()
            else if (row["st"] !== undefined && row["st"] !== USDM_FAMILY) sink.ignored()
            else read(row, { venue, receivedTime }, { readers, ignored, emit }, sink)
          }
        }
      })

      const failed = (operation: string) => (reason: VenueError.Reason) =>
        new VenueError.VenueError({ venue, operation, reason })

      const readOrder = ({ clientOrderId, symbol }: Order.Reference) =>
        accountRest.orGone(
          rest.read("/fapi/v1/order", { symbol, origClientOrderId: clientOrderId }, wire.Order, 1),
          codes
        )

      /** What has been triggered is known by the id of what it became; it may have been between the two reads. */
      const triggered = (row: typeof wire.AlgoOrder.Type) =>
        Effect.gen(function* () {
          const { actualOrderId = "", clientAlgoId: clientOrderId, symbol } = row
          const became =
            actualOrderId === ""
              ? undefined
              : yield* accountRest.orGone(
                  rest.read("/fapi/v1/order", { symbol, orderId: actualOrderId }, wire.Order, 1),
                  codes
                )
          const stamp = yield* accountRest.stampOf(venue)
          if (became === undefined) return rows.triggered(row, stamp)
          return { ...rows.order(became, stamp, rows.triggerOf(row)), clientOrderId }
        })

      const order = (reference: Order.Reference) =>
        Effect.gen(function* () {
          const { clientOrderId } = reference
          const row = yield* readOrder(reference)
          const stamp = yield* accountRest.stampOf(venue)
          if (row !== undefined) return rows.order(row, stamp, triggers.of(clientOrderId))
          const algo = rest.read("/fapi/v1/algoOrder", { clientAlgoId: clientOrderId }, wire.AlgoOrder, 1)
          const waiting = yield* accountRest.orGone(algo, codes)
          if (waiting === undefined) return undefined
          return rows.algoOrder(waiting, yield* accountRest.stampOf(venue)) ?? (yield* triggered(waiting))
        })

      const ofSymbols = <A, I>(
        path: string,
        symbols: ReadonlyArray<string>,
        schema: Schema.Codec<ReadonlyArray<A>, I>
      ) =>
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

      const erase = (path: string, parameters: Parameters<typeof rest.read>[1], about: string) =>
        rest.change({ method: "DELETE", path, parameters, schema: Schema.Unknown, weight: 1, about })

      /** An order that waits for its trigger is one thing, what it becomes another; either may be what there is now. */
      const cancel = (reference: Order.Reference) => {
        const { clientOrderId: about, symbol } = reference
        const placed = erase("/fapi/v1/order", { symbol, origClientOrderId: about }, about)
        const waiting = erase("/fapi/v1/algoOrder", { clientAlgoId: about }, about)
        const [first, second] = triggers.of(about) === undefined ? [placed, waiting] : [waiting, placed]
        const either = Effect.catch(first, (error) =>
          outcome.is(codes, error.reason, "gone") ? second : Effect.fail(error)
        )
        return accountRest.orEnded(either, reference, { venue, codes, order, emit })
      }

      const account: Trading.Account = {
        stream: stream.ref,
        connections: states.ref,
        submit: (request) =>
          Effect.gen(function* () {
            const about = request.clientOrderId
            const { _tag, parameters } = yield* Effect.mapError(
              Effect.fromResult(usdmOrder(request)),
              failed("POST /fapi/v1/order")
            )
            const sending = { method: "POST", parameters, about, isOrder: true } as const
            if (_tag === "Order") {
              const { orderId } = yield* rest.change({
                ...sending,
                path: "/fapi/v1/order",
                schema: wire.Placed,
                weight: 0
              })
              return { venueOrderId: String(orderId) }
            }
            triggers.remember(about, { kind: request.kind, triggerPrice: request.triggerPrice })
            yield* rest.change({ ...sending, path: "/fapi/v1/algoOrder", schema: Schema.Unknown, weight: 0 })
            // what it waits as is not what it will be filled as
            return {}
          }),
        amend: ({ clientOrderId, price, size, symbol }) =>
          Effect.gen(function* () {
            const path = "/fapi/v1/order"
            // the venue wants the whole of it again
            const row = yield* readOrder({ clientOrderId, symbol })
            if (row === undefined) {
              const message = "there is no such order, or it waits for its trigger and cannot be changed"
              return yield* failed(`PUT ${path}`)(new VenueError.Unsupported({ message }))
            }
            const parameters = {
              symbol,
              origClientOrderId: clientOrderId,
              side: row.side,
              quantity: size ?? money.of(row.origQty),
              price: price ?? money.of(row.price)
            }
            yield* Effect.catch(
              rest.change({
                method: "PUT",
                path,
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
          Effect.forEach(
            symbols.flatMap((symbol) =>
              ["/fapi/v1/allOpenOrders", "/fapi/v1/algoOpenOrders"].map((path) => ({ path, symbol }))
            ),
            ({ path, symbol }) => accountRest.orGone(erase(path, { symbol }, "*"), codes),
            { discard: true }
          ),
        order,
        openOrders,
        fills: (request) => accountRest.fills(rest, { venue, path: "/fapi/v1/userTrades", weight: 5 }, request),
        balances: Effect.gen(function* () {
          const balances = yield* rest.read("/fapi/v3/balance", {}, wire.UsdmBalances, 5)
          const stamp = yield* accountRest.stampOf(venue)
          return balances.map(({ asset, availableBalance, balance, updateTime }) =>
            Sparse.of<PrivateEvent.Balance>({
              type: "balance",
              ...stamp,
              exchangeTime: updateTime,
              asset,
              total: money.of(balance),
              free: availableBalance === undefined ? undefined : money.of(availableBalance),
              locked: undefined
            })
          )
        }),
        positions: Effect.gen(function* () {
          const positions = yield* rest.read("/fapi/v3/positionRisk", {}, wire.Positions, 5)
          const stamp = yield* accountRest.stampOf(venue)
          return positions
            .map(({ entryPrice: ep, positionAmt: pa, positionSide: ps, symbol: s, unRealizedProfit: up, updateTime }) =>
              usdmEvents.positionEvent(
                { s, pa, ep, ps, ...(up !== undefined && { up }) },
                { ...stamp, exchangeTime: updateTime }
              )
            )
            .filter(({ size }) => size !== "0")
        }),
        positionMode: Effect.map(
          rest.read("/fapi/v1/positionSide/dual", {}, wire.PositionMode, 30),
          ({ dualSidePosition }) => (dualSidePosition ? "hedge" : "oneWay")
        ),
        deadMan: (symbols, within) =>
          Effect.forEach(
            symbols,
            (symbol) =>
              rest.change({
                method: "POST",
                path: "/fapi/v1/countdownCancelAll",
                parameters: { symbol, countdownTime: Math.round(Duration.toMillis(Duration.fromInputUnsafe(within))) },
                schema: Schema.Unknown,
                weight: 10,
                about: "*"
              }),
            { discard: true }
          )
      }
      return account
    })
