/** The topics beside the depths: what they tell, how often, in which keys. */
import { describe, expect, it } from "vitest"
import { type Json, onStage, type Stage } from "../support.ts"
import { type Category, type Data, open } from "./client.ts"

const still = { rates: { tradesPerSecond: 0, ordersPerSecond: 0, liquidationsPerSecond: 0 } }

/** Lets what was sent arrive: an answer comes after everything that was sent before it. */
const arrived = (client: Awaited<ReturnType<typeof open>>) => client.request("ping")

const subscribed = async (stage: Stage, category: Category, topic: string) => {
  const client = await open(stage, category)
  await client.request("subscribe", [topic])
  return client
}

describe("orderbook.1", () => {
  it("is whole each time, and told again with the same `u` after 3 s without a change", () =>
    onStage(still, async (stage) => {
      const topic = "orderbook.1.BTCUSDT"
      const client = await subscribed(stage, "linear", topic)
      for (let ms = 0; ms < 7_000; ms += 10) stage.clock.advance(10)
      stage.simulator.control.trade("bybit-linear", "BTCUSDT", "buy", 0.001)
      stage.clock.advance(10)
      await arrived(client)
      const told = client.of<Data>(topic)
      const u = told[0]!.data.u
      expect(told.map(({ data, type }) => [type, data.u - u, data.b.length, data.a.length])).toEqual([
        ["snapshot", 0, 1, 1],
        ["snapshot", 0, 1, 1],
        ["snapshot", 0, 1, 1],
        ["snapshot", 1, 1, 1]
      ])
      expect(told[2]!.ts - told[1]!.ts).toBe(3_000)
      expect(Object.keys(told[0]!)).toEqual(["topic", "ts", "type", "data", "cts"])
    }))
})

describe("publicTrade", () => {
  it.each([
    ["spot", "BTCUSDT", ["T", "s", "S", "v", "p", "i", "BT", "RPI", "seq"], /^\d{19}$/],
    [
      "linear",
      "BTCUSDT",
      ["T", "s", "S", "v", "p", "L", "i", "BT", "RPI", "seq"],
      /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
    ],
    [
      "inverse",
      "BTCUSD",
      ["T", "s", "S", "v", "p", "L", "i", "BT", "RPI", "seq"],
      /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
    ]
  ] as const)("on %s tells every fill once, with an id that no other has", (category, symbol, keys, id) =>
    onStage({ rates: { tradesPerSecond: 50 } }, async (stage) => {
      const topic = `publicTrade.${symbol}`
      const client = await subscribed(stage, category, topic)
      const from = stage.simulator.control.trades(`bybit-${category}`, symbol).length
      stage.clock.advance(4_000)
      await arrived(client)
      const rows = client.of<ReadonlyArray<Json>>(topic).flatMap(({ data }) => data)
      const truth = stage.simulator.control.trades(`bybit-${category}`, symbol).slice(from)
      expect(rows.length).toBeGreaterThan(50)
      expect(rows.map((row) => [row["i"], row["p"], row["v"], row["T"], row["S"]])).toEqual(
        truth.map((one) => [one.venueId, one.price, one.size, one.time, one.side === "buy" ? "Buy" : "Sell"])
      )
      expect(Object.keys(rows[0]!)).toEqual(keys)
      expect(rows.every((row) => id.test(String(row["i"])))).toBe(true)
      expect(new Set(rows.map((row) => row["i"])).size).toBe(rows.length)
      const sequences = rows.map((row) => Number(row["seq"]))
      expect(sequences).toEqual(sequences.toSorted((a, b) => a - b))
    })
  )

  it("has at most 1024 trades in a frame, all of them in their order", () =>
    onStage(still, async (stage) => {
      const topic = "publicTrade.BTCUSDT"
      const client = await subscribed(stage, "linear", topic)
      const market = stage.simulator.truth.market("bybit-linear", "BTCUSDT")!
      const last = market.tape.trades.last()!
      const trades = Array.from({ length: 2_500 }, (_, place) => ({ ...last, id: last.id + 1 + place }))
      market.listener!.traded(trades, [])
      await arrived(client)
      const told = client.of<ReadonlyArray<Json>>(topic)
      expect(told.map(({ data }) => data.length)).toEqual([1_024, 1_024, 452])
      expect(told.flatMap(({ data }) => data.map((row) => row["i"]))).toEqual(
        trades.map(({ id }) => market.rules.tradeId(market.seed, id))
      )
    }))

  it("tells how the price moved", () =>
    onStage({ rates: { tradesPerSecond: 40 } }, async (stage) => {
      const client = await subscribed(stage, "linear", "publicTrade.BTCUSDT")
      stage.clock.advance(10_000)
      await arrived(client)
      const rows = client.of<ReadonlyArray<Json>>("publicTrade.BTCUSDT").flatMap(({ data }) => data)
      let direction = ""
      rows.forEach((row, place) => {
        if (place === 0) return
        const [before, now] = [Number(rows[place - 1]!["p"]), Number(row["p"])]
        direction = now > before ? "PlusTick" : now < before ? "MinusTick" : direction
        if (direction !== "") expect(row["L"]).toBe(now === before ? `Zero${direction}` : direction)
      })
      expect(direction).not.toBe("")
    }))
})

