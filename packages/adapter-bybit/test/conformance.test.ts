/**
 * Every market passes the conformance suite on the simulator, and the documents say what it supports and passes. With
 * `TIDEWIRE_UPDATE=1` the tables are written, not compared.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { insert, moduleSubject, suite, table } from "@tidewire/conformance"
import { defaultAccount, type MarketKind, serve } from "@tidewire/simulator"
import { Redacted } from "effect"
import { expect, it } from "vitest"
import { adapter, BybitInverse, BybitLinear, BybitSpot, type Market } from "../src/index.ts"

const options = { apiKey: Redacted.make(defaultAccount.key), apiSecret: Redacted.make(defaultAccount.secret ?? "") }

const simulated = ({ id, trading }: Market, market: MarketKind, symbols: ReadonlyArray<string>) =>
  moduleSubject(adapter, id, { serve: serve(market, symbols), options, trading })

const reports = {
  bybit: suite("bybit", simulated(BybitSpot, "bybit-spot", ["BTCUSDT", "ETHUSDT"])),
  "bybit-linear": suite("bybit-linear", simulated(BybitLinear, "bybit-linear", ["BTCUSDT", "ETHUSDT"])),
  "bybit-inverse": suite("bybit-inverse", simulated(BybitInverse, "bybit-inverse", ["BTCUSD", "ETHUSD"]))
}

const documents = ["../README.md", "../../../docs/venues/bybit.md"].map((path) => new URL(path, import.meta.url))

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
