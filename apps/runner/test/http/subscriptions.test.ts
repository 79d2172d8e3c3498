import { assert, describe, it } from "@effect/vitest"
import * as path from "node:path"
import { fixtures } from "../tidewire.ts"
import { binance, refusal, serve } from "./served.ts"

type Subscribed = ReadonlyArray<{
  readonly venue: string
  readonly symbol: string
  readonly channel: string
  readonly wantedBy: string
}>

const briefly = (all: Subscribed) => all.map(({ channel, symbol, wantedBy }) => `${symbol} ${channel}: ${wantedBy}`)

const configured = { symbols: ["BTCUSDT", "ETHUSDT"], channels: ["trades", "ticker"] }
const pattern = { symbols: ["SOL*"], channels: ["trades"] }

const engine = {
  mode: "paper",
  strategies: [
    {
      module: path.join(fixtures, "strategies/restingBid.ts"),
      options: { venue: "binance", symbol: "BTCUSDT", price: "50000", size: "0.01" }
    }
  ]
}

describe("S-B2 what is subscribed, while it runs", () => {
  it("is previewed, changed as a whole or not at all, and what a strategy hears stays", async () => {
    const served = await serve({
      venues: (simulator) => [binance(simulator, { subscriptions: [configured, pattern] })],
      rest: { engine }
    })
    await using _ = served
    const now = async () => briefly((await served.get("/api/subscriptions")).body as Subscribed)
    const before = await now()
    assert.deepStrictEqual(before.toSorted(), [
      "BTCUSDT book: strategy",
      "BTCUSDT ticker: configuration",
      "BTCUSDT trades: configuration",
      "ETHUSDT ticker: configuration",
      "ETHUSDT trades: configuration",
      "SOLUSDT trades: pattern"
    ])
    const add = [{ symbol: "xrp/usdt", channel: "quotes" }]
    const remove = [
      { symbol: "ETHUSDT", channel: "trades" },
      { symbol: "ETHUSDT", channel: "ticker" }
    ]
    const change = { venue: "binance", add, remove }
    const preview = (await served.send("POST", "/api/subscriptions/preview", change)).body
    assert.deepStrictEqual(preview, {
      venue: "binance",
      added: [{ symbol: "XRPUSDT", channel: "quotes" }],
      removed: remove,
      plan: { before: 3, after: 3, opened: ["XRPUSDT"], closed: ["ETHUSDT"], kept: 2, notes: [] },
      problems: []
    })
    assert.deepStrictEqual(await now(), before)

    const wrong = await Promise.all(
      [
        { venue: "binance", add: [...add, { symbol: "BTCUSDT", channel: "traids" }] },
        { venue: "binance", remove: [{ symbol: "ETHUSDT", channel: "quotes" }, ...remove] },
        { venue: "binance", add: [{ symbol: "BTCUSDT", channel: "book:20" }] },
        { venue: "binance", add: [{ symbol: "*USDT", channel: "trades" }] },
        { venue: "binance", remove: [{ symbol: "BTCUSDT", channel: "book" }] },
        { venue: "binanse", add }
      ].map(async (each) => refusal(await served.send("PUT", "/api/subscriptions", each)))
    )
    assert.deepStrictEqual(wrong, [
      [400, "BadRequest"],
      [400, "BadRequest"],
      [400, "BadRequest"],
      [400, "BadRequest"],
      [409, "Conflict"],
      [404, "UnknownVenue"]
    ])
    assert.deepStrictEqual(await now(), before)

    assert.strictEqual((await served.send("PUT", "/api/subscriptions", change)).status, 200)
    assert.deepStrictEqual((await now()).toSorted(), [
      "BTCUSDT book: strategy",
      "BTCUSDT ticker: configuration",
      "BTCUSDT trades: configuration",
      "SOLUSDT trades: pattern",
      "XRPUSDT quotes: operator"
    ])
    type Events = ReadonlyArray<unknown>
    await served.until<Events>("/api/events?symbol=XRPUSDT&channel=quotes", (events) => events.length > 0)
    type Rows = ReadonlyArray<{ readonly name: string; readonly state: string }>
    await served.until<Rows>(
      "/api/connections",
      (rows) =>
        rows
          .map(({ name }) => name)
          .toSorted()
          .join() === "BTCUSDT,SOLUSDT,XRPUSDT" && rows.every(({ state }) => state === "Active")
    )
    const back = { venue: "binance", add: [{ symbol: "ETHUSDT", channel: "trades" }] }
    assert.strictEqual((await served.send("PUT", "/api/subscriptions", back)).status, 200)
    assert.include(await now(), "ETHUSDT trades: configuration")
  })
})
