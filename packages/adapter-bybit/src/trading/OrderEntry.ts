/**
 * Where orders go: the trade socket, or REST where there is none or while it is down. An acknowledgement says that the venue
 * has taken a request in; what becomes of the order is told on the private socket.
 *
 * Guarantees: a request goes one way only. It goes over REST when the socket certainly has not sent it, and never again when
 * it has.
 * Source: docs/venues/bybit.md, "Orders" and "Private sockets".
 */
import {
  type ConnectionOptions,
  type ConnectionStates,
  DialBudget,
  PrivateSocket,
  type Socket,
  type VenueClock,
  VenueError
} from "@tidewire/core"
import { Clock, Effect, type Scope } from "effect"
import * as limits from "../limits.ts"
import type { Market } from "../market.ts"
import type { Credentials } from "./credentials.ts"
import * as outcome from "./outcome.ts"
import { type RateLimits, TOO_MANY } from "./RateLimits.ts"
import * as signed from "./signed.ts"
import { type Change, room, type SignedRest } from "./SignedRest.ts"
import { type Answer, authenticate, LastAsked, tradeAnswer } from "./socketFrames.ts"

/** What a request needs, whichever way it goes. */
export interface Requests {
  readonly venue: string
  /** `undefined` where the environment has no trade socket. */
  readonly url: string | undefined
  readonly credentials: Credentials
  readonly clock: VenueClock.VenueClock
  readonly limits: RateLimits
  readonly rest: SignedRest
}

export interface OrderEntrySetup extends Requests {
  readonly market: Market
  readonly connection: ConnectionOptions.ConnectionOptions
  readonly states: ConnectionStates.ConnectionStates
}

export type OrderEntry = (change: Change) => Effect.Effect<unknown, VenueError.VenueError>

/** More than its user may order in a second, all kinds of requests and pings together. */
const MESSAGES_PER_SECOND = 50

const RATES = { messagesPerSecond: MESSAGES_PER_SECOND, answerWithin: "10 seconds" } as const

export const make = (setup: OrderEntrySetup): Effect.Effect<OrderEntry, never, Scope.Scope | Socket.SocketDriver> =>
  Effect.gen(function* () {
    return entry(setup, setup.url === undefined ? undefined : yield* open(setup, setup.url))
  })

/** One that sends nothing, if its `rest` is one of rehearsals: requests go the same way as far as the transport. */
export const rehearsal = (requests: Requests): OrderEntry => {
  const { request } = PrivateSocket.rehearsal<Answer>(RATES)
  return entry(requests, requests.url === undefined ? undefined : { request, isUsable: () => true })
}

interface TradeSocket extends Pick<PrivateSocket.PrivateSocket<Answer>, "request"> {
  readonly isUsable: () => boolean
}

const entry = (requests: Requests, socket: TradeSocket | undefined): OrderEntry => {
  const { clock, limits: counts, rest, venue } = requests
  const change = socket && changing(requests, socket)
  return (asked) =>
    Effect.gen(function* () {
      const { operation } = asked
      yield* room(counts.of(operation), operation, venue)
      // the socket has no operation for all orders of a symbol
      if (change === undefined || operation === "cancel-all" || !socket?.isUsable()) return yield* rest.change(asked)
      yield* clock.ready
      return yield* Effect.catch(change(asked), (reason) =>
        // a request that changes something fails so only when it was not sent
        reason._tag === "ConnectionFailed"
          ? rest.change(asked)
          : Effect.fail(new VenueError.VenueError({ venue, operation: `order.${operation}`, reason }))
      )
    })
}

const open = (
  { clock, connection, credentials, market, states, venue }: OrderEntrySetup,
  url: string
): Effect.Effect<TradeSocket, never, Scope.Scope | Socket.SocketDriver> =>
  Effect.gen(function* () {
    const asked = new LastAsked()
    // the venue asked for nothing more to be sent on the present socket
    let isLeaving = false
    const socket = yield* PrivateSocket.make<Answer>({
      states,
      venue: {
        venue,
        name: "orders",
        options: connection,
        dials: DialBudget.ofHost(url, market.limits.dials),
        heartbeat: limits.tradeHeartbeat,
        ...RATES,
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
                  JSON.stringify({ reqId: String(id), op: "auth", args: signed.auth(credentials, now) })
                ),
              reasonOf: ({ code, message }) => reasonOf({ code, message: credentials.hide(message) }, undefined)
            })
            yield* subscribing
            isLeaving = false
          }),
        read: (frame, _, sink) => tradeAnswer(frame, asked, sink, () => (isLeaving = true))
      }
    })

    return { request: socket.request, isUsable: () => socket.isActive() && !isLeaving }
  })

const changing =
  ({ clock, credentials, limits: counts }: Requests, socket: TradeSocket) =>
  ({ about, fields, operation }: Change): Effect.Effect<unknown, VenueError.Reason> => {
    let stamp = 0
    const unknown = outcome.unknown(about)
    const attempt = Effect.gen(function* () {
      const answer = yield* socket.request({
        isUrgent: operation === "cancel",
        ...(unknown !== undefined && { unknown }),
        frame: (id) => {
          stamp = clock.now()
          return JSON.stringify({
            reqId: String(id),
            header: { "X-BAPI-TIMESTAMP": String(stamp), "X-BAPI-RECV-WINDOW": String(credentials.recvWindow) },
            op: `order.${operation}`,
            args: [fields]
          })
        }
      })
      const header = headerOf(answer)
      counts.told(operation, header, yield* Clock.currentTimeMillis)
      if (answer.isSuccess) return answer.data
      const restMs = answer.code === TOO_MANY ? yield* counts.exceeded(operation, header, clock.now()) : undefined
      return yield* Effect.fail(
        reasonOf({ code: answer.code, message: credentials.hide(answer.message) }, about, restMs)
      )
    })
    return Effect.catch(attempt, (reason) =>
      outcome.is(reason, "clock")
        ? Effect.andThen(
            Effect.mapError(clock.corrected(stamp), (error) => error.reason),
            attempt
          )
        : Effect.fail(reason)
    )
  }

const reasonOf = (
  { code, message }: Pick<Answer, "code" | "message">,
  about: outcome.About,
  retryAfterMs?: number
): VenueError.Reason =>
  outcome.reasonOf({ status: 200, code, message, ...(retryAfterMs !== undefined && { retryAfterMs }) }, about)

/** Names come in the venue's spelling here, in small letters over REST. */
const headerOf = ({ header }: Answer) => {
  const byName = new Map(Object.entries(header).map(([name, value]) => [name.toLowerCase(), value]))
  return (name: string): string | undefined => {
    const value = byName.get(name)
    return typeof value === "string" ? value : undefined
  }
}
