/**
 * The trading side of an exchange, where it was given what CCXT asks of an account: what CCXT says that it can is claimed, and
 * nothing that it does in more than one step.
 */
import type { ConnectionOptions, Trading } from "@tidewire/core"
import { can } from "../Exchange.ts"
import type { Maker } from "../Maker.ts"
import * as CcxtAccount from "./CcxtAccount.ts"
import type { PrivateExchange } from "./PrivateExchange.ts"

const contracts: ReadonlySet<unknown> = new Set(["swap", "future", "delivery", "linear", "inverse"])

/** Of the kind of market that the exchange trades unless it is told otherwise (`defaultType`). */
const capabilitiesOf = (exchange: PrivateExchange): Trading.TradingCapabilities => {
  const tradesContracts = contracts.has(exchange.options?.["defaultType"])
  return {
    kinds: ["limit", "market"],
    timesInForce: ["gtc", "ioc", "fok", "postOnly"],
    reduceOnly: tradesContracts,
    amends: "none",
    positions: tradesContracts && can(exchange, "fetchPositions"),
    deadMan: false
  }
}

/** What an account cannot do without. */
const NEEDED = ["createOrder", "cancelOrder", "fetchOpenOrders", "fetchBalance", "fetchMyTrades", "watchOrders"]

/** `undefined` without credentials, and where CCXT cannot do what an account needs. */
export const make = (
  venue: string,
  maker: Maker,
  connection: ConnectionOptions.ConnectionOptions
): Trading.Trading | undefined => {
  const exchange = maker.reader as PrivateExchange
  if (!exchange.checkRequiredCredentials(false)) return undefined
  if (!NEEDED.every((method) => can(exchange, method))) return undefined
  const capabilities = capabilitiesOf(exchange)
  return { capabilities, open: (emit) => CcxtAccount.open({ venue, maker, capabilities, connection, emit }) }
}