describe("tickers", () => {
  it("of futures are whole first, then only what has changed, and both together are what REST tells", () =>
    onStage({ rates: { tradesPerSecond: 20, ordersPerSecond: 100 } }, async (stage) => {
      const topic = "tickers.BTCUSDT"
      const client = await subscribed(stage, "linear", topic)
      for (let step = 0; step < 40; step++) stage.clock.advance(100 - (stage.clock.now() % 100))
      const { body } = await stage.get("/v5/market/tickers?category=linear&symbol=BTCUSDT")
      // between two deltas a new subscriber is told what the last one left
      stage.simulator.control.trade("bybit-linear", "BTCUSDT", "buy", 0.01)
      stage.clock.advance(50)
      const second = await subscribed(stage, "linear", topic)
      await arrived(client)
      const [first, ...deltas] = client.of<Record<string, string>>(topic)
      const whole = Object.keys(first!.data)
      expect([first!.type, whole.length, Object.keys(first!)]).toEqual([
        "snapshot",
        24,
        ["topic", "type", "cs", "ts", "data"]
      ])
      expect(deltas.length).toBeGreaterThan(30)
      let state = first!.data
      for (const { data, type } of deltas) {
        expect(type).toBe("delta")
        for (const [key, value] of Object.entries(data)) if (key !== "symbol") expect(state[key]).not.toBe(value)
        state = { ...state, ...data }
      }
      expect(deltas.some(({ data }) => Object.keys(data).length < whole.length / 2)).toBe(true)
      expect((body as { result: { list: ReadonlyArray<unknown> } }).result.list).toEqual([state])
      expect(second.of(topic)[0]!.data).toEqual(state)
    }))

  it("of spot are whole each time, come when something changed, and have no best prices", () =>
    onStage(still, async (stage) => {
      const topic = "tickers.BTCUSDT"
      const client = await subscribed(stage, "spot", topic)
      stage.clock.advance(5_000)
      stage.simulator.control.trade("bybit-spot", "BTCUSDT", "buy", 0.001)
      stage.clock.advance(50)
      stage.clock.advance(5_000)
      await arrived(client)
      const told = client.of<Json>(topic)
      expect(told.map(({ type }) => type)).toEqual(["snapshot", "snapshot"])
      expect(Object.keys(told[1]!.data)).toEqual([
        "symbol",
        "price24hPcnt",
        "lastPrice",
        "prevPrice24h",
        "highPrice24h",
        "lowPrice24h",
        "turnover24h",
        "volume24h",
        "usdIndexPrice"
      ])
    }))
})

