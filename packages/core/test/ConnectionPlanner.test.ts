import { assert, describe, it } from "@effect/vitest"
import type { Channel } from "@tidewire/core"
import * as Planner from "../src/ConnectionPlanner.ts"
import { seeded } from "./random.ts"

const carried = (symbol: string, channel: Channel.Channel): Planner.Carried => ({
  subscription: { symbol, channel },
  topic: { name: `${symbol}@${channel}`, route: channel === "trades" ? "market" : "public" }
})

const wanted = (...symbols: ReadonlyArray<string>) =>
  symbols.flatMap((symbol) => [carried(symbol, "trades"), carried(symbol, "book"), carried(symbol, "quotes")])

/** `connections` is what a start may open: four fifths of the attempts. */
const limits = (connections: number, topicsPerConnection = 100) => ({
  topicsPerConnection,
  dials: { attempts: Math.ceil(connections / 0.8), window: "5 minutes" as const }
})

const options = (isolation: "symbol" | "shared", given = limits(100)): Planner.PlanOptions => ({
  isolation,
  limits: given,
  routes: ["public", "market"]
})

const brief = ({ connections }: Planner.Plan) =>
  connections.map(
    ({ carried, name }) =>
      `${name}: ${carried.map(({ subscription: { channel, symbol } }) => `${symbol} ${channel}`).join(", ")}`
  )

