/**
 * An account of spot: its stream and its orders on one socket of the WebSocket API, its reads over REST. A cancel goes over
 * REST while the socket is down.
 * Source: docs/venues/binance.md, "Orders", "WebSocket API", "Reads of an account".
 */
import {
  AccountStream,
  Attempts,
  ConnectionStates,
  DialBudget,
  LateCancel,
  Money,
  type Order,
  type OrderBudget,
  type PrivateEvent,
  PrivateSocket,
  type Rest,
  type Socket,
  type SocketVenue,
  type Trading,
  Urgency,
  VenueClock,
  VenueError
} from "@tidewire/core"
import { Clock, Effect, Schema, type Scope } from "effect"
import * as wire from "../wire.ts"
import type { AccountSetup } from "./account.ts"
import * as accountRest from "./AccountRest.ts"
import * as outcome from "./outcome.ts"
import * as orderCounts from "./orderCounts.ts"
import { order as orderOf } from "./orderRows.ts"
import { read, reader, type Reading } from "./readEvents.ts"
import { spot as codes } from "./refusals.ts"
import { serverTime } from "./serverTime.ts"
import { make as makeRest, PATIENCE, room } from "./SignedRest.ts"
import { balanceEvents, executionEvents } from "./spotEvents.ts"
import { spotOrder } from "./spotOrder.ts"
import * as api from "./WebSocketApi.ts"

/** The venue itself waits up to 10 s for its matching engine. */
const ANSWER_WITHIN = "11 seconds"

/** One read of all open orders weighs 80, of one symbol 6. */
const ALL_FROM = 14

const readers: Reading["readers"] = new Map([
  ["executionReport", reader(wire.ExecutionReport, executionEvents)],
  ["outboundAccountPosition", reader(wire.AccountPosition, balanceEvents)]
])

/** Changes of balances that `outboundAccountPosition` tells absolutely, and lists of orders, which are not placed here. */
const ignored: ReadonlySet<string> = new Set(["balanceUpdate", "externalLockUpdate", "listStatus"])

