/** The book on the wire: diffs chain by each market's rule, join the REST snapshot, and rebuild the true book. */
import { describe, expect, it } from "vitest"
import type { MarketKind } from "../src/index.ts"
import { eventually, onStage, type Json } from "./support.ts"

type Levels = ReadonlyArray<readonly [string, string]>

interface Diff {
  readonly U: number
  readonly u: number
  readonly pu?: number
  readonly b: Levels
  readonly a: Levels
}

const asDiff = (frame: Json): Diff => frame as unknown as Diff

/** A naive book by text, as far from the simulator's own as can be. */
class NaiveBook {
  readonly bids = new Map<string, string>()
  readonly asks = new Map<string, string>()

  set(bids: Levels, asks: Levels): void {
    for (const [side, rows] of [
      [this.bids, bids],
      [this.asks, asks]
    ] as const) {
      for (const [price, size] of rows) {
        if (Number(size) === 0) side.delete(price)
        else side.set(price, size)
      }
    }
  }

  sorted(): { bids: Levels; asks: Levels } {
    const rows = (side: Map<string, string>, sign: number) =>
      [...side].toSorted(([a], [b]) => sign * (Number(a) - Number(b)))
    return { bids: rows(this.bids, -1), asks: rows(this.asks, 1) }
  }
}

const venues: ReadonlyArray<{ market: MarketKind; path: string; rest: string; stream: string }> = [
  { market: "spot", path: "/stream", rest: "/api/v3/depth?symbol=ETHUSDT&limit=5000", stream: "ethusdt@depth@100ms" },
  {
    market: "usdm",
    path: "/public/stream",
    rest: "/fapi/v1/depth?symbol=ETHUSDT&limit=1000",
    stream: "ethusdt@depth@100ms"
  }
]

describe.each(venues)("depth on $market", ({ market, path, rest, stream }) => {
  const rates = { tradesPerSecond: 40, ordersPerSecond: 300 }

  it("chains every diff by the market's rule and rebuilds exactly the true book from a snapshot", () =>
    onStage({ rates }, async ({ simulator, clock, ws, get }) => {
      const client = await ws(`${path}?streams=${stream}`)
      await eventually(() => simulator.stats().connections.length === 1)
      clock.advance(1_030)
      const snapshot = (await get(rest)).body as { lastUpdateId: number; bids: Levels; asks: Levels }
      clock.advance(20_000)
      simulator.control.setRates({ tradesPerSecond: 0, ordersPerSecond: 0, liquidationsPerSecond: 0 })
      clock.advance(200)
      const truth = simulator.control.book(market, "ETHUSDT")
      await eventually(() => client.data(stream).some((frame) => frame["u"] === truth.updateId))
      const diffs = client.data(stream).map(asDiff)
      expect(diffs.length).toBeGreaterThan(150)
      const broken = diffs.slice(1).filter((diff, i) => {
        const before = diffs[i]!
        return market === "spot" ? diff.U !== before.u + 1 : diff.pu !== before.u || diff.U <= before.u
      })
      expect(broken).toEqual([])
      const { lastUpdateId } = snapshot
      const rest1 = diffs.filter((diff) => (market === "spot" ? diff.u > lastUpdateId : diff.u >= lastUpdateId))
      const first = rest1[0]!
      expect(first.U <= lastUpdateId + (market === "spot" ? 1 : 0) && first.u >= lastUpdateId).toBe(true)
      const book = new NaiveBook()
      book.set(snapshot.bids, snapshot.asks)
      for (const diff of rest1) book.set(diff.b, diff.a)
      expect(book.sorted()).toEqual({ bids: truth.bids, asks: truth.asks })
    }))

  it("moves the update id by one on spot and by more on futures", () =>
    onStage({ rates }, async ({ simulator, clock, ws }) => {
      const client = await ws(`${path}?streams=${stream}`)
      await eventually(() => simulator.stats().connections.length === 1)
      clock.advance(3_000)
      const diffs = await eventually(() => client.data(stream).length > 20 && client.data(stream).map(asDiff))
      const holes = diffs.slice(1).filter((diff, i) => diff.U !== diffs[i]!.u + 1)
      expect(holes.length > 0).toBe(market === "usdm")
    }))

  it("agrees with the best prices of bookTicker wherever the update ids are the same", () =>
    onStage({ rates }, async ({ simulator, clock, ws, get }) => {
      const client = await ws(`${path}?streams=${stream}/ethusdt@bookTicker`)
      const snapshot = (await get(rest)).body as { bids: Levels; asks: Levels }
      await eventually(() => simulator.stats().connections.length === 1)
      clock.advance(15_000)
      await eventually(() => client.data(stream).length > 100)
      const book = new NaiveBook()
      book.set(snapshot.bids, snapshot.asks)
      const tops = new Map(client.data("ethusdt@bookTicker").map((frame) => [frame["u"], frame]))
      const compared = client.data(stream).flatMap((frame) => {
        const diff = asDiff(frame)
        book.set(diff.b, diff.a)
        const ticker = tops.get(diff.u)
        if (ticker === undefined) return []
        const { asks, bids } = book.sorted()
        return [
          [
            [ticker["b"], ticker["B"], ticker["a"], ticker["A"]],
            [...bids[0]!, ...asks[0]!]
          ]
        ]
      })
      expect(compared.length).toBeGreaterThan(10)
      for (const [ticker, rebuilt] of compared) expect(ticker).toEqual(rebuilt)
    }))

  it("sends the partial book as the true top at its update id", () =>
    onStage({ rates }, async ({ simulator, clock, ws }) => {
      const name = "ethusdt@depth20@100ms"
      const client = await ws(`${path}?streams=${name}`)
      await eventually(() => simulator.stats().connections.length === 1)
      clock.advance(2_000)
      simulator.control.setRates({ tradesPerSecond: 0, ordersPerSecond: 0, liquidationsPerSecond: 0 })
      clock.advance(200)
      const truth = simulator.control.book(market, "ETHUSDT", 20)
      const id = market === "spot" ? "lastUpdateId" : "u"
      const last = await eventually(() => client.data(name).find((frame) => frame[id] === truth.updateId))
      const keys = market === "spot" ? ["bids", "asks"] : ["b", "a"]
      expect(keys.map((key) => last[key])).toEqual([truth.bids, truth.asks])
    }))
})
