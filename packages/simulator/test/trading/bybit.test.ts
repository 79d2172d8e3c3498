/** Bybit's order entry and private topics, by REST and on the trade socket, as the venue's page tells them. */
import { describe, expect, it } from "vitest"
import { connect, type Json, onStage, type Stage } from "../support.ts"
import { hmac, key, until } from "./user.ts"

const quiet = { rates: { tradesPerSecond: 0, ordersPerSecond: 0, liquidationsPerSecond: 0 } }

const categories = [
  { category: "spot", symbol: "BTCUSDT", qty: "0.01", step: 0.1 },
  { category: "linear", symbol: "BTCUSDT", qty: "0.01", step: 0.1 },
  { category: "inverse", symbol: "BTCUSD", qty: "100", step: 0.5 }
] as const

type Case = (typeof categories)[number]

const touch = ({ simulator }: Stage, { category, symbol }: Case) => {
  const { asks, bids } = simulator.control.book(`bybit-${category}`, symbol, 1)
  return { ask: asks[0]![0], bid: bids[0]![0] }
}

const restOf = ({ clock, simulator }: Stage) => {
  const send = async (method: "GET" | "POST", path: string, text: string) => {
    const timestamp = String(Math.floor(clock.now()))
    const headers = {
      "X-BAPI-API-KEY": key,
      "X-BAPI-TIMESTAMP": timestamp,
      "X-BAPI-RECV-WINDOW": "5000",
      "X-BAPI-SIGN": hmac(`${timestamp}${key}5000${text}`)
    }
    const url = simulator.url + path
    const response = await (method === "GET"
      ? fetch(`${url}?${text}`, { headers })
      : fetch(url, { method: "POST", headers, body: text }))
    return { headers: response.headers, body: (await response.json()) as Json & { readonly result: Json } }
  }
  return {
    get: async (path: string, query: Record<string, string>) =>
      (await send("GET", path, new URLSearchParams(query).toString())).body,
    post: async (path: string, body: Json) => (await send("POST", path, JSON.stringify(body))).body,
    whole: (path: string, body: Json) => send("POST", path, JSON.stringify(body))
  }
}

const authenticated = async ({ clock, simulator }: Stage, path: string) => {
  const client = await connect(simulator.wsUrl + path)
  const expires = Math.floor(clock.now()) + 10_000
  client.send({ op: "auth", args: [key, expires, hmac(`GET/realtime${expires}`)] })
  await until(() => client.received.length === 1, "the answer to auth")
  return client
}

const listening = async (stage: Stage, topics: ReadonlyArray<string>) => {
  const client = await authenticated(stage, "/v5/private")
  client.send({ op: "subscribe", args: topics })
  await until(() => client.received.length === 2, "the answer to subscribe")
  const rows = (topic: string) =>
    (client.received as Array<Json>).flatMap((one) => (one["topic"] === topic ? (one["data"] as Array<Json>) : []))
  const topicsTold = () => (client.received as Array<Json>).flatMap((one) => one["topic"] ?? [])
  return { client, rows, topicsTold }
}

