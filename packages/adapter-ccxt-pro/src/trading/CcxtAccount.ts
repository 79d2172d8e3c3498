/**
 * An account of any exchange of CCXT: told by what it watches, asked by what it fetches, ordered of over REST
 * or on a socket of CCXT's.
 */
import {
  Attempts,
  type ConnectionOptions,
  ConnectionStates,
  LateCancel,
  type PrivateEvent,
  type Trading,
  VenueError
} from "@tidewire/core"
import { Effect } from "effect"
import { can } from "../Exchange.ts"
import type { Maker } from "../Maker.ts"
import type { AccountQuirks, Triggers } from "./accountQuirks.ts"
import * as AccountPolls from "./AccountPolls.ts"
import * as AccountReads from "./accountReads.ts"
import * as AccountWatch from "./AccountWatch.ts"
import * as Amend from "./amend.ts"
import * as Changes from "./changes.ts"
import { KnownOrders } from "./KnownOrders.ts"
import { orderParameters } from "./orderParameters.ts"
import type { PrivateExchange } from "./PrivateExchange.ts"
import { ToPoll } from "./ToPoll.ts"

export interface CcxtAccountSetup {
  readonly venue: string
  readonly maker: Maker
  readonly capabilities: Trading.TradingCapabilities
  readonly triggers: Triggers | undefined
  readonly quirks: AccountQuirks
  /** Where orders are sent; they are cancelled there too while that is open, else over REST. */
  readonly orderEntry: "rest" | "socket"
  readonly connection: ConnectionOptions.ConnectionOptions
  readonly emit: (event: PrivateEvent.PrivateEvent) => void
}

export const open = ({
  capabilities,
  connection,
  emit: told,
  maker,
  orderEntry,
  quirks,
  triggers,
  venue
}: CcxtAccountSetup) =>
  Effect.gen(function* () {
    const states = yield* ConnectionStates.ConnectionStates.make
    const known = new KnownOrders()
    const reads = AccountReads.make({ venue, maker, quirks, known, hasPositions: capabilities.positions })
    const { order } = reads
    const polled = AccountPolls.unwatched(maker.reader as PrivateExchange, capabilities.positions)
    const toPoll = new ToPoll()

    const emit = (event: PrivateEvent.PrivateEvent): void => {
      if (event.type !== "order") return told(event)
      const order = known.told(event)
      // fills of it may be due
      if (polled.fills) toPoll.order(order)
      told(order)
    }

    const stream = yield* AccountWatch.watch({
      venue,
      maker,
      hasPositions: capabilities.positions,
      quirks,
      polls: AccountPolls.make({ polled, toPoll, reads, emit: told }),
      connection,
      states,
      emit
    })

    const changes = yield* Changes.make(venue, maker, quirks)

    const amend = Amend.make({ venue, changes, order })

    const plain = <A>(changing: Effect.Effect<A, Changes.Failure>) =>
      Effect.mapError(changing, (error) => (error instanceof Changes.ChangeFailed ? error.error : error))

    const account: Trading.Account = {
      stream: stream.ref,
      connections: states.ref,
      submit: (request) =>
        Effect.gen(function* () {
          const { clientOrderId, price, side, size, symbol } = request
          const operation = "create an order"
          const parameters = yield* Effect.mapError(
            Effect.fromResult(orderParameters(capabilities, triggers, request)),
            (reason) => new VenueError.VenueError({ venue, operation, reason })
          )
          const about = { operation, clientOrderId }
          const type = price === undefined ? "market" : "limit"
          known.ask(request)
          if (polled.orders) toPoll.ask(request)
          const placing = plain(
            orderEntry === "socket"
              ? changes.socket(about, (on) => on.createOrderWs(symbol, type, side, size, price, parameters))
              : changes.rest(about, (on) => on.createOrder(symbol, type, side, size, price, parameters))
          )
          const { id } = yield* Effect.tapError(placing, ({ reason }) =>
            Effect.sync(() => {
              if (reason._tag !== "OutcomeUnknown") toPoll.forget(request)
            })
          )
          known.learn(clientOrderId, id)
          return id === undefined ? {} : { venueOrderId: id }
        }),
      amend: (amendment) => (capabilities.amends === "none" ? Amend.unsupported(venue) : plain(amend(amendment))),
      cancel: (reference) => {
        const { clientOrderId, symbol } = reference
        const id = known.idOf(reference)
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
      ...reads,
      openOrders: (symbols) =>
        Effect.tap(reads.openOrders(symbols), (found) =>
          Effect.sync(() => {
            if (polled.orders) found.forEach((event) => toPoll.seen(event))
          })
        )
    }
    return account
  })
