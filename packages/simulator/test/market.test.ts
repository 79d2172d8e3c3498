/** The market itself: ids, grids, bars from trades, and the seed. */
import { describe, expect, it } from "vitest"
import { intervals, type MarketKind } from "../src/index.ts"
import { eventually, onStage, START, type Json } from "./support.ts"

const kinds: ReadonlyArray<MarketKind> = ["spot", "usdm"]
const rates = { tradesPerSecond: 30, ordersPerSecond: 100 }

/** Sums of decimal texts, exactly. */
const sum = (texts: ReadonlyArray<string>, decimals: number): bigint =>
  texts.reduce((total, text) => {
    const [whole = "0", fraction = ""] = text.split(".")
    return total + BigInt(whole + fraction.padEnd(decimals, "0"))
  }, 0n)

describe.each(kinds)("a %s market", (market) => {
  it("numbers trades consecutively and groups them into consecutive aggregates without a hole", () =>
    onStage({ rates, firstTradeId: 77 }, async ({ simulator, clock }) => {
      simulator.control.book(market, "BTCUSDT")
      clock.advance(30_000)
      const trades = simulator.control.trades(market, "BTCUSDT")
      const aggregates = simulator.control.aggregates(market, "BTCUSDT")
      expect(trades.length).toBeGreaterThan(1_000)
      expect(trades.map(({ id }) => id)).toEqual(trades.map((_, i) => 77 + i))
      expect(
        aggregates
          .slice(1)
          .filter((one, i) => one.id !== aggregates[i]!.id + 1 || one.first !== aggregates[i]!.last + 1)
      ).toEqual([])
      expect(aggregates.some((one) => one.last > one.first)).toBe(true)
      expect(aggregates.at(-1)!.last).toBe(trades.at(-1)!.id)
    }))

  it("trades at the best price of the book and takes the size away from it", () =>
    onStage({ rates: { tradesPerSecond: 0, ordersPerSecond: 0, liquidationsPerSecond: 0 } }, async ({ simulator }) => {
      const before = simulator.control.book(market, "BTCUSDT")
      const [best, second] = before.asks
      const size = Number(best![1]) + Number(second![1]) / 2
      const trades = simulator.control.trade(market, "BTCUSDT", "buy", size)
      const after = simulator.control.book(market, "BTCUSDT")
      expect([...new Set(trades.map(({ price }) => price))]).toEqual([best![0], second![0]])
      const taken = sum(
        trades.map((trade) => trade.size),
        8
      )
      expect(taken).toBe(sum([before.asks[0]![1], before.asks[1]![1]], 8) - sum([after.asks[0]![1]], 8))
      expect(after.asks[0]![0]).toBe(second![0])
      expect(after.bids).toEqual(before.bids)
      expect(after.updateId).toBeGreaterThan(before.updateId)
    }))

  it("never shows a crossed or an empty book", () =>
    onStage({ rates: { tradesPerSecond: 200, ordersPerSecond: 200 } }, async ({ simulator, clock }) => {
      for (let i = 0; i < 200; i++) {
        clock.advance(100)
        const { asks, bids } = simulator.control.book(market, "SOLUSDT", 1)
        expect(Number(bids[0]![0])).toBeLessThan(Number(asks[0]![0]))
      }
    }))

  it("builds bars of every interval that equal the trades of their time exactly", () =>
    onStage({ rates, historyMinutes: 200 }, async ({ simulator, clock }) => {
      simulator.control.book(market, "ETHUSDT")
      clock.advance(150_000)
      const trades = simulator.control.trades(market, "ETHUSDT")
      for (const interval of intervals.filter((one) => market === "spot" || one !== "1s")) {
        for (const bar of simulator.control.bars(market, "ETHUSDT", interval, 100)) {
          const inside = trades.filter(({ time }) => time >= Number(bar["t"]) && time <= Number(bar["T"]))
          const prices = inside.map(({ price }) => Number(price))
          const volume = sum(
            inside.map(({ size }) => size),
            8
          )
          const bought = sum(
            inside.filter(({ side }) => side === "buy").map(({ size }) => size),
            8
          )
          expect({ n: bar["n"], f: bar["f"], L: bar["L"] }).toEqual({
            n: inside.length,
            f: inside[0]?.id ?? -1,
            L: inside.at(-1)?.id ?? -1
          })
          expect([sum([String(bar["v"])], 8), sum([String(bar["V"])], 8)]).toEqual([volume, bought])
          if (inside.length === 0) continue
          const { c, h, l, o } = bar as Record<string, string>
          expect([o, c]).toEqual([inside[0]!.price, inside.at(-1)!.price])
          expect([Number(h), Number(l)]).toEqual([Math.max(...prices), Math.min(...prices)])
        }
      }
    }))

  it("writes prices and sizes on the grid that exchangeInfo names", () =>
    onStage({ rates }, async ({ simulator, clock, get }) => {
      const path = market === "spot" ? "/api/v3/exchangeInfo" : "/fapi/v1/exchangeInfo"
      const { symbols } = (await get(path)).body as {
        symbols: ReadonlyArray<{ symbol: string; filters: ReadonlyArray<Json> }>
      }
      const onGrid = (text: string, step: string) => sum([text], 10) % sum([step], 10) === 0n
      for (const { filters, symbol } of symbols) {
        const tick = String(filters.find((one) => one["filterType"] === "PRICE_FILTER")!["tickSize"])
        const step = String(filters.find((one) => one["filterType"] === "LOT_SIZE")!["stepSize"])
        simulator.control.book(market, symbol)
        clock.advance(2_000)
        const { asks, bids } = simulator.control.book(market, symbol)
        const rows = [
          ...bids,
          ...asks,
          ...simulator.control.trades(market, symbol).map(({ price, size }) => [price, size] as const)
        ]
        expect(
          rows.filter(([price, size]) => !onGrid(price, tick) || !onGrid(size, step) || Number(size) <= 0)
        ).toEqual([])
        const decimals = new Set(rows.map(([price]) => price.split(".")[1]?.length ?? 0))
        expect(decimals.size).toBe(1)
        if (market === "spot") expect([...decimals]).toEqual([8])
      }
    }))

  it("gives the same trades and books for the same seed, however time is sliced, and others for another seed", async () => {
    const play = async (seed: number, slices: ReadonlyArray<number>) => {
      let seen: unknown
      await onStage({ seed, rates }, async ({ simulator, clock }) => {
        simulator.control.book(market, "BTCUSDT")
        for (const slice of slices) clock.advance(slice)
        seen = { book: simulator.control.book(market, "BTCUSDT"), trades: simulator.control.trades(market, "BTCUSDT") }
      })
      return seen
    }
    const whole = await play(5, [20_000])
    expect(
      await play(
        5,
        Array.from({ length: 40 }, () => 500)
      )
    ).toEqual(whole)
    expect(await play(6, [20_000])).not.toEqual(whole)
  })

  it("does not depend on which other markets are looked at", async () => {
    const play = async (others: ReadonlyArray<string>) => {
      let seen: unknown
      await onStage({ rates }, async ({ simulator, clock }) => {
        for (const symbol of [...others, "BTCUSDT"]) simulator.control.book(market, symbol)
        clock.advance(5_000)
        seen = simulator.control.trades(market, "BTCUSDT")
      })
      return seen
    }
    expect(await play(["ETHUSDT", "SOLUSDT"])).toEqual(await play([]))
  })

  it("keeps what is retained within its bounds", () =>
    onStage(
      { rates: { tradesPerSecond: 200, ordersPerSecond: 10 }, keepTrades: 500, keepBars: 20 },
      async ({ simulator, clock }) => {
        simulator.control.book(market, "BTCUSDT")
        clock.advance(60_000)
        const trades = simulator.control.trades(market, "BTCUSDT")
        expect(trades.length).toBe(500)
        expect(simulator.control.bars(market, "BTCUSDT", "1m").length).toBe(20)
      }
    ))
})