describe.each(categories)("an order on $category", (market) => {
  const { category, qty, symbol } = market

  it("rests, is amended, filled by a public trade, and told on its topics", () =>
    onStage(quiet, async (stage) => {
      const rest = restOf(stage)
      const { rows, topicsTold } = await listening(stage, [
        "order",
        "execution",
        "execution.fast",
        "position",
        "wallet"
      ])
      const { bid } = touch(stage, market)
      const low = (Number(bid) - 100 * market.step).toFixed(1)
      const created = await rest.post("/v5/order/create", {
        category,
        symbol,
        side: "Buy",
        orderType: "Limit",
        qty,
        price: low,
        orderLinkId: "b-1"
      })
      expect(created).toMatchObject({ retCode: 0, retMsg: "OK", result: { orderLinkId: "b-1" } })
      const { orderId } = created.result
      expect(await rest.post("/v5/order/amend", { category, symbol, orderLinkId: "b-1", price: bid })).toMatchObject({
        retCode: 0,
        result: { orderId }
      })
      const size = Number(qty) / 2
      const deep = Number(stage.simulator.control.book(`bybit-${category}`, symbol, 1).bids[0]![1])
      const [...trades] = stage.simulator.control.trade(`bybit-${category}`, symbol, "sell", deep - size)
      await until(() => rows("execution").length > 0, "an execution")
      expect(rows("execution")[0]).toMatchObject({
        orderId,
        orderLinkId: "b-1",
        execId: trades.at(-1)!.venueId,
        isMaker: true,
        execType: "Trade",
        category
      })
      expect(rows("order").map((row) => row["orderStatus"])).toEqual(["New", "New", "PartiallyFilled"])
      expect(topicsTold().filter((topic) => topic !== "position" && topic !== "wallet")).toEqual([
        "order",
        "order",
        "execution.fast",
        "execution",
        "order"
      ])
      expect(await rest.post("/v5/order/cancel", { category, symbol, orderId: orderId as string })).toMatchObject({
        retCode: 0
      })
      await until(() => rows("order").length === 4)
      expect(rows("order").at(-1)).toMatchObject({
        orderStatus: category === "spot" ? "PartiallyFilledCanceled" : "Cancelled",
        rejectReason: "EC_PerCancelRequest",
        cancelType: "CancelByUser",
        leavesQty: "0"
      })
      const found = await rest.get("/v5/order/realtime", { category, symbol, orderLinkId: "b-1" })
      expect((found.result["list"] as ReadonlyArray<Json>).map((row) => row["orderId"])).toEqual([orderId])
      expect((await rest.get("/v5/order/realtime", { category, symbol })).result["list"]).toEqual([])
      expect(await rest.post("/v5/order/cancel", { category, symbol, orderLinkId: "b-1" })).toMatchObject({
        retCode: category === "spot" ? 170_213 : 110_001
      })
      expect(
        await rest.post("/v5/order/create", {
          category,
          symbol,
          side: "Buy",
          orderType: "Limit",
          qty,
          price: low,
          orderLinkId: "b-1"
        })
      ).toMatchObject({
        retCode: category === "spot" ? 170_141 : 110_072
      })
    }))

  it("that must not take is acknowledged and then cancelled", () =>
    onStage(quiet, async (stage) => {
      const trade = await authenticated(stage, "/v5/trade")
      const { rows } = await listening(stage, [`order.${category}`])
      const { ask } = touch(stage, market)
      const args = [
        {
          category,
          symbol,
          side: "Buy",
          orderType: "Limit",
          qty,
          price: ask,
          timeInForce: "PostOnly",
          orderLinkId: "p-1"
        }
      ]
      trade.send({
        reqId: "r-1",
        header: { "X-BAPI-TIMESTAMP": String(Math.floor(stage.clock.now())) },
        op: "order.create",
        args
      })
      await until(() => trade.received.length === 2)
      expect(trade.received[1]).toMatchObject({
        reqId: "r-1",
        retCode: 0,
        op: "order.create",
        data: { orderLinkId: "p-1" },
        header: { "X-Bapi-Limit-Status": category === "spot" ? "19" : "9" }
      })
      const told = (topic: string) => rows(topic).map((row) => [row["orderStatus"], row["rejectReason"]])
      await until(() => told(`order.${category}`).length === 2)
      expect(told(`order.${category}`)).toEqual([
        ["New", "EC_NoError"],
        ["Cancelled", "EC_PostOnlyWillTakeLiquidity"]
      ])
      trade.send({
        reqId: "r-1",
        header: { "X-BAPI-TIMESTAMP": String(Math.floor(stage.clock.now())) },
        op: "order.create",
        args
      })
      await until(() => trade.received.length === 3)
      expect(trade.received[2]).toMatchObject({ reqId: "r-1", retCode: 20_006 })
    }))
})

