/**
 * An account of any exchange of CCXT: told by what it watches, asked by what it fetches, ordered of over REST
 * or on a socket of CCXT's.
 *
 * CCXT finds orders by the exchange's ids, and not all of them by ours: the ids of our orders are remembered, and an order
 * without one is looked for among those that are open and have ended.
 */
import {
  Attempts,
  type ConnectionOptions,
  ConnectionStates,
  LateCancel,
  type Order,
  type PrivateEvent,
  type Trading,
  VenueError
} from "@tidewire/core"
import { Clock, Effect } from "effect"
import { can } from "../Exchange.ts"
import type { Maker } from "../Maker.ts"
import type { AccountQuirks } from "./accountQuirks.ts"
import * as AccountWatch from "./AccountWatch.ts"
import * as Changes from "./changes.ts"
import { orderParameters } from "./orderParameters.ts"
import type { PrivateExchange, PrivateOrder } from "./PrivateExchange.ts"
import * as rows from "./rows.ts"

export interface CcxtAccountSetup {
  readonly venue: string
  readonly maker: Maker
  readonly capabilities: Trading.TradingCapabilities
  readonly quirks: AccountQuirks
  /** Where orders are sent; they are cancelled there too while that is open, else over REST. */
  readonly orderEntry: "rest" | "socket"
  readonly connection: ConnectionOptions.ConnectionOptions
  readonly emit: (event: PrivateEvent.PrivateEvent) => void
}

/** Ids of our orders that are remembered; the oldest give way and are then looked for. */
const MOST = 10_000

const PAGE = 100

/** More pages of fills than an engine ever missed. */
const MOST_PAGES = 1_000

