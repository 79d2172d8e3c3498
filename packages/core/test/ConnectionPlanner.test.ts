import { assert, describe, it } from "@effect/vitest"
import type { Channel } from "@tidewire/core"
import * as Planner from "../src/ConnectionPlanner.ts"

const carried = (symbol: string, channel: Channel.Channel): Planner.Carried => ({
  subscription: { symbol, channel },
  topic: { name: `${symbol}@${channel}`, route: channel === "trades" ? "market" : "public" }
})

const wanted = (...symbols: ReadonlyArray<string>) =>
  symbols.flatMap((symbol) => [carried(symbol, "trades"), carried(symbol, "book"), carried(symbol, "quotes")])

const options = (isolation: "symbol" | "shared", limits = { topicsPerConnection: 100, connections: 100 }) => ({
  isolation,
  limits,
  routes: ["public", "market"]
})

const brief = ({ connections }: Planner.Plan) =>
  connections.map(
    ({ carried, name }) =>
      `${name}: ${carried.map(({ subscription: { channel, symbol } }) => `${symbol} ${channel}`).join(", ")}`
  )

describe("ConnectionPlanner", () => {
  it("S-A1 gives each symbol a connection of its own on each route", () => {
    assert.deepStrictEqual(brief(Planner.plan(wanted("AAA", "BBB"), options("symbol"))), [
      "AAA/market: AAA trades",
      "AAA/public: AAA book, AAA quotes",
      "BBB/market: BBB trades",
      "BBB/public: BBB book, BBB quotes"
    ])
  })

  it("S-A2 packs symbols on as few connections as the venue's topics allow", () => {
    const limits = { topicsPerConnection: 3, connections: 100 }
    assert.deepStrictEqual(brief(Planner.plan(wanted("AAA", "BBB"), options("shared", limits))), [
      "market-1: AAA trades, BBB trades",
      "public-1: AAA book, AAA quotes, BBB book",
      "public-2: BBB quotes"
    ])
  })

  it("S-A1 packs rather than exceed the venue's connections, and says so", () => {
    const plan = Planner.plan(
      wanted("AAA", "BBB", "CCC"),
      options("symbol", { topicsPerConnection: 100, connections: 4 })
    )
    assert.deepStrictEqual(
      [plan.connections.map((each) => each.name), plan.notes.length],
      [["market-1", "public-1"], 1]
    )
  })

  it("names connections without the route where the venue has only one", () => {
    const single = { ...options("symbol"), routes: ["stream"] }
    assert.deepStrictEqual(
      Planner.plan([carried("AAA", "trades")], single).connections.map((each) => each.name),
      ["AAA"]
    )
  })

  it("moves nothing that stays when subscriptions change", () => {
    const limits = { topicsPerConnection: 2, connections: 100 }
    const before = Planner.plan(wanted("AAA", "BBB"), options("shared", limits)).connections
    const after = Planner.plan(wanted("BBB", "CCC"), options("shared", limits), before)
    assert.deepStrictEqual(brief(after), [
      "market-1: BBB trades, CCC trades",
      "public-2: BBB book, BBB quotes",
      "public-1: CCC book, CCC quotes"
    ])
  })
})