export const open =
  (limits: SocketVenue.Limits, heartbeat: SocketVenue.Heartbeat) =>
  ({
    connection,
    credentials,
    emit,
    hosts,
    rest: unsigned,
    venue
  }: AccountSetup): Effect.Effect<Trading.Account, VenueError.VenueError, Scope.Scope | Socket.SocketDriver> =>
    Effect.gen(function* () {
      const states = yield* ConnectionStates.ConnectionStates.make
      const stream = yield* AccountStream.AccountStream.make
      const clock = yield* VenueClock.make({ serverTime: serverTime(unsigned, "/api/v3/time") })
      const orders = orderCounts.make(orderCounts.spot)
      const rest = makeRest({ venue, rest: unsigned, credentials, clock, codes, orders })
      const requests: api.ApiRequests = { credentials, clock, codes }
      const reading: Reading = { readers, ignored, emit }
      const answered = ({ rateLimits = [], ...answer }: api.Answer) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) => {
          orderCounts.fromRateLimits(orders, rateLimits, now)
          return unsigned.told(api.toBudget(answer, orderCounts.usedWeight(rateLimits)))
        })
      const url = `${hosts.api}/ws-api/v3`
      const rates = { messagesPerSecond: limits.requestsPerSecond, answerWithin: ANSWER_WITHIN } as const
      const socket = yield* PrivateSocket.make<api.Answer>({
        states,
        stream,
        venue: {
          venue,
          name: "account",
          options: connection,
          dials: DialBudget.ofHost(url, limits.dials),
          heartbeat,
          ...rates,
          url: Effect.succeed(url),
          begin: api.begin(requests, answered),
          read: (frame, receivedTime, sink) => {
            const event = api.read(frame, sink)
            if (event !== undefined) read(event, { venue, receivedTime }, reading, sink)
          }
        }
      })

      const call = calling(venue, unsigned, requests, { request: socket.request, answered })
      const rehearsed = calling(
        venue,
        unsigned.rehearsal,
        { ...requests, clock: { ...clock, ready: Effect.void } },
        PrivateSocket.rehearsal<api.Answer>(rates)
      )

      const order = ({ clientOrderId, symbol }: Order.Reference) =>
        Effect.gen(function* () {
          const parameters = { symbol, origClientOrderId: clientOrderId }
          const row = yield* accountRest.orGone(rest.read("/api/v3/order", parameters, wire.Order, 4), codes)
          const stamp = yield* accountRest.stampOf(venue)
          // a cancel may have renamed it
          return row && { ...orderOf(row, stamp), clientOrderId }
        })

      const openOrders = (symbols: ReadonlyArray<string>) =>
        Effect.gen(function* () {
          const path = "/api/v3/openOrders"
          const rows =
            symbols.length < ALL_FROM
              ? (yield* Effect.forEach(symbols, (symbol) => rest.read(path, { symbol }, wire.Orders, 6))).flat()
              : yield* rest.read(path, {}, wire.Orders, 80)
          const stamp = yield* accountRest.stampOf(venue)
          return rows.filter(({ symbol }) => symbols.includes(symbol)).map((row) => orderOf(row, stamp))
        })

      const cancel = (reference: Order.Reference) => {
        const { clientOrderId: about, symbol } = reference
        const parameters = { symbol, origClientOrderId: about }
        const cancelling = Effect.suspend((): Effect.Effect<unknown, VenueError.VenueError> =>
          socket.isActive()
            ? call("order.cancel", parameters, about, true)
            : rest.change({
                method: "DELETE",
                path: "/api/v3/order",
                parameters,
                schema: Schema.Unknown,
                weight: 1,
                about
              })
        )
        return LateCancel.orEnded(cancelling, reference, {
          venue,
          order,
          emit,
          isGone: (reason) => outcome.is(codes, reason, "gone")
        })
      }

      const holdings = rest.read("/api/v3/account", { omitZeroBalances: true }, wire.SpotAccount, 20)

      const account: Trading.Account = {
        stream: stream.ref,
        connections: states.ref,
        submit: placing(venue, orders, call),
        rehearse: placing(venue, orderCounts.rehearsal(orderCounts.spot), rehearsed),
        amend: ({ clientOrderId, price, size, symbol }) => {
          if (price !== undefined || size === undefined) {
            const message = "spot changes the size of an open order, and only downwards"
            const reason = new VenueError.Unsupported({ message })
            return Effect.fail(new VenueError.VenueError({ venue, operation: "order.amend.keepPriority", reason }))
          }
          // with an id of its own it would go on under another
          const ids = { origClientOrderId: clientOrderId, newClientOrderId: clientOrderId }
          return Effect.asVoid(call("order.amend.keepPriority", { symbol, ...ids, newQty: size }, clientOrderId))
        },
        cancel,
        cancelAll: (symbols) =>
          Attempts.forEach(symbols, (symbol) =>
            accountRest.orGone(
              rest.change({
                method: "DELETE",
                path: "/api/v3/openOrders",
                parameters: { symbol },
                schema: Schema.Unknown,
                weight: 1,
                about: "*"
              }),
              codes
            )
          ),
        order,
        openOrders,
        fills: (request) => accountRest.fills(rest, { venue, path: "/api/v3/myTrades", weight: 20 }, request),
        balances: Effect.gen(function* () {
          const { balances } = yield* holdings
          const stamp = yield* accountRest.stampOf(venue)
          return balances.map(({ asset, free, locked }): PrivateEvent.Balance => ({
            type: "balance",
            ...stamp,
            asset,
            total: Money.sum(free, locked),
            free: Money.of(free),
            locked: Money.of(locked)
          }))
        }),
        positions: Effect.succeed([]),
        positionMode: Effect.succeed("oneWay"),
        // what it says of withdrawals is about the account, not about the key
        rights: Effect.map(holdings, ({ canTrade }) => (canTrade === undefined ? {} : { trade: canTrade }))
      }
      return account
    })

type Call = ReturnType<typeof calling>

const calling =
  (venue: string, rest: Rest.Asking, requests: api.ApiRequests, requester: api.Requester) =>
  (method: string, values: Parameters<typeof api.call>[3], about: string, isUrgent = false) =>
    // what succeeds weighs nothing; while the venue wants to be left alone it may not be sent all the same
    Effect.provideService(rest.take(0, PATIENCE), Urgency.current, isUrgent ? "account" : "order").pipe(
      Effect.andThen(api.call(requests, requester, method, values, { about, isUrgent })),
      Effect.mapError((reason) => new VenueError.VenueError({ venue, operation: method, reason }))
    )

const placing =
  (venue: string, orders: OrderBudget.OrderBudget, call: Call): Trading.Account["submit"] =>
  (request) =>
    Effect.gen(function* () {
      const parameters = yield* Effect.mapError(
        Effect.fromResult(spotOrder(request)),
        (reason) => new VenueError.VenueError({ venue, operation: "order.place", reason })
      )
      yield* room(orders, venue, "order.place")
      const result = yield* call("order.place", parameters, request.clientOrderId)
      return placed(result)
    })

const decodePlaced = Schema.decodeUnknownOption(wire.Placed)

/** What is told without an id has been taken all the same. */
const placed = (result: unknown): Trading.Accepted => {
  const decoded = decodePlaced(result)
  return decoded._tag === "Some" ? { venueOrderId: String(decoded.value.orderId) } : {}
}
