/** The made-up venue's trading side: an account over its wire, with sessions that come and go. */
import {
  AccountStream,
  ConnectionStates,
  type Order,
  type PrivateEvent,
  type Trading,
  VenueError
} from "@tidewire/core"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type BookedOrder, Refused, type Told } from "./Ledger.ts"
import type { Stream, Wire } from "./Wire.ts"

export const capabilities: Trading.TradingCapabilities = {
  kinds: ["limit", "market", "stop", "takeProfit"],
  timesInForce: ["gtc", "ioc", "fok", "postOnly"],
  reduceOnly: true,
  amends: "priceAndSize",
  positions: true,
  deadMan: true
}

export interface Setup {
  readonly wire: Wire
  readonly venue: string
  /** Whether connections are refused now, and with which status REST fails. */
  readonly refuses: () => boolean
  readonly failing: () => number | undefined
}

const HANDSHAKE_MS = 5
const AGAIN_MS = 100

export const make = (setup: Setup): Trading.Trading => ({ capabilities, open: (emit) => open(setup, emit) })

const open = ({ failing, refuses, venue, wire }: Setup, emit: (event: PrivateEvent.PrivateEvent) => void) =>
  Effect.gen(function* () {
    const stream = yield* AccountStream.AccountStream.make
    const states = yield* ConnectionStates.ConnectionStates.make
    const clock = yield* Clock.Clock
    const stamp = () => ({ venue, receivedTime: clock.currentTimeMillisUnsafe() })
    const told = (what: Told) => eventsOf(what, stamp()).forEach(emit)
    let session: Stream | undefined
    yield* Effect.addFinalizer(() => Effect.sync(() => session !== undefined && wire.streams.delete(session)))
    const connect = Effect.gen(function* () {
      yield* Effect.sleep(HANDSHAKE_MS)
      if (session !== undefined) return
      if (refuses()) return yield* Effect.sleep(AGAIN_MS)
      const begun: Stream = {
        told,
        ended: (reason) => {
          wire.streams.delete(begun)
          session = undefined
          stream.down(reason)
        }
      }
      session = begun
      wire.streams.add(begun)
      stream.up()
    })
    yield* Effect.forkScoped(Effect.forever(connect))

    const failed = (operation: string) => (reason: VenueError.Reason) =>
      new VenueError.VenueError({ venue, operation, reason })
    const fail = (operation: string, reason: VenueError.Reason) => Effect.fail(failed(operation)(reason))
    const asking = <A>(run: Effect.Effect<A, VenueError.VenueError>) =>
      Effect.suspend(() => {
        const status = failing()
        if (status === undefined) return run
        return fail("request", new VenueError.VenueUnavailable({ message: `status ${status}` }))
      })
    const refusedAs = ({ code, message }: Refused) => failed("order")(new VenueError.OrderRejected({ code, message }))
    const find = ({ clientOrderId }: Order.Reference) =>
      wire.ledger.orders.find((order) => order.clientOrderId === clientOrderId)

    const account: Trading.Account = {
      stream: stream.ref,
      connections: states.ref,
      submit: (request) =>
        asking(
          Effect.gen(function* () {
            const { clientOrderId, kind, price, triggerPrice } = request
            const isTriggered = kind === "stop" || kind === "takeProfit"
            if ((kind === "limit" && price === undefined) || (isTriggered && triggerPrice === undefined)) {
              return yield* fail("order", new VenueError.InvalidRequest({ message: `a ${kind} order without a price` }))
            }
            const [{ _tag }, { venueOrderId }] = yield* Effect.mapError(wire.place(request), refusedAs)
            if (_tag === "Done") return { venueOrderId }
            return yield* fail("order", new VenueError.OutcomeUnknown({ clientOrderId, message: _tag }))
          })
        ),
      amend: (amendment) => asking(Effect.mapError(wire.amend(amendment), refusedAs)),
      cancel: ({ clientOrderId }) => asking(Effect.ignore(wire.cancel(clientOrderId))),
      cancelAll: (symbols) => asking(Effect.forEach(symbols, (symbol) => wire.cancelAll(symbol), { discard: true })),
      order: (reference) =>
        asking(
          Effect.sync(() => {
            const order = find(reference)
            return order && orderOf(order, stamp())
          })
        ),
      openOrders: (symbols) =>
        asking(
          Effect.sync(() =>
            wire.ledger.orders
              .filter(({ status, symbol }) => status === "open" && symbols.includes(symbol))
              .map((order) => orderOf(order, stamp()))
          )
        ),
      fills: ({ since, symbol }) =>
        asking(
          Effect.sync(() =>
            wire.ledger.fills(symbol, since).map(({ fill, order, time }) => fillOf(order, fill, time, stamp()))
          )
        ),
      balances: asking(
        Effect.sync(() =>
          wire.ledger.account.balances.map((balance) => ({ type: "balance" as const, ...stamp(), ...balance }))
        )
      ),
      positions: asking(
        Effect.sync(() =>
          wire.ledger.positions.map((position) => ({ type: "position" as const, ...stamp(), ...position }))
        )
      ),
      positionMode: asking(Effect.succeed("oneWay")),
      deadMan: (symbols, within) =>
        asking(
          Effect.sync(() => {
            const withinMs = Duration.toMillis(Duration.fromInputUnsafe(within))
            for (const symbol of symbols) wire.countdown(symbol, withinMs)
          })
        )
    }
    return account
  })

type Stamp = Pick<PrivateEvent.Order, "venue" | "receivedTime">

const orderOf = ({ request, ...order }: BookedOrder, stamp: Stamp): PrivateEvent.Order => {
  const { fills: _, ...known } = order
  const { kind, reduceOnly, timeInForce, triggerPrice } = request
  return {
    type: "order",
    ...stamp,
    ...known,
    kind,
    ...(triggerPrice !== undefined && { triggerPrice }),
    ...(timeInForce !== undefined && { timeInForce }),
    ...(reduceOnly !== undefined && { reduceOnly })
  }
}

const fillOf = (
  { clientOrderId, side, symbol, venueOrderId }: BookedOrder,
  fill: BookedOrder["fills"][number],
  exchangeTime: number,
  stamp: Stamp
): PrivateEvent.Fill => ({ type: "fill", ...stamp, exchangeTime, symbol, clientOrderId, venueOrderId, side, ...fill })

const eventsOf = (told: Told, stamp: Stamp): ReadonlyArray<PrivateEvent.PrivateEvent> => {
  if (told.type === "order") return [{ ...orderOf(told.order, stamp), exchangeTime: told.time }]
  if (told.type === "fill") return [fillOf(told.order, told.fill, told.time, stamp)]
  return [
    { type: "balance", ...stamp, asset: "USD", total: told.total },
    ...told.positions.map((position) => ({ type: "position" as const, ...stamp, ...position }))
  ]
}
