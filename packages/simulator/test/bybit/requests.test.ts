/** What a public socket of Bybit is asked and answers: requests are done whole or refused whole, with the exact texts. */
import { describe, expect, it } from "vitest"
import { eventually, onStage, refusal } from "../support.ts"
import { open } from "./client.ts"

describe("a request", () => {
  it.each([
    ["spot", "subscribe"],
    ["linear", ""],
    ["inverse", ""]
  ] as const)("on %s is acknowledged with its id and the connection's, and the snapshot follows", (category, text) =>
    onStage({}, async (stage) => {
      const client = await open(stage, category)
      const topic = `orderbook.50.BTCUSD${category === "inverse" ? "" : "T"}`
      const answer = await client.request("subscribe", [topic])
      expect(answer).toEqual({
        success: true,
        ret_msg: text,
        conn_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        req_id: answer["req_id"],
        op: "subscribe"
      })
      await eventually(() => client.received.length === 2)
      expect(client.received[1]).toMatchObject({ topic, type: "snapshot" })
    })
  )

  it("without an id is answered without one", () =>
    onStage({}, async (stage) => {
      const client = await open(stage, "linear")
      client.send({ op: "ping" })
      await eventually(() => client.received.length === 1)
      expect(client.received).toEqual([{ success: true, ret_msg: "pong", conn_id: expect.any(String), op: "ping" }])
    }))

  it("to ping is answered with `op` ping", () =>
    onStage({}, async (stage) => {
      const client = await open(stage, "spot")
      const answer = await client.request("ping")
      expect(answer).toMatchObject({ success: true, ret_msg: "pong", op: "ping" })
    }))

  it.each([
    ["linear", ["publicTrade.BTCUSDT", "publicTrade.NOPE"], "error:handler not found,topic:publicTrade.NOPE"],
    ["linear", ["publicTrade.BTCUSDT", "orderbook.500.BTCUSDT"], "error:handler not found,topic:orderbook.500.BTCUSDT"],
    ["linear", ["publicTrade.btcusdt"], "error:handler not found,topic:publicTrade.btcusdt"],
    ["linear", ["kline.2.BTCUSDT"], "error:handler not found,topic:kline.2.BTCUSDT"],
    ["inverse", ["tickers.BTCUSDT"], "error:handler not found,topic:tickers.BTCUSDT"],
    ["linear", ["tickers.BTCUSDT", "tickers.BTCUSDT"], "error:already subscribed,topic:tickers.BTCUSDT"],
    ["spot", ["publicTrade.BTCUSDT", "publicTrade.NOPE"], "Invalid symbol :[publicTrade.NOPE]"],
    ["spot", ["allLiquidation.BTCUSDT"], "error:handler not found,topic:allLiquidation.BTCUSDT"],
    ["spot", Array.from({ length: 11 }, (_, place) => `tickers.S${place}`), "args size >10"]
  ] as const)("on %s for %j is refused whole", (category, topics, text) =>
    onStage({}, async (stage) => {
      const client = await open(stage, category)
      expect(await client.request("subscribe", topics)).toMatchObject({
        success: false,
        ret_msg: text,
        op: "subscribe"
      })
      expect(stage.simulator.stats().connections[0]!.streams).toEqual([])
    })
  )

  it("for what is subscribed already is refused with all that came with it", () =>
    onStage({}, async (stage) => {
      const client = await open(stage, "linear")
      await client.request("subscribe", ["tickers.BTCUSDT"])
      const answer = await client.request("subscribe", ["tickers.ETHUSDT", "tickers.BTCUSDT"])
      expect(answer).toMatchObject({ success: false, ret_msg: "error:already subscribed,topic:tickers.BTCUSDT" })
      expect(stage.simulator.stats().connections[0]!.streams).toEqual(["tickers.BTCUSDT"])
    }))

  it("to unsubscribe ends the topic, which may be subscribed again", () =>
    onStage({}, async (stage) => {
      const client = await open(stage, "linear")
      await client.request("subscribe", ["publicTrade.BTCUSDT"])
      expect(await client.request("unsubscribe", ["publicTrade.BTCUSDT"])).toMatchObject({ success: true, ret_msg: "" })
      stage.clock.advance(5_000)
      expect(await client.request("subscribe", ["publicTrade.BTCUSDT"])).toMatchObject({ success: true })
      expect(client.of("publicTrade.BTCUSDT")).toEqual([])
    }))

  it.each(["not json", "[]", '{"op":"dance"}', '{"op":5}', "null", '{"args":["tickers.BTCUSDT"]}'])(
    "that is none (%s) is an invalid operation, and the connection goes on",
    (text) =>
      onStage({}, async (stage) => {
        const client = await open(stage, "linear")
        client.send(text)
        await eventually(() => client.received.length === 1)
        expect(client.received[0]).toMatchObject({ success: false, ret_msg: "error:invalid op" })
        expect(await client.request("ping")).toMatchObject({ success: true })
      })
  )

  it("for more than 21 000 characters on one connection is refused; what is given up makes room", () =>
    onStage({ socketRules: { "bybit-linear": { charactersPerConnection: 40 } } }, async (stage) => {
      const client = await open(stage, "linear")
      expect(await client.request("subscribe", ["publicTrade.BTCUSDT", "publicTrade.ETHUSDT"])).toMatchObject({
        success: true
      })
      expect(await client.request("subscribe", ["tickers.BTCUSDT"])).toMatchObject({ success: false })
      await client.request("unsubscribe", ["publicTrade.BTCUSDT"])
      expect(await client.request("subscribe", ["tickers.BTCUSDT"])).toMatchObject({ success: true })
    }))
})