describe("a position", () => {
  it.each([categories[1], categories[2]])("on $category is opened, closed, and its profit exact", (market) =>
    onStage(quiet, async (stage) => {
      const { category, qty, symbol } = market
      const rest = restOf(stage)
      const before = stage.simulator.truth.account(key)
      const order = { category, symbol, orderType: "Market", qty }
      expect(await rest.post("/v5/order/create", { ...order, side: "Buy" })).toMatchObject({ retCode: 0 })
      const { result } = await rest.get("/v5/position/list", { category, symbol })
      expect(result["list"]).toMatchObject([
        { side: "Buy", size: qty, positionIdx: 0, avgPrice: String(Number(touch(stage, market).ask)) }
      ])
      expect(
        await rest.post("/v5/order/create", { ...order, side: "Sell", reduceOnly: true, qty: String(Number(qty) * 3) })
      ).toMatchObject({ retCode: 0 })
      expect(await rest.post("/v5/order/create", { ...order, side: "Sell", reduceOnly: true })).toMatchObject({
        retCode: 110_017
      })
      const { balances, orders, positions } = stage.simulator.truth.account(key)
      expect(positions).toEqual([])
      const coin = category === "inverse" ? "BTC" : "USDT"
      const fees = orders.flatMap(({ fills }) => fills.map(({ fee }) => Number(fee)))
      const [bought, sold] = orders.map(({ averagePrice }) => Number(averagePrice))
      const profit = category === "inverse" ? Number(qty) * (1 / bought! - 1 / sold!) : Number(qty) * (sold! - bought!)
      const moved = Number(balances.bybit[coin]!.total) - Number(before.balances.bybit[coin]!.total)
      expect(moved).toBeCloseTo(profit - fees.reduce((sum, fee) => sum + fee, 0), 9)
    })
  )

  it("in hedge mode has two legs", () =>
    onStage(quiet, async (stage) => {
      const rest = restOf(stage)
      const order = { category: "linear", symbol: "BTCUSDT", orderType: "Market", qty: "0.01" }
      expect(await rest.post("/v5/position/switch-mode", { category: "linear", coin: "USDT", mode: 3 })).toMatchObject({
        retCode: 0
      })
      expect(await rest.post("/v5/position/switch-mode", { category: "linear", coin: "USDT", mode: 3 })).toMatchObject({
        retCode: 110_025
      })
      expect(await rest.post("/v5/order/create", { ...order, side: "Buy" })).toMatchObject({ retCode: 10_001 })
      await rest.post("/v5/order/create", { ...order, side: "Buy", positionIdx: 1 })
      await rest.post("/v5/order/create", { ...order, side: "Sell", positionIdx: 2 })
      const { result } = await rest.get("/v5/position/list", { category: "linear", symbol: "BTCUSDT" })
      expect(
        (result["list"] as ReadonlyArray<Json>).map((row) => [row["positionIdx"], row["side"], row["size"]])
      ).toEqual([
        [1, "Buy", "0.01"],
        [2, "Sell", "0.01"]
      ])
    }))
})