export const open = ({ capabilities, connection, emit: told, maker, orderEntry, quirks, venue }: CcxtAccountSetup) =>
  Effect.gen(function* () {
    const states = yield* ConnectionStates.ConnectionStates.make
    const exchange = Effect.map(maker.trader, (each) => each as PrivateExchange)
    const ids = new Map<string, string>()

    const remember = (clientOrderId: string, venueOrderId: string | undefined): void => {
      if (venueOrderId === undefined) return
      ids.set(clientOrderId, venueOrderId)
      for (const oldest of ids.keys()) {
        if (ids.size <= MOST) break
        ids.delete(oldest)
      }
    }

    const emit = (event: PrivateEvent.PrivateEvent): void => {
      if (event.type === "order") remember(event.clientOrderId, event.venueOrderId)
      told(event)
    }

    const stream = yield* AccountWatch.watch({
      venue,
      maker,
      hasPositions: capabilities.positions,
      quirks,
      connection,
      states,
      emit
    })

    const read = <A>(operation: string, run: (from: PrivateExchange) => Promise<A>) =>
      Effect.flatMap(exchange, (from) => maker.call(operation, () => run(from)))

    const changes = yield* Changes.make(venue, maker, quirks)

    const plain = <A>(changing: Effect.Effect<A, Changes.Failure>) =>
      Effect.mapError(changing, (error) => (error instanceof Changes.ChangeFailed ? error.error : error))

    const stamped = Effect.map(Clock.currentTimeMillis, (receivedTime) => ({ venue, receivedTime }))

    const lists = (
      from: PrivateExchange
    ): ReadonlyArray<"fetchOpenOrders" | "fetchOrders" | "fetchClosedOrders" | "fetchCanceledOrders"> =>
      from.has["fetchOrders"] === true
        ? ["fetchOpenOrders", "fetchOrders"]
        : ["fetchOpenOrders", "fetchClosedOrders", "fetchCanceledOrders"]

    /** Among what is open, then among what has ended; `undefined` when it is in none of them. */
    const search = ({ clientOrderId, symbol }: Order.Reference) =>
      Effect.gen(function* () {
        for (const method of lists(yield* exchange)) {
          if (!can(yield* exchange, method)) continue
          const found = yield* read(method, (from) => from[method](symbol))
          const row = found.find((each) => each.clientOrderId === clientOrderId || each.id === clientOrderId)
          if (row !== undefined) return row
        }
        return undefined
      })

    const order = (reference: Order.Reference) =>
      Effect.gen(function* () {
        const { clientOrderId, symbol } = reference
        const id = reference.venueOrderId ?? ids.get(clientOrderId)
        const from = yield* exchange
        const row: PrivateOrder | undefined =
          id !== undefined && can(from, "fetchOrder")
            ? yield* Effect.catch(
                // Bybit's wants to be told that it is known to look among the latest only
                Effect.tryPromise({
                  try: () => from.fetchOrder(id, symbol, { acknowledged: true }),
                  catch: (error) => error
                }),
                () => search(reference)
              )
            : yield* search(reference)
        if (row === undefined) return undefined
        const event = rows.order(row, yield* stamped)
        if (event !== undefined) return { ...event, clientOrderId }
        // it is there, whatever CCXT makes of it: that must not be told as its absence
        const reason = new VenueError.DecodeFailed({ message: "an order that cannot be read", sample: "" })
        return yield* new VenueError.VenueError({ venue, operation: "look an order up", reason })
      })

    const account: Trading.Account = {
      stream: stream.ref,
      connections: states.ref,
      submit: (request) =>
        Effect.gen(function* () {
          const { clientOrderId, kind, price, side, size, symbol } = request
          const operation = "create an order"
          const parameters = yield* Effect.mapError(
            Effect.fromResult(orderParameters(capabilities, request)),
            (reason) => new VenueError.VenueError({ venue, operation, reason })
          )
          const about = { operation, clientOrderId }
          const { id } = yield* plain(
            orderEntry === "socket"
              ? changes.socket(about, (on) => on.createOrderWs(symbol, kind, side, size, price, parameters))
              : changes.rest(about, (on) => on.createOrder(symbol, kind, side, size, price, parameters))
          )
          remember(clientOrderId, id)
          return id === undefined ? {} : { venueOrderId: id }
        }),
      amend: () => {
        const message = "CCXT changes orders by placing others: cancel, and place another"
        const reason = new VenueError.Unsupported({ message })
        return Effect.fail(new VenueError.VenueError({ venue, operation: "change an order", reason }))
      },
      cancel: (reference) => {
        const { clientOrderId, symbol } = reference
        const id = reference.venueOrderId ?? ids.get(clientOrderId)
        const about = { operation: "cancel an order", clientOrderId }
        const parameters = id === undefined ? { clientOrderId } : {}
        let isGone = false
        const cancelling = plain(
          Effect.tapError(
            changes.isOpen()
              ? changes.socket(about, (on) => on.cancelOrderWs(id, symbol, parameters))
              : changes.rest(about, (on) => on.cancelOrder(id, symbol, parameters)),
            (error) => Effect.sync(() => (isGone = error instanceof Changes.ChangeFailed && error.isNotFound))
          )
        )
        return LateCancel.orEnded(cancelling, reference, { venue, order, emit, isGone: () => isGone })
      },
      cancelAll: (symbols) =>
        Attempts.forEach(symbols, (symbol) =>
          Effect.catch(
            changes.rest({ operation: "cancel all orders", clientOrderId: "*" }, async (on) => {
              if (can(on, "cancelAllOrders")) return on.cancelAllOrders(symbol)
              for (const { id } of await on.fetchOpenOrders(symbol)) await on.cancelOrder(id, symbol)
              return undefined
            }),
            // nothing to cancel is what was wanted
            (error) => {
              if (error instanceof Changes.ChangeFailed)
                return error.isNotFound ? Effect.void : Effect.fail(error.error)
              return Effect.fail(error)
            }
          )
        ),
      order,
      openOrders: (symbols) =>
        Effect.gen(function* () {
          const found = yield* Effect.forEach(symbols, (symbol) =>
            read("fetchOpenOrders", (from) => from.fetchOpenOrders(symbol))
          )
          const stamp = yield* stamped
          return found.flat().flatMap((row) => rows.order(row, stamp) ?? [])
        }),
      fills: ({ since, symbol }) =>
        Effect.gen(function* () {
          const found = new Map<string, PrivateEvent.Fill>()
          let from = since
          for (let page = 0; page < MOST_PAGES; page++) {
            const trades = yield* read("fetchMyTrades", (on) => on.fetchMyTrades(symbol, from, PAGE))
            const stamp = yield* stamped
            const before = found.size
            for (const trade of trades) {
              const fill = rows.fill(trade, stamp)
              if (fill !== undefined && (fill.exchangeTime ?? since) >= since) found.set(fill.id, fill)
            }
            const last = Math.max(...trades.map(({ timestamp }) => timestamp ?? 0))
            if (found.size === before || trades.length < PAGE) break
            from = last
          }
          return [...found.values()].toSorted((a, b) => (a.exchangeTime ?? 0) - (b.exchangeTime ?? 0))
        }),
      balances: Effect.gen(function* () {
        const balance = yield* read("fetchBalance", (from) => from.fetchBalance())
        return rows.balances(balance, yield* stamped, quirks)
      }),
      positions: capabilities.positions
        ? Effect.gen(function* () {
            const positions = yield* read("fetchPositions", (from) => from.fetchPositions())
            const stamp = yield* stamped
            return positions.flatMap((row) => rows.position(row, stamp) ?? []).filter(({ size }) => size !== "0")
          })
        : Effect.succeed([]),
      positionMode: Effect.gen(function* () {
        if (!capabilities.positions) return "oneWay"
        const from = yield* exchange
        if (from.has["fetchPositionMode"] === true) {
          const { hedged } = yield* read("fetchPositionMode", (on) => on.fetchPositionMode())
          return hedged === true ? "hedge" : "oneWay"
        }
        const positions = yield* read("fetchPositions", (on) => on.fetchPositions())
        return positions.some(({ hedged }) => hedged === true) ? "hedge" : "oneWay"
      })
    }
    return account
  })