describe("a connection", () => {
  it("is cut after ten minutes with neither a message of the client nor data", () =>
    onStage({}, async (stage) => {
      const client = await open(stage, "linear")
      stage.clock.advance(500_000)
      await client.request("ping")
      stage.clock.advance(590_000)
      expect(await client.request("ping")).toMatchObject({ success: true })
      stage.clock.advance(640_000)
      await eventually(() => client.closed() !== undefined, "the end")
    }))

  it("with data lives on without a ping", () =>
    onStage({ rates: { tradesPerSecond: 1 } }, async (stage) => {
      const client = await open(stage, "linear")
      await client.request("subscribe", ["publicTrade.BTCUSDT"])
      for (let minute = 0; minute < 25; minute++) stage.clock.advance(60_000)
      expect(await client.request("ping")).toMatchObject({ success: true })
      expect(client.pings).toEqual([])
    }))

  it("is never cut for its age", () =>
    onStage({ rates: { tradesPerSecond: 0, ordersPerSecond: 0 }, clockScale: 60 }, async (stage) => {
      const client = await open(stage, "linear")
      for (let step = 0; step < 400; step++) {
        stage.clock.advance(9_000)
        if (step % 40 === 0) await client.request("ping")
        else client.send({ op: "ping" })
        if (step % 40 === 0) expect(client.closed()).toBeUndefined()
        await eventually(() => stage.simulator.stats().connections[0]!.received > step)
      }
    }))

  it("is one of a thousand of its category, and one of 500 dials in five minutes on all categories", () =>
    onStage(
      {
        socketRules: {
          "bybit-linear": { connectionsPerMarket: 2, attemptsPerWindow: 4 },
          "bybit-spot": { connectionsPerMarket: 2, attemptsPerWindow: 4 }
        }
      },
      async (stage) => {
        const url = (category: string) => `${stage.simulator.wsUrl}/v5/public/${category}`
        await open(stage, "linear")
        const second = await open(stage, "linear")
        expect(await refusal(url("linear"))).toContain("403")
        second.socket.close()
        await eventually(() => stage.simulator.stats().connections.length === 1)
        await open(stage, "spot")
        expect(await refusal(url("spot"))).toContain("403")
        stage.clock.advance(300_001)
        await open(stage, "spot")
        expect(stage.simulator.stats().dials.map(({ market, outcome }) => `${market} ${outcome}`)).toEqual([
          "bybit-linear accepted",
          "bybit-linear accepted",
          "bybit-linear overLimit",
          "bybit-spot accepted",
          "bybit-spot overLimit",
          "bybit-spot accepted"
        ])
      }
    ))

  it.each(["/v5/public/option", "/v5/private/x", "/v5/public/linear/x", "/v5/public"])("to %s is not found", (path) =>
    onStage({}, async (stage) => {
      expect(await refusal(stage.simulator.wsUrl + path)).toContain("404")
    })
  )

  it("may keep the venue's host in its URL", () =>
    onStage({}, async (stage) => {
      const client = await stage.ws("/stream.bybit.com/v5/public/linear")
      client.send({ op: "ping" })
      await eventually(() => client.received.length === 1)
    }))
})
