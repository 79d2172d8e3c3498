/** CCXT's exchanges pass the conformance suite on the simulator, but for what CCXT itself does not do. */
import { insert, moduleSubject, suite, table } from "@tidewire/conformance"
import type { MarketKind } from "@tidewire/simulator"
import { readFileSync, writeFileSync } from "node:fs"
import { expect, it } from "vitest"
import { adapter } from "../src/index.ts"
import { type Names, served } from "./support/served.ts"

const subject = (id: string, market: MarketKind, names: Names, skip: Readonly<Record<string, string>>, options = {}) =>
  moduleSubject(adapter, id, { serve: served(market, names), options, skip })

const spot = { "BTC/USDT": "BTCUSDT", "ETH/USDT": "ETHUSDT" }
const linear = { "BTC/USDT:USDT": "BTCUSDT", "ETH/USDT:USDT": "ETHUSDT" }

const notOfSpot =
  "CCXT claims channels for all markets of an exchange together, and spot has neither marks nor liquidations"
const spotOnly = { "MD-6": notOfSpot, "MD-7": notOfSpot, "MD-8": notOfSpot }

const unnumbered = {
  "BK-2": "CCXT keeps no sequence of this exchange's book, so that ours cannot be the exchange's",
  "BK-3": "CCXT checks no sequence of this exchange's book: a change that did not come goes unseen",
  "BK-4": "CCXT keeps no sequence of this exchange's book, so that ours cannot be the exchange's",
  "BK-5": "CCXT keeps no sequence of this exchange's book, so that ours cannot be the exchange's",
  "BK-6": "CCXT keeps no sequence of this exchange's book, so that ours cannot be the exchange's"
}

const reports = {
  "binance (spot)": suite("CCXT's binance", subject("binance", "spot", spot, spotOnly)),
  binanceusdm: suite("CCXT's binanceusdm", subject("binanceusdm", "usdm", linear, {})),
  "bybit (spot)": suite(
    "CCXT's bybit, spot",
    subject("bybit", "bybit-spot", spot, { ...spotOnly, ...unnumbered }, { bookDepth: 1000 })
  ),
  "bybit (linear)": suite(
    "CCXT's bybit, linear",
    subject("bybit", "bybit-linear", linear, unnumbered, { bookDepth: 1000 })
  )
}

void [reports, insert, table, readFileSync, writeFileSync, expect, it]
