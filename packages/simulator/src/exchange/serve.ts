/**
 * A simulator of one market, quiet and with a short past, as the conformance suite wants an exchange to be served: with
 * the base URLs under which an adapter finds it. It begins shortly before the end of a minute, so that a bar closes soon.
 * The account with the usual key has so much that no card runs out of it.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { type AccountDefinition, defaultAccount } from "../account/AccountDefinition.ts"
import { clockFrom } from "../clockFrom.ts"
import type { MarketKind } from "../market/definition.ts"
import * as Simulator from "../Simulator.ts"
import { exchange } from "./exchange.ts"

const wealthy: AccountDefinition = {
  ...defaultAccount,
  balances: {
    spot: { USDT: "100000000", BTC: "1000", ETH: "10000", BNB: "10000" },
    usdm: { USDT: "100000000" },
    bybit: { USDT: "100000000", USDC: "100000000", BTC: "1000", ETH: "10000" }
  }
}

const MINUTE_MS = 60_000
const BEFORE_THE_MINUTE_MS = 5_000

export const serve = (market: MarketKind, symbols: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    const startMs = (Math.floor(now / MINUTE_MS) + 1) * MINUTE_MS - BEFORE_THE_MINUTE_MS
    const simulator = yield* Simulator.scoped({
      clock: clockFrom(startMs),
      symbols: { [market]: symbols },
      rates: { tradesPerSecond: 0, ordersPerSecond: 0, liquidationsPerSecond: 0 },
      historyMinutes: 10,
      accounts: [wealthy]
    })
    const { url: rest, wsUrl: stream } = simulator
    const endpoints = { stream, rest, ...(market === "spot" && { api: stream }) }
    return { exchange: exchange(simulator, market, wealthy), endpoints }
  })
