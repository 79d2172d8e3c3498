/**
 * An account in one market: its events on the private socket, its orders on the trade socket (or over REST), its reads over
 * REST. The three markets differ in nothing but data.
 * Source: docs/venues/bybit.md, "Private sockets", "Private topics", "Orders".
 */
import {
  AccountStream,
  Attempts,
  type ConnectionOptions,
  ConnectionStates,
  DialBudget,
  LateCancel,
  type Order,
  type PrivateEvent,
  PrivateSocket,
  type Rest,
  type Socket,
  type Trading,
  VenueClock,
  VenueError
} from "@tidewire/core"
import { Effect, Schema, type Scope } from "effect"
import type { Hosts } from "../endpoints.ts"
import * as limits from "../limits.ts"
import type { Market } from "../market.ts"
import * as wire from "../wire.ts"
import type { Credentials } from "./credentials.ts"
import { ChangedPositions } from "./holdings.ts"
import { named, orderFields } from "./order.ts"
import * as OrderEntry from "./OrderEntry.ts"
import * as outcome from "./outcome.ts"
import * as privateTopics from "./privateTopics.ts"
import { RateLimits } from "./RateLimits.ts"
import * as reads from "./reads.ts"
import { serverTime } from "./serverTime.ts"
import * as signed from "./signed.ts"
import { make as makeRest } from "./SignedRest.ts"
import { type Answer, authenticate, LastAsked } from "./socketFrames.ts"

export interface AccountSetup {
  /** What events carry as `venue`. */
  readonly venue: string
  readonly market: Market
  readonly hosts: Required<Hosts>
  /** Demo has none. */
  readonly hasTradeSocket: boolean
  readonly connection: ConnectionOptions.ConnectionOptions
  readonly rest: Rest.Rest
  readonly credentials: Credentials
  readonly emit: (event: PrivateEvent.PrivateEvent) => void
}

const MESSAGES_PER_SECOND = 10
const ANSWER_WITHIN = "10 seconds"

export const open = (
  setup: AccountSetup
): Effect.Effect<Trading.Account, VenueError.VenueError, Scope.Scope | Socket.SocketDriver> =>
  Effect.gen(function* () {
    const { connection, credentials, emit, hosts, market, rest: unsigned, venue } = setup
    const { category } = market
    const states = yield* ConnectionStates.ConnectionStates.make
    const clock = yield* VenueClock.make({ serverTime: serverTime(unsigned) })
    const counts = new RateLimits(category)
    const rest = makeRest({ venue, rest: unsigned, credentials, clock, limits: counts })
    const stream = yield* listen(setup, states, clock)
    const url = setup.hasTradeSocket ? `${hosts.account}/v5/trade` : undefined
    const requests = { venue, url, credentials, clock, limits: counts, rest }
    const entry = yield* OrderEntry.make({ ...requests, market, connection, states })
    const read = reads.make(venue, market, rest)

    const submitTo =
      (to: OrderEntry.OrderEntry): Trading.Account["submit"] =>
      (request) =>
        Effect.gen(function* () {
          const fields = yield* Effect.mapError(
            Effect.fromResult(orderFields(market, request)),
            (reason) => new VenueError.VenueError({ venue, operation: "order.create", reason })
          )
          return placed(yield* to({ operation: "create", fields, about: request.clientOrderId }))
        })

    const account: Trading.Account = {
      stream: stream.ref,
      connections: states.ref,
      ...read,
      submit: submitTo(entry),
      rehearse: submitTo(rehearsed(setup, requests)),
      amend: (amendment) => {
        const { clientOrderId: about, price, size: qty, symbol } = amendment
        const fields = { category, symbol, ...named(amendment), price, qty }
        return Effect.catch(Effect.asVoid(entry({ operation: "amend", fields, about })), (error) =>
          outcome.is(error.reason, "done") ? Effect.void : Effect.fail(error)
        )
      },
      cancel: (reference: Order.Reference) => {
        const { clientOrderId: about, symbol } = reference
        const fields = { category, symbol, ...named(reference) }
        return LateCancel.orEnded(entry({ operation: "cancel", fields, about }), reference, {
          venue,
          order: read.order,
          emit,
          isGone: (reason) => outcome.is(reason, "gone")
        })
      },
      cancelAll: (symbols) =>
        Attempts.forEach(symbols, (symbol) =>
          entry({ operation: "cancel-all", fields: { category, symbol }, about: "*" })
        )
    }
    return account
  })

/** The way of an order without the socket and the client at its end, and with counts of its own. */
const rehearsed = (
  { credentials, market, rest: unsigned, venue }: AccountSetup,
  requests: OrderEntry.Requests
): OrderEntry.OrderEntry => {
  const clock = { ...requests.clock, ready: Effect.void }
  const counts = new RateLimits(market.category, { counts: false })
  const rest = makeRest({ venue, rest: unsigned.rehearsal, credentials, clock, limits: counts })
  return OrderEntry.rehearsal({ ...requests, clock, limits: counts, rest })
}

/** The private socket; no topic of it begins with what is: the engine asks for that. */
const listen = (
  { connection, credentials, emit, hosts, market, venue }: AccountSetup,
  states: ConnectionStates.ConnectionStates,
  clock: VenueClock.VenueClock
) =>
  Effect.gen(function* () {
    const stream = yield* AccountStream.AccountStream.make
    const asked = new LastAsked()
    const positions = new ChangedPositions()
    const url = `${hosts.account}/v5/private`
    yield* PrivateSocket.make<Answer>({
      states,
      stream,
      venue: {
        venue,
        name: "account",
        options: connection,
        dials: DialBudget.ofHost(url, market.limits.dials),
        heartbeat: limits.heartbeat,
        messagesPerSecond: MESSAGES_PER_SECOND,
        answerWithin: ANSWER_WITHIN,
        url: Effect.as(
          Effect.mapError(clock.ready, ({ reason }) => reason),
          url
        ),
        begin: ({ authenticating, request, subscribing }) =>
          Effect.gen(function* () {
            yield* authenticating
            yield* authenticate({
              request,
              clock,
              frame: (id, now) =>
                asked.frame("auth", id, () =>
                  JSON.stringify({ req_id: String(id), op: "auth", args: signed.auth(credentials, now) })
                ),
              reasonOf: ({ message }) => new VenueError.AuthenticationFailed({ message: credentials.hide(message) })
            })
            yield* subscribing
            positions.forget()
            const answer = yield* request({
              frame: (id) =>
                asked.frame("subscribe", id, () =>
                  JSON.stringify({ req_id: String(id), op: "subscribe", args: privateTopics.topics(market) })
                )
            })
            if (!answer.isSuccess) return yield* new VenueError.InvalidRequest({ message: answer.message })
          }),
        read: privateTopics.make({ market, venue, positions, asked, emit })
      }
    })
    return stream
  })

const decodePlaced = Schema.decodeUnknownOption(wire.Placed)

/** What is told without an id has been taken in all the same. */
const placed = (result: unknown): Trading.Accepted => {
  const decoded = decodePlaced(result)
  return decoded._tag === "Some" ? { venueOrderId: decoded.value.orderId } : {}
}
