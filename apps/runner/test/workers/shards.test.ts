import { assert, describe, it } from "@effect/vitest"
import type { Subscription, VenueAdapter } from "@tidewire/core"
import * as Schema from "effect/Schema"
import * as Shards from "../../src/workers/shards.ts"

type Subscriptions = ReadonlyArray<Subscription.Subscription>

/** Each symbol has this many channels. */
const symbolsWith = (counts: ReadonlyArray<number>): Subscriptions => {
  const channels = ["trades", "quotes", "book", "ticker", "mark"] as const
  return counts.flatMap((count, index) => channels.slice(0, count).map((channel) => ({ symbol: `S${index}`, channel })))
}

/** A plan that packs as many symbols, in their order, on a connection. */
const packing =
  (symbolsPerConnection: number): Shards.Plan =>
  (subscriptions) => {
    const symbols = [...new Set(subscriptions.map(({ symbol }) => symbol))]
    const connections = Array.from({ length: Math.ceil(symbols.length / symbolsPerConnection) }, (_, index) => {
      const own = symbols.slice(index * symbolsPerConnection, (index + 1) * symbolsPerConnection)
      return connection(
        `c${index}`,
        subscriptions.filter(({ symbol }) => own.includes(symbol))
      )
    })
    return { connections, notes: [] }
  }

/** Two routes: what stands on one, and what on the other, are different connections of a symbol. */
const routed: Shards.Plan = (subscriptions) => ({
  connections: [
    ...Map.groupBy(subscriptions, ({ channel, symbol }) => `${symbol}/${channel === "trades" ? "a" : "b"}`)
  ].map(([name, each]) => connection(name, each)),
  notes: []
})

const connection = (name: string, subscriptions: Subscriptions): VenueAdapter.PlannedConnection => ({
  name,
  url: "made-up://venue",
  subscriptions
})

const Counts = Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 5 }))).check(
  Schema.isMaxLength(40)
)
const Few = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 8 }))

/** How much each worker carries. */
const loads = (subscriptions: Subscriptions, homes: Shards.Homes, workers: number): ReadonlyArray<number> =>
  Shards.shares(subscriptions, homes, workers).map(({ length }) => length)

describe("shards", () => {
  it.prop(
    "S-A1 every subscription is in one worker, a symbol's all in the same, as evenly as symbols allow",
    { counts: Counts, workers: Few },
    ({ counts, workers: asked }) => {
      const subscriptions = symbolsWith(counts)
      const { homes, workers } = Shards.begin(routed, subscriptions, asked)
      const shares = Shards.shares(subscriptions, homes, workers)
      assert.strictEqual(workers, asked)
      assert.sameDeepMembers(shares.flat(), [...subscriptions])
      const each = loads(subscriptions, homes, workers)
      assert.isAtMost(Math.max(...each) - Math.min(...each), Math.max(0, ...counts))
    }
  )

  it.prop(
    "no connection is broken apart, and all workers together have no more than one thread would",
    { counts: Counts, workers: Few, packed: Few },
    ({ counts, packed, workers: asked }) => {
      const subscriptions = symbolsWith(counts)
      const plan = packing(packed)
      const { homes, workers } = Shards.begin(plan, subscriptions, asked)
      const whole = plan(subscriptions).connections
      for (const { subscriptions: carried } of whole) {
        assert.strictEqual(new Set(carried.map(({ symbol }) => homes.get(symbol))).size, 1)
      }
      const parts = Shards.shares(subscriptions, homes, workers).flatMap((share) => plan(share).connections)
      assert.isAtMost(parts.length, whole.length)
    }
  )

  it.prop(
    "what stays is not moved, what comes is given a home, what goes has none",
    { before: Counts, after: Counts, workers: Few },
    ({ after, before, workers: asked }) => {
      const { homes, workers } = Shards.begin(routed, symbolsWith(before), asked)
      const wanted = symbolsWith(after)
      const changed = Shards.extend(routed, wanted, homes, workers)
      assert.sameMembers([...changed.keys()], [...new Set(wanted.map(({ symbol }) => symbol))])
      for (const [symbol, home] of changed) {
        assert.isTrue(home >= 0 && home < workers)
        if (homes.has(symbol)) assert.strictEqual(home, homes.get(symbol))
      }
    }
  )

  it("what comes goes to the worker that carries least", () => {
    const { homes } = Shards.begin(routed, symbolsWith([5, 1, 1]), 2)
    const changed = Shards.extend(routed, symbolsWith([5, 1, 1, 2]), homes, 2)
    assert.deepStrictEqual(
      ["S0", "S1", "S2", "S3"].map((symbol) => changed.get(symbol)),
      [0, 1, 1, 1]
    )
  })

  it("one connection for all is one worker, whatever was asked for", () => {
    const subscriptions = symbolsWith([1, 1, 1, 1])
    assert.deepStrictEqual([loads(subscriptions, Shards.begin(packing(4), subscriptions, 4).homes, 4)], [[4, 0, 0, 0]])
  })

  it("a plan that would have more connections when shared out is shared out less", () => {
    const subscriptions = symbolsWith([1, 1, 1, 1])
    /** As where the venue allows two connections: each planner takes both. */
    const two: Shards.Plan = (wanted) => {
      const symbols = [...new Set(wanted.map(({ symbol }) => symbol))]
      const connections = [0, 1].flatMap((half) => {
        const own = symbols.filter((_, index) => index % 2 === half)
        return own.length === 0
          ? []
          : [
              connection(
                `c${half}`,
                wanted.filter(({ symbol }) => own.includes(symbol))
              )
            ]
      })
      return { connections, notes: [] }
    }
    assert.strictEqual(Shards.begin(two, subscriptions, 2).workers, 1)
  })
})