const symbolsOf = ({ carried }: Planner.Planned) => new Set(carried.map(({ subscription }) => subscription.symbol))

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
    assert.deepStrictEqual(brief(Planner.plan(wanted("AAA", "BBB"), options("shared", limits(100, 3)))), [
      "market-1: AAA trades, BBB trades",
      "public-1: AAA book, AAA quotes, BBB book",
      "public-2: BBB quotes"
    ])
  })

  it("cuts connections to the characters that their topics may have together", () => {
    // each name has 8 to 10 characters, and three more around it
    const given = { ...limits(100), charactersPerConnection: 25 }
    const unrouted = wanted("AAA", "BBB").map((each) => ({ ...each, topic: { ...each.topic, route: "public" } }))
    assert.deepStrictEqual(
      [
        brief(Planner.plan(unrouted, options("shared", given))),
        brief(Planner.plan(unrouted, options("symbol", given)))
      ],
      [
        [
          "public-1: AAA trades, AAA book",
          "public-2: AAA quotes, BBB book",
          "public-3: BBB trades",
          "public-4: BBB quotes"
        ],
        [
          "AAA/public: AAA trades, AAA book",
          "AAA/public-2: AAA quotes",
          "BBB/public: BBB trades, BBB book",
          "BBB/public-2: BBB quotes"
        ]
      ]
    )
  })

  it("S-A1 spreads symbols evenly over what the venue allows at a start, and says how many share one", () => {
    const plan = Planner.plan(wanted("AAA", "BBB", "CCC"), options("symbol", limits(4)))
    assert.deepStrictEqual(
      [brief(plan), plan.notes],
      [
        [
          "market-1: AAA trades, CCC trades",
          "public-1: AAA book, AAA quotes, CCC book, CCC quotes",
          "market-2: BBB trades",
          "public-2: BBB book, BBB quotes"
        ],
        ["the venue allows 4 connections at a start: up to 2 symbols share a connection"]
      ]
    )
  })

  it("S-A1 uses every connection that is allowed before symbols share one", () => {
    const symbols = Array.from({ length: 250 }, (_, index) => `S${index}`)
    const trades = symbols.map((symbol) => carried(symbol, "trades"))
    const shared = (attempts: number) => {
      const { connections, notes } = Planner.plan(trades, {
        isolation: "symbol",
        limits: { topicsPerConnection: 1024, dials: { attempts, window: "5 minutes" } },
        routes: ["market"]
      })
      const counts = connections.map((each) => symbolsOf(each).size)
      return [connections.length, Math.max(...counts), counts.filter((count) => count > 1).length, notes.length]
    }
    // 300 attempts: 240 at a start; 400: 320
    assert.deepStrictEqual(
      [shared(300), shared(400)],
      [
        [240, 2, 10, 1],
        [250, 1, 0, 0]
      ]
    )
  })

  it("counts the sockets of redundant connections, and connections that the venue allows at once", () => {
    const names = (extra: Partial<Planner.PlanOptions>, connections?: number) => {
      const given = { ...limits(4), ...(connections !== undefined && { connections }) }
      const plan = Planner.plan(wanted("AAA", "BBB"), { ...options("symbol", given), ...extra })
      return [plan.connections.map(({ name }) => name), plan.notes]
    }
    assert.deepStrictEqual(
      [names({ socketsPerConnection: 1 }), names({ socketsPerConnection: 2 }), names({}, 3)],
      [
        [["AAA/market", "AAA/public", "BBB/market", "BBB/public"], []],
        [
          ["market-1", "public-1"],
          ["the venue allows 2 connections of 2 sockets each at a start: up to 2 symbols share a connection"]
        ],
        [
          ["AAA/market", "public-1", "BBB/market"],
          ["the venue allows 3 connections at a start: up to 2 symbols share a connection"]
        ]
      ]
    )
  })

  it("says so when topics need more connections than may be opened at a start", () => {
    const note = "the venue allows 2 connections at a start: 3 connections open one after another"
    const plans = [
      Planner.plan(wanted("AAA", "BBB"), options("shared", limits(2, 3))),
      Planner.plan(wanted("AAA", "BBB"), options("symbol", limits(2, 2)))
    ]
    assert.deepStrictEqual(
      plans.map(({ connections, notes }) => [connections.map(({ name }) => name), notes.at(-1)]),
      [
        [["market-1", "public-1", "public-2"], note],
        [["market-1", "public-1", "public-2"], note]
      ]
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
    const before = Planner.plan(wanted("AAA", "BBB"), options("shared", limits(100, 2))).connections
    const after = Planner.plan(wanted("BBB", "CCC"), options("shared", limits(100, 2)), before)
    assert.deepStrictEqual(brief(after), [
      "market-1: BBB trades, CCC trades",
      "public-2: BBB book, BBB quotes",
      "public-1: CCC book, CCC quotes"
    ])
  })

  it("adds symbols beyond the limit to the least crowded connections, and what a symbol adds to its own", () => {
    const before = Planner.plan(wanted("AAA", "BBB"), options("symbol", limits(4))).connections
    const after = Planner.plan(
      [...wanted("AAA", "BBB", "CCC"), carried("BBB", "ticker")],
      options("symbol", limits(4)),
      before
    )
    assert.deepStrictEqual(brief(after), [
      "AAA/market: AAA trades, CCC trades",
      "AAA/public: AAA book, AAA quotes, CCC book, CCC quotes",
      "BBB/market: BBB trades",
      "BBB/public: BBB book, BBB quotes, BBB ticker"
    ])
  })

  it("keeps to routes and topics, moves nothing, carries all once, and is even, whatever changes", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seeded(seed)
      const given = {
        ...options("symbol", limits(1 + random.below(12), 3 + random.below(5))),
        socketsPerConnection: 1 + random.below(2)
      }
      let before: ReadonlyArray<Planner.Planned> = []
      for (let change = 0; change < 6; change++) {
        const symbols = Array.from({ length: 15 }, (_, index) => `S${index}`).filter(() => random.chance(0.6))
        const all = wanted(...symbols)
        const { connections, notes } = Planner.plan(all, given, before)
        const at = (plans: ReadonlyArray<Planner.Planned>) =>
          new Map(plans.flatMap(({ carried, name }) => carried.map(({ topic }) => [topic.name, name] as const)))
        const now = at(connections)
        const told = `seed ${seed}, change ${change}`
        assert.strictEqual(connections.flatMap((each) => each.carried).length, all.length, told)
        assert.strictEqual(now.size, all.length, told)
        assert.strictEqual(new Set(connections.map(({ name }) => name)).size, connections.length, told)
        for (const { carried, route } of connections) {
          assert.isTrue(carried.length <= given.limits.topicsPerConnection, told)
          assert.isTrue(
            carried.every(({ topic }) => topic.route === route),
            told
          )
        }
        for (const [topic, name] of at(before)) {
          if (now.has(topic)) assert.strictEqual(now.get(topic), name, told)
        }
        const most = Planner.allowed(given)
        const isCrowded = connections.length > most || connections.some((each) => symbolsOf(each).size > 1)
        assert.strictEqual(notes.length > 0, isCrowded, told)
        if (change === 0) {
          for (const [, ofRoute] of Map.groupBy(connections, ({ route }) => route)) {
            const counts = ofRoute.map((each) => symbolsOf(each).size)
            assert.isTrue(Math.max(...counts) - Math.min(...counts) <= 1 || connections.length > most, told)
          }
        }
        before = connections
      }
    }
  })
})
