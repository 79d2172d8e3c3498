/**
 * Every market passes the conformance suite on the simulator, and the documents say what it supports and passes. With
 * `TIDEWIRE_UPDATE=1` the tables are written, not compared.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { insert, moduleSubject, suite, table } from "@tidewire/conformance"
import { defaultAccount, type MarketKind, serve } from "@tidewire/simulator"
import { Redacted } from "effect"
import { expect, it } from "vitest"
import { adapter, BinanceSpot, BinanceUsdm, type Market } from "../src/index.ts"

const options = { apiKey: Redacted.make(defaultAccount.key), apiSecret: Redacted.make(defaultAccount.secret ?? "") }

const symbols = ["BTCUSDT", "ETHUSDT"]

const simulated = ({ id, trading }: Market, market: MarketKind) =>
  moduleSubject(adapter, id, { serve: serve(market, symbols), options, trading: trading.capabilities })

const reports = {
  binance: suite("binance", simulated(BinanceSpot, "spot")),
  "binance-usdm": suite("binance-usdm", simulated(BinanceUsdm, "usdm"))
}

const documents = ["../README.md", "../../../docs/venues/binance.md"].map((path) => new URL(path, import.meta.url))

// of a part of the cards there is no table
if (process.env["TIDEWIRE_CARDS"] === undefined) {
  it("the tables in the documents are those of this run", () => {
    const now = table(Object.fromEntries(Object.entries(reports).map(([name, report]) => [name, report()])))
    for (const document of documents) {
      const text = readFileSync(document, "utf8")
      const fresh = insert(text, now)
      if (process.env["TIDEWIRE_UPDATE"] === "1") writeFileSync(document, fresh)
      else expect(text).toBe(fresh)
    }
  })
}