describe("kline", () => {
  it.each(["1", "3", "5", "15", "30", "60", "120", "240", "360", "720", "D", "W", "M"])(
    "knows the interval %s",
    (name) =>
      onStage({}, async (stage) => {
        const client = await open(stage, "linear")
        expect(await client.request("subscribe", [`kline.${name}.BTCUSDT`])).toMatchObject({ success: true })
      })
  )

  it.each([
    ["linear", "BTCUSDT"],
    ["inverse", "BTCUSD"]
  ] as const)("on %s closes each bar once, with the numbers of its trades", (category, symbol) =>
    onStage({ rates: { tradesPerSecond: 10 } }, async (stage) => {
      const topic = `kline.1.${symbol}`
      const client = await subscribed(stage, category, topic)
      for (let second = 0; second < 130; second++) stage.clock.advance(1_000)
      await arrived(client)
      const rows = client.of<ReadonlyArray<Json>>(topic).flatMap(({ data }) => data)
      const closed = rows.filter((row) => row["confirm"] === true)
      expect(closed.length).toBe(2)
      const { end, start, turnover, volume } = closed[1]!
      const trades = stage.simulator.control
        .trades(`bybit-${category}`, symbol)
        .filter(({ time }) => time >= Number(start) && time <= Number(end))
      const sum = (of: (trade: (typeof trades)[number]) => number) => trades.reduce((all, one) => all + of(one), 0)
      expect(Number(volume)).toBeCloseTo(
        sum(({ size }) => Number(size)),
        6
      )
      const worth = sum(({ price, size }) =>
        category === "inverse" ? Number(size) / Number(price) : Number(size) * Number(price)
      )
      expect(Math.abs(Number(turnover) - worth)).toBeLessThan(category === "inverse" ? trades.length * 1e-8 : 1e-3)
      expect([closed[1]!["open"], closed[1]!["close"]]).toEqual([trades[0]!.price, trades.at(-1)!.price])
    })
  )
})

describe("allLiquidation", () => {
  it("calls a long that was liquidated `Buy`, and gathers half a second", () =>
    onStage(still, async (stage) => {
      const topic = "allLiquidation.BTCUSDT"
      const client = await subscribed(stage, "linear", topic)
      stage.clock.advance(500 - (stage.clock.now() % 500))
      const { control } = stage.simulator
      control.liquidate("BTCUSDT", "sell", 0.002, "bybit-linear")
      control.liquidate("BTCUSDT", "buy", 0.003, "bybit-linear")
      stage.clock.advance(500)
      stage.clock.advance(5_000)
      await arrived(client)
      const told = client.of<ReadonlyArray<Json>>(topic)
      expect(told.map(({ data, type }) => [type, data.map((row) => [row["S"], row["v"]])])).toEqual([
        [
          "snapshot",
          [
            ["Buy", "0.002"],
            ["Sell", "0.003"]
          ]
        ]
      ])
    }))
})

it("priceLimit tells its bounds without a type", () =>
  onStage(still, async (stage) => {
    const client = await subscribed(stage, "linear", "priceLimit.BTCUSDT")
    stage.clock.advance(600)
    await arrived(client)
    const [told] = client.of<Json>("priceLimit.BTCUSDT")
    expect([Object.keys(told!), Object.keys(told!.data)]).toEqual([
      ["topic", "ts", "data"],
      ["symbol", "buyLmt", "sellLmt"]
    ])
  }))

it("with `shuffleKeys` the keys come in many orders and say the same", () =>
  onStage({ shuffleKeys: true, rates: { tradesPerSecond: 50 } }, async (stage) => {
    const client = await subscribed(stage, "linear", "publicTrade.BTCUSDT")
    stage.clock.advance(4_000)
    await arrived(client)
    const told = client.of<ReadonlyArray<Json>>("publicTrade.BTCUSDT")
    const orders = (of: ReadonlyArray<object>) => new Set(of.map((one) => Object.keys(one).join())).size
    expect(orders(told)).toBeGreaterThan(10)
    expect(orders(told.flatMap(({ data }) => data))).toBeGreaterThan(30)
    expect(new Set(told.map((one) => Object.keys(one).toSorted().join()))).toEqual(new Set(["data,topic,ts,type"]))
  }))
