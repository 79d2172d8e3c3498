/**
 * CCXT's exchanges pass the conformance suite on the simulator, but for what CCXT itself does not do, and the documents say
 * what each supports and passes. With `TIDEWIRE_UPDATE=1` the tables are written, not compared.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { insert, moduleSubject, type Subject, suite, table } from "@tidewire/conformance"
import type { MarketKind } from "@tidewire/simulator"
import { Effect } from "effect"
import { expect, it } from "vitest"
import { adapter } from "../src/index.ts"
import { type Names, served } from "./support/served.ts"

/** Listed before it is opened, as the runner does: CCXT dials nothing before it has the list. */
const subject = (
  id: string,
  market: MarketKind,
  names: Names,
  skip: Readonly<Record<string, string>>,
  options = {}
): Subject => {
  const plain = moduleSubject(adapter, id, { serve: served(market, names), options, skip })
  return {
    ...plain,
    open: (connection) => Effect.tap(plain.open(connection), (opened) => Effect.ignore(opened.adapter.instruments))
  }
}

const spot = { "BTC/USDT": "BTCUSDT", "ETH/USDT": "ETHUSDT" }
const linear = { "BTC/USDT:USDT": "BTCUSDT", "ETH/USDT:USDT": "ETHUSDT" }

const ofContracts =
  "CCXT claims the channels of all markets of an exchange together; spot has no marks and liquidations"
const onSpot = { "MD-6": ofContracts, "MD-7": ofContracts, "MD-8": ofContracts }

const unnumbered = "CCXT keeps no sequence of this exchange's book, so that what is told cannot have the exchange's"
const unchecked = {
  "BK-2": unnumbered,
  "BK-3": "CCXT checks no sequence of this exchange's book: a change that did not come goes unseen",
  "BK-4": unnumbered,
  "BK-5": unnumbered,
  "BK-6": unnumbered
}

const deep = { bookDepth: 1_000 }

const reports = {
  "binance, spot": suite("CCXT's binance, spot", subject("binance", "spot", spot, onSpot)),
  binanceusdm: suite("CCXT's binanceusdm", subject("binanceusdm", "usdm", linear, {})),
  "bybit, spot": suite("CCXT's bybit, spot", subject("bybit", "bybit-spot", spot, { ...onSpot, ...unchecked }, deep)),
  "bybit, linear": suite("CCXT's bybit, linear", subject("bybit", "bybit-linear", linear, unchecked, deep))
}

const documents = ["../../../docs/venues/ccxt-pro.md"].map((path) => new URL(path, import.meta.url))

// of a part of the cards there is no table
if (process.env["TIDEWIRE_CARDS"] === undefined) {
  it("the table in the document is that of this run", () => {
    const now = table(Object.fromEntries(Object.entries(reports).map(([name, report]) => [name, report()])))
    for (const document of documents) {
      const text = readFileSync(document, "utf8")
      const fresh = insert(text, now)
      if (process.env["TIDEWIRE_UPDATE"] === "1") writeFileSync(document, fresh)
      else expect(text).toBe(fresh)
    }
  })
}
