/** The exact fields of every payload, in the venue's order, and formats of numbers. */
import { expect, it } from "vitest"
import { eventually, onStage, type Json } from "./support.ts"

const rates = { tradesPerSecond: 20, ordersPerSecond: 50, liquidationsPerSecond: 2 }
const bar = "t T s i f L o c h l v n x q V Q B"

const spot: Readonly<Record<string, string>> = {
  "btcusdt@trade": "e E s t p q T m M",
  "btcusdt@aggTrade": "e E s a p q f l T m M",
  "btcusdt@kline_1m": "e E s k",
  "btcusdt@miniTicker": "e E s c o h l v q",
  "btcusdt@ticker": "e E s p P w x c Q b B a A o h l v q O C F L n",
  "btcusdt@bookTicker": "u s b B a A",
  "btcusdt@avgPrice": "e E s i w T",
  "btcusdt@depth5": "lastUpdateId bids asks",
  "btcusdt@depth20@100ms": "lastUpdateId bids asks",
  "btcusdt@depth": "e E s U u b a",
  "btcusdt@depth@100ms": "e E s U u b a"
}

const usdmPublic: Readonly<Record<string, string>> = {
  "btcusdt@bookTicker": "e u E T s ps b B a A st",
  "!bookTicker": "e u E T s ps b B a A st",
  "btcusdt@depth": "e E T s U u pu b a ps st",
  "btcusdt@depth@500ms": "e E T s U u pu b a ps st",
  "btcusdt@depth10@100ms": "e E T s U u pu b a ps st",
  "btcusdt@trade": "e E T s t p q X m"
}

const usdmMarket: Readonly<Record<string, string>> = {
  "btcusdt@aggTrade": "e E s a p q nq f l T m st",
  "btcusdt@markPrice": "e E s p ap i P r T st",
  "btcusdt@markPrice@1s": "e E s p ap i P r T st",
  "btcusdt@kline_1m": "e E s k",
  "btcusdt_perpetual@continuousKline_1m": "e E ps ct k",
  "btcusdt@miniTicker": "e E s c o h l v q ps st",
  "btcusdt@ticker": "e E s p P w c Q o h l v q O C F L n ps st",
  "btcusdt@forceOrder": "e E o ps st",
  "!forceOrder@arr": "e E o ps st"
}

it.each([
  ["/stream", spot],
  ["/public/stream", usdmPublic],
  ["/market/stream", usdmMarket]
] as const)("%s carries exactly the venue's fields in each stream", (path, expected) =>
  onStage({ rates, symbols: { spot: ["BTCUSDT"], usdm: ["BTCUSDT", "ETHUSDT"] } }, async ({ clock, ws }) => {
    const names = Object.keys(expected)
    const client = await ws(`${path}?streams=${names.join("/")}`)
    clock.advance(6_000)
    await eventually(() => names.every((name) => client.data(name).length > 0), "a frame of each stream")
    const fields = (name: string) => [...new Set(client.data(name).map((frame) => Object.keys(frame).join(" ")))]
    expect(Object.fromEntries(names.map((name) => [name, fields(name)]))).toEqual(
      Object.fromEntries(Object.entries(expected).map(([name, keys]) => [name, [keys]]))
    )
    const k = client.data("btcusdt@kline_1m")[0]?.["k"] as Json | undefined
    if (k !== undefined) expect(Object.keys(k).join(" ")).toBe(bar)
  })
)

it("pads spot's numbers to eight digits and writes futures' in the contract's precision", () =>
  onStage({ rates }, async ({ clock, ws }) => {
    const onSpot = await ws("/stream?streams=btcusdt@trade/pepeusdt@trade")
    const onUsdm = await ws("/market/stream?streams=btcusdt@aggTrade/1000pepeusdt@aggTrade")
    clock.advance(3_000)
    const first = async (client: typeof onSpot, name: string) => {
      const frame = await eventually(() => client.data(name)[0])
      return [frame["p"], frame["q"]]
    }
    const shapes = [
      ...(await first(onSpot, "btcusdt@trade")),
      ...(await first(onSpot, "pepeusdt@trade")),
      ...(await first(onUsdm, "btcusdt@aggTrade")),
      ...(await first(onUsdm, "1000pepeusdt@aggTrade"))
    ].map((text) => String(text).split(".")[1]?.length ?? 0)
    expect(shapes).toEqual([8, 8, 8, 8, 2, 3, 7, 0])
  }))

it("puts only changed symbols into arrays, and COIN-M rows beside USDⓈ-M's", () =>
  onStage({ rates, symbols: { spot: ["BTCUSDT", "ETHUSDT"], usdm: ["BTCUSDT", "ETHUSDT"] } }, async (stage) => {
    const { clock, simulator } = stage
    simulator.control.setRates({ tradesPerSecond: 0, liquidationsPerSecond: 0 }, { symbol: "ETHUSDT" })
    const onSpot = await stage.ws("/stream?streams=!miniTicker@arr")
    const onUsdm = await stage.ws("/market/stream?streams=!miniTicker@arr/!markPrice@arr@1s")
    await eventually(() => simulator.stats().connections.length === 2)
    clock.advance(4_000)
    const rows = (client: typeof onSpot, stream: string): Promise<Array<Json>> =>
      eventually(() => {
        const arrays = client.received.filter((one) => (one as Json)["stream"] === stream)
        return arrays.length > 1 && ((arrays.at(-1) as Json)["data"] as Array<Json>)
      })
    expect((await rows(onSpot, "!miniTicker@arr")).map((row) => row["s"])).toEqual(["BTCUSDT"])
    expect((await rows(onUsdm, "!miniTicker@arr")).map((row) => [row["s"], row["st"]])).toEqual([
      ["BTCUSDT", 1],
      ["BTCUSD_PERP", 2]
    ])
    expect((await rows(onUsdm, "!markPrice@arr@1s")).map((row) => [row["s"], row["st"]])).toEqual([
      ["BTCUSDT", 1],
      ["ETHUSDT", 1],
      ["BTCUSD_PERP", 2]
    ])
  }))

it("tells no funding of a dated contract", () =>
  onStage({}, async ({ clock, ws }) => {
    const client = await ws("/market/stream?streams=btcusdt_261225@markPrice@1s")
    clock.advance(1_500)
    expect(await eventually(() => client.data("btcusdt_261225@markPrice@1s")[0])).toMatchObject({ r: "", T: 0 })
  }))

it("tells the largest liquidation of a second only", () =>
  onStage({ rates: { liquidationsPerSecond: 0 } }, async ({ clock, simulator, ws }) => {
    const client = await ws("/market/stream?streams=btcusdt@forceOrder")
    await eventually(() => simulator.stats().connections.length === 1)
    for (const size of [0.002, 0.005, 0.001]) simulator.control.liquidate("BTCUSDT", "sell", size)
    clock.advance(2_000)
    await eventually(() => client.data("btcusdt@forceOrder").length > 0)
    expect(client.data("btcusdt@forceOrder").map((frame) => frame["o"])).toMatchObject([
      { S: "SELL", q: "0.005", X: "FILLED" }
    ])
  }))
