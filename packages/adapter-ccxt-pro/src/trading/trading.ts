/**
 * The trading side of an exchange, where it was given what CCXT asks of an account: what CCXT says that it can is claimed, and
 * nothing that it does in more than one step.
 */
import { type ConnectionOptions, type Trading, VenueError } from "@tidewire/core"
import { Effect } from "effect"
import { can } from "../Exchange.ts"
import type { Maker } from "../Maker.ts"
import { accountQuirksOf } from "./accountQuirks.ts"
import { capabilitiesOf, triggersOf } from "./capabilitiesOf.ts"
import * as CcxtAccount from "./CcxtAccount.ts"
import type { PrivateExchange } from "./PrivateExchange.ts"

/** What an account cannot do without. */
const NEEDED = ["createOrder", "cancelOrder", "fetchOpenOrders", "fetchBalance", "fetchMyTrades"]

/** What orders on a socket cannot do without. */
const ON_SOCKET = ["createOrderWs", "cancelOrderWs"]

export interface TradingSetup {
  readonly venue: string
  readonly maker: Maker
  readonly connection: ConnectionOptions.ConnectionOptions
  readonly orderEntry: "rest" | "socket"
}

/**
 * `undefined` without credentials, and where CCXT cannot do what an account needs; fails where orders are to go over a socket
 * that CCXT does not have.
 */
export const make = ({
  connection,
  maker,
  orderEntry,
  venue
}: TradingSetup): Effect.Effect<Trading.Trading | undefined, VenueError.VenueError> => {
  const exchange = maker.reader as PrivateExchange
  if (!maker.hasCredentials) return Effect.succeed(undefined)
  if (!NEEDED.every((method) => can(exchange, method))) return Effect.succeed(undefined)
  if (orderEntry === "socket" && !ON_SOCKET.every((method) => can(exchange, method))) {
    const message = `CCXT has no socket for orders of ${exchange.id}: leave out orderEntry, and they go over REST`
    const reason = new VenueError.Unsupported({ message })
    return Effect.fail(new VenueError.VenueError({ venue, operation: "orderEntry", reason }))
  }
  const quirks = accountQuirksOf(exchange.id)
  const capabilities = capabilitiesOf(exchange, quirks)
  const triggers = triggersOf(exchange, quirks)
  return Effect.succeed({
    capabilities,
    open: (emit) => CcxtAccount.open({ venue, maker, capabilities, triggers, quirks, orderEntry, connection, emit })
  })
}