describe("bars on the wire", () => {
  it.each([
    ["spot", "/stream", 1],
    ["usdm", "/market/stream", 1]
  ] as const)("close once on %s, at their boundary, and the next bar follows", (market, path, closings) =>
    onStage({ rates }, async ({ simulator, clock, ws }) => {
      const name = "btcusdt@kline_1m"
      const client = await ws(`${path}?streams=${name}`)
      await eventually(() => simulator.stats().connections.length === 1)
      clock.advance(70_000)
      const minute = Math.floor(START / 60_000) * 60_000
      await eventually(() => client.data(name).some((frame) => (frame["k"] as Json)["t"] === minute + 60_000))
      const bars = client.data(name).map((frame) => frame["k"] as Json)
      const first = bars.filter((bar) => bar["t"] === minute)
      expect(first.filter((bar) => bar["x"] === true).length).toBe(closings)
      expect(first.at(-1)!["x"]).toBe(true)
      expect(bars.map((bar) => bar["t"])).toEqual(bars.map((bar) => Number(bar["t"])).toSorted((a, b) => a - b))
      const kept = simulator.control.bars(market, "BTCUSDT", "1m")
      expect(first.at(-1)).toEqual(kept.find((bar) => bar["t"] === minute))
    })
  )

  it("close on spot without any trade, with no ids and no volume", () =>
    onStage({ rates: { tradesPerSecond: 0 } }, async ({ simulator, clock, ws }) => {
      const name = "btcusdt@kline_1s"
      const client = await ws(`/stream?streams=${name}`)
      await eventually(() => simulator.stats().connections.length === 1)
      clock.advance(3_000)
      await eventually(() => client.data(name).length >= 3)
      const bar = client.data(name)[1]!["k"] as Json
      expect(bar).toMatchObject({ f: -1, L: -1, n: 0, v: "0.00000000", x: true, o: bar["c"], h: bar["c"], l: bar["c"] })
    }))
})
