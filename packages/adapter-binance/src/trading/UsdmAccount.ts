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
  PrivateSocket,
  type Socket,
  type SocketVenue,
  type Trading,
  VenueClock,
  type VenueError
} from "@tidewire/core"
import { Effect, type Scope } from "effect"
import { isRow } from "../decode/reader.ts"
import * as wire from "../wire.ts"
import type { AccountSetup } from "./account.ts"
import * as accountRest from "./AccountRest.ts"
import * as ListenKey from "./ListenKey.ts"
import * as orderCounts from "./orderCounts.ts"
import { read, reader } from "./readEvents.ts"
import { usdm as codes } from "./refusals.ts"
import { serverTime } from "./serverTime.ts"
import { make as makeRest } from "./SignedRest.ts"
import { Triggers } from "./triggers.ts"
import * as usdmEvents from "./usdmEvents.ts"
import * as usdmHoldings from "./usdmHoldings.ts"
import * as usdmLookup from "./usdmLookup.ts"
import * as usdmOrders from "./usdmOrders.ts"

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

/** A read of fills by time covers a week. */
const FILLS = { path: "/fapi/v1/userTrades", weight: 5, windowMs: 7 * 24 * 3_600_000 }

/** Rows of another family (COIN-M) say so. */
const USDM_FAMILY = 1

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

      const lookup = usdmLookup.make(venue, rest, triggers)
      const rehearsed = makeRest({
        venue,
        rest: unsigned.rehearsal,
        credentials,
        clock: { ...clock, ready: Effect.void },
        codes,
        orders: orderCounts.rehearsal(orderCounts.usdm)
      })
      const account: Trading.Account = {
        stream: stream.ref,
        connections: states.ref,
        order: lookup.order,
        openOrders: lookup.openOrders,
        ...usdmOrders.make({ venue, rest, lookup, triggers, emit }),
        rehearse: usdmOrders.make({ venue, rest: rehearsed, lookup, triggers: new Triggers(), emit }).submit,
        ...usdmHoldings.make(venue, rest),
        fills: (request) => accountRest.fills(rest, { venue, ...FILLS }, request)
      }
      return account
    })