describe("a request", () => {
  const order = { category: "linear", symbol: "BTCUSDT", side: "Buy", orderType: "Limit", qty: "0.01", price: "50000" }

  it("more than ten in a second is refused, and says when there is room again", () =>
    onStage(quiet, async (stage) => {
      const rest = restOf(stage)
      const { clock } = stage
      for (let i = 0; i < 10; i++) expect(await rest.post("/v5/order/create", order)).toMatchObject({ retCode: 0 })
      const { body, headers } = await rest.whole("/v5/order/create", order)
      expect([
        body["retCode"],
        headers.get("x-bapi-limit"),
        headers.get("x-bapi-limit-status"),
        headers.get("x-bapi-limit-reset-timestamp")
      ]).toEqual([10_006, "10", "0", String(Math.ceil(clock.now() + 1_000))])
      clock.advance(1_000)
      expect(await rest.post("/v5/order/create", order)).toMatchObject({ retCode: 0 })
      expect(stage.simulator.truth.account(key).orders.length).toBe(11)
    }))

  it.each([
    ["with an unknown key", { "X-BAPI-API-KEY": "nobodys" }, 10_003],
    ["with a wrong signature", { "X-BAPI-SIGN": hmac("something else") }, 10_004],
    ["from long ago", { "X-BAPI-TIMESTAMP": "1" }, 10_002]
  ])("%s is refused", (_, change, code) =>
    onStage(quiet, async ({ clock, simulator }) => {
      const headers = {
        "X-BAPI-API-KEY": key,
        "X-BAPI-TIMESTAMP": String(Math.floor(clock.now())),
        "X-BAPI-RECV-WINDOW": "5000",
        "X-BAPI-SIGN": "0",
        ...(change as Record<string, string>)
      }
      const response = await fetch(`${simulator.url}/v5/account/wallet-balance?accountType=UNIFIED`, { headers })
      expect([response.status, ((await response.json()) as Json)["retCode"]]).toEqual([200, code])
    })
  )

  it("may be carried out and answered as a server's error", () =>
    onStage(quiet, async (stage) => {
      stage.simulator.control.inject({ kind: "unknownOutcome" })
      expect(await restOf(stage).post("/v5/order/create", { ...order, orderLinkId: "u-1" })).toMatchObject({
        retCode: 10_016
      })
      expect(stage.simulator.truth.account(key).orders).toMatchObject([{ clientId: "u-1", status: "open" }])
    }))

  it("has its order's end told twice, the second time as not found", () =>
    onStage(quiet, async (stage) => {
      const { rows } = await listening(stage, ["order"])
      stage.simulator.control.inject({ kind: "doubleFill" })
      await restOf(stage).post("/v5/order/create", {
        category: "linear",
        symbol: "BTCUSDT",
        side: "Buy",
        orderType: "Market",
        qty: "0.001"
      })
      await until(() => rows("order").length === 3)
      expect(rows("order").map((row) => [row["orderStatus"], row["rejectReason"]])).toEqual([
        ["New", "EC_NoError"],
        ["Filled", "EC_NoError"],
        ["Filled", "EC_OrigClOrdIDDoesNotExist"]
      ])
    }))

  it("with a trigger waits for its price", () =>
    onStage(quiet, async (stage) => {
      const { rows } = await listening(stage, ["order"])
      const rest = restOf(stage)
      const { ask } = touch(stage, categories[1])
      const triggerPrice = (Number(ask) + 5).toFixed(1)
      const stop = {
        category: "linear",
        symbol: "BTCUSDT",
        side: "Buy",
        orderType: "Market",
        qty: "0.001",
        triggerPrice
      }
      expect(await rest.post("/v5/order/create", { ...stop, triggerDirection: 2 })).toMatchObject({ retCode: 110_093 })
      expect(await rest.post("/v5/order/create", { ...stop, triggerDirection: 1 })).toMatchObject({ retCode: 0 })
      for (let i = 0; i < 60 && stage.simulator.truth.account(key).orders[0]!.status === "untriggered"; i++) {
        stage.simulator.control.trade("bybit-linear", "BTCUSDT", "buy", 3)
      }
      await until(() => rows("order").length === 4)
      expect(rows("order").map((row) => row["orderStatus"])).toEqual(["Untriggered", "Triggered", "New", "Filled"])
    }))
})

it("private topics want authentication first, and are refused by name", () =>
  onStage(quiet, async (stage) => {
    const client = await connect(`${stage.simulator.wsUrl}/v5/private`)
    client.send({ req_id: "1", op: "subscribe", args: ["order"] })
    client.send({ req_id: "2", op: "auth", args: [key, Math.floor(stage.clock.now()) + 1_000, "0".repeat(64)] })
    client.send({ req_id: "3", op: "ping" })
    await until(() => client.received.length === 3)
    expect(client.received).toMatchObject([
      { success: false, ret_msg: "failed auth", op: "subscribe", req_id: "1" },
      { success: false, op: "auth", req_id: "2" },
      { op: "pong", req_id: "3", args: [String(Math.floor(stage.clock.now()))] }
    ])
  }))
