/** The order book topics: chains of `u` that everybody shares, and windows that are exactly the best levels. */
import { describe, expect, it } from "vitest"
import { eventually, onStage } from "../support.ts"
import { type Category, type Data, open, Rebuilt } from "./client.ts"

const busy = { rates: { tradesPerSecond: 30, ordersPerSecond: 400 } }

const cases = (["spot", "linear", "inverse"] as const).flatMap((category) =>
  ([50, 200, 1000] as const).map((levels) => ({
    category,
    levels,
    symbol: category === "inverse" ? "BTCUSD" : "BTCUSDT"
  }))
)

const marketOf = (category: Category) => `bybit-${category}` as const

describe.each(cases)("orderbook.$levels on $category", ({ category, levels, symbol }) => {
  it.each([1, 2, 3])("keeps a client's book at exactly the engine's best levels after every message, seed %i", (seed) =>
    onStage({ ...busy, seed, depth: levels === 1000 ? 300 : 80 }, async (stage) => {
      const client = await open(stage, category)
      const topic = `orderbook.${levels}.${symbol}`
      await client.request("subscribe", [topic])
      const book = new Rebuilt()
      let read = 0
      const periodMs = { 50: 20, 200: 100, 1000: 200 }[levels]
      for (let step = 0; step < 60; step++) {
        // To the very tick, so that the engine's book is the one that the message tells.
        stage.clock.advance(periodMs - (stage.clock.now() % periodMs))
        const truth = stage.simulator.control.book(marketOf(category), symbol, levels)
        const last = truth.bids[0]![0] + truth.asks[0]![0]
        const { number } = stage.simulator.truth.market(marketOf(category), symbol)!.chains.get(levels)!
        await eventually(() => client.of<Data>(topic).at(-1)?.data.u === number, `u ${number} ${last}`)
        const frames = client.of<Data>(topic)
        for (; read < frames.length; read++) book.accept(frames[read]!)
        expect(book.levels()).toEqual({ bids: truth.bids, asks: truth.asks })
      }
      expect(read).toBeGreaterThan(20)
    })
  )
})

it("gives a late subscriber the last message's `u`, and both the same deltas after it", () =>
  onStage(busy, async (stage) => {
    const topic = "orderbook.50.BTCUSDT"
    const first = await open(stage, "linear")
    await first.request("subscribe", [topic])
    stage.clock.advance(500)
    const second = await open(stage, "linear")
    await second.request("subscribe", [topic])
    const [snapshot] = second.of<Data>(topic)
    await eventually(() => first.of<Data>(topic).at(-1)?.data.u === snapshot!.data.u)
    stage.clock.advance(500)
    await eventually(() => second.of(topic).length > 5 && first.of(topic).at(-1)!.ts === second.of(topic).at(-1)!.ts)
    const [, ...deltas] = second.of<Data>(topic)
    expect(snapshot!.type).toBe("snapshot")
    expect(deltas.map(({ data, type }) => [type, data.u])).toEqual(
      deltas.map((_, place) => ["delta", snapshot!.data.u + 1 + place])
    )
    expect(first.of(topic).slice(-deltas.length)).toEqual(deltas)
  }))

it("numbers messages without a hole while nobody listens", () =>
  onStage(busy, async (stage) => {
    const topic = "orderbook.50.BTCUSDT"
    const first = await open(stage, "linear")
    await first.request("subscribe", [topic])
    const before = first.of<Data>(topic)[0]!.data.u
    await first.request("unsubscribe", [topic])
    stage.clock.advance(2_000)
    await first.request("subscribe", [topic])
    const after = (await eventually(() => first.of<Data>(topic)[1])).data.u
    expect(after).toBeGreaterThan(before + 50)
  }))
