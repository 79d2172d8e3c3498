/** USDⓈ-M order entry, listen keys and user stream, as the venue's page tells them. */
import { describe, expect, it } from "vitest"
import { connect, type Json, onStage, type Stage } from "../support.ts"
import { apiOf, key, until, userOf } from "./user.ts"

const quiet = { rates: { tradesPerSecond: 0, ordersPerSecond: 0, liquidationsPerSecond: 0 } }

const touch = ({ simulator }: Stage) => {
  const { asks, bids } = simulator.control.book("usdm", "BTCUSDT", 1)
  return { ask: asks[0]![0], bid: bids[0]![0] }
}

const order = (side: string, more: Record<string, string>) => ({ symbol: "BTCUSDT", side, quantity: "0.100", ...more })
const limit = (side: string, price: string, more: Record<string, string> = {}) =>
  order(side, { type: "LIMIT", timeInForce: "GTC", price, ...more })
const market = (side: string, more: Record<string, string> = {}) => order(side, { type: "MARKET", ...more })

const listening = async (stage: Stage, query = "") => {
  const user = userOf(stage)
  const { listenKey } = (await user.keyed("POST", "/fapi/v1/listenKey")).body
  const client = await connect(`${stage.simulator.wsUrl}/private/ws/${String(listenKey)}${query}`)
  const events = () => client.received as Array<Json>
  const of = (name: string) => events().filter((event) => event["e"] === name)
  return { user, client, events, of, listenKey: String(listenKey) }
}

describe("a USDⓈ-M account", () => {
  it("opens and closes a position: the trade comes first, then the report, then what the account has", () =>
    onStage(quiet, async (stage) => {
      const { events, of, user } = await listening(stage)
      const { ask } = touch(stage)
      const { body } = await user.rest(
        "POST",
        "/fapi/v1/order",
        market("BUY", { newOrderRespType: "RESULT", quantity: "0.001" })
      )
      expect(body).toMatchObject({ status: "FILLED", executedQty: "0.001", type: "MARKET", positionSide: "BOTH" })
      await until(() => of("ACCOUNT_UPDATE").length === 1)
      expect(events().map((event) => [event["e"], (event["o"] as Json | undefined)?.["X"]])).toEqual([
        ["ORDER_TRADE_UPDATE", "NEW"],
        ["TRADE_LITE", undefined],
        ["ORDER_TRADE_UPDATE", "FILLED"],
        ["ACCOUNT_UPDATE", undefined]
      ])
      expect((of("ACCOUNT_UPDATE")[0]!["a"] as Json)["P"]).toMatchObject([
        { s: "BTCUSDT", pa: "0.001", ps: "BOTH", ep: String(Number(ask)) }
      ])
      await user.rest("POST", "/fapi/v1/order", market("SELL", { reduceOnly: "true", quantity: "5" }))
      expect((await user.rest("GET", "/fapi/v3/positionRisk")).body).toEqual([])
      const { balances, orders, positions } = stage.simulator.truth.account(key)
      expect([positions, orders.map((each) => [each.status, each.size, each.filled])]).toEqual([
        [],
        [
          ["filled", "0.001", "0.001"],
          ["filled", "0.001", "0.001"]
        ]
      ])
      // What is left is what was there, less what the spread and the fees took: exactly.
      const scale = 10n ** 8n
      const units = (text: string, digits = 8n) => {
        const [whole = "0", fraction = ""] = text.split(".")
        return BigInt(whole + fraction.padEnd(Number(digits), "0").slice(0, Number(digits)))
      }
      const cash = orders.map(({ fills, side }) =>
        fills.reduce((sum, { fee, price, size }) => {
          const worth = (units(price) * units(size)) / scale
          return sum + (side === "sell" ? worth : -worth) - units(fee)
        }, 0n)
      )
      expect(units(balances.usdm["USDT"]!.total)).toBe(100_000n * scale + cash[0]! + cash[1]!)
    }))

  it("gets its stops from the algo service alone, where they are told before and after they work", () =>
    onStage(quiet, async (stage) => {
      const { of, user } = await listening(stage)
      const { ask } = touch(stage)
      const refused = await user.rest("POST", "/fapi/v1/order", order("BUY", { type: "STOP_MARKET", stopPrice: ask }))
      expect([refused.status, refused.body["code"]]).toEqual([400, -4120])
      const trigger = (Number(ask) + 5).toFixed(2)
      const { body } = await user.rest(
        "POST",
        "/fapi/v1/algoOrder",
        order("BUY", { algoType: "CONDITIONAL", type: "STOP_MARKET", triggerPrice: trigger, clientAlgoId: "stop-1" })
      )
      expect(body).toMatchObject({ clientAlgoId: "stop-1", algoStatus: "NEW", actualOrderId: "" })
      expect((await user.rest("GET", "/fapi/v1/openOrders")).body).toEqual([])
      for (let i = 0; i < 40 && of("ALGO_UPDATE").length < 4; i++) {
        stage.simulator.control.trade("usdm", "BTCUSDT", "buy", 3)
        await new Promise((done) => setImmediate(done))
      }
      await until(() => of("ALGO_UPDATE").length === 4, "the whole life of the conditional order")
      expect(of("ALGO_UPDATE").map((event) => (event["o"] as Json)["X"])).toEqual([
        "NEW",
        "TRIGGERING",
        "TRIGGERED",
        "FINISHED"
      ])
      const reports = of("ORDER_TRADE_UPDATE").map((event) => event["o"] as Json)
      expect(reports.map((each) => [each["x"], each["c"], each["si"], each["st"]])[0]).toEqual([
        "NEW",
        "stop-1",
        body["algoId"],
        "ALGO_CONDITION"
      ])
      expect(reports.at(-1)!["X"]).toBe("FILLED")
    }))

  it.each([
    ["a post-only order that would take", { timeInForce: "GTX" }, -5022],
    ["all or nothing where there is not so much", { timeInForce: "FOK", quantity: "900" }, -5021],
    ["more than the margin allows", { quantity: "900" }, -2019],
    ["one that only reduces, without a position", { reduceOnly: "true" }, -2022],
    ["a leg in one-way mode", { positionSide: "LONG" }, -4061],
    ["a price off the grid", { price: "61000.05" }, -4014],
    ["too little", { quantity: "0" }, -1013]
  ] as const)("is refused %s", (_, change, code) =>
    onStage(quiet, async (stage) => {
      const user = userOf(stage)
      const { body, status } = await user.rest("POST", "/fapi/v1/order", limit("BUY", touch(stage).ask, change))
      expect([status, body["code"]]).toEqual([400, code])
      expect(stage.simulator.truth.account(key)).toMatchObject({ orders: [], positions: [], requestCount: 1 })
    })
  )

  it("is paid and pays funding at the venue's times", () =>
    onStage({ ...quiet, clockScale: 480, socketRules: { usdm: { pingMs: Infinity } } }, async (stage) => {
      // Fundings are a minute apart, and a listen key lives for seconds.
      stage.simulator.control.book("usdm", "BTCUSDT", 1)
      stage.clock.advance(57_000)
      const { of, user } = await listening(stage)
      await user.rest("POST", "/fapi/v1/order", market("BUY", { quantity: "0.001" }))
      stage.clock.advance(3_000)
      const update = await until(
        () => of("ACCOUNT_UPDATE").find((event) => (event["a"] as Json)["m"] === "FUNDING_FEE"),
        "funding"
      )
      const [row] = (update["a"] as Json)["B"] as ReadonlyArray<Json>
      const { body } = await user.rest("GET", "/fapi/v1/income", {
        incomeType: "FUNDING_FEE",
        timestamp: Math.floor(stage.clock.now())
      })
      expect(body).toMatchObject([{ asset: "USDT", symbol: "BTCUSDT" }])
      expect([(update["a"] as Json)["P"], Number((body as unknown as ReadonlyArray<Json>)[0]!["income"])]).toEqual([
        [],
        Number(row!["bc"])
      ])
    }))

  it("modifies an order, which then stands behind the others, and cancels all by a countdown", () =>
    onStage(quiet, async (stage) => {
      const { of, user } = await listening(stage)
      const { bid } = touch(stage)
      const low = (Number(bid) - 20).toFixed(2)
      await user.rest("POST", "/fapi/v1/order", limit("BUY", low, { newClientOrderId: "m-1" }))
      const { body } = await user.rest("PUT", "/fapi/v1/order", {
        symbol: "BTCUSDT",
        side: "BUY",
        origClientOrderId: "m-1",
        price: bid,
        quantity: "0.200"
      })
      expect(body).toMatchObject({ price: String(Number(bid)), origQty: "0.2", status: "NEW" })
      await user.rest("POST", "/fapi/v1/countdownCancelAll", { symbol: "BTCUSDT", countdownTime: 2_000 })
      stage.clock.advance(1_999)
      expect(((await user.rest("GET", "/fapi/v1/openOrders")).body as unknown as ReadonlyArray<Json>).length).toBe(1)
      stage.clock.advance(1)
      await until(
        () => of("ORDER_TRADE_UPDATE").some((event) => (event["o"] as Json)["x"] === "CANCELED"),
        "the cancellation"
      )
      expect((await user.rest("GET", "/fapi/v1/openOrders")).body).toEqual([])
    }))
})

describe("a listen key", () => {
  it("lives for an hour after it was last kept alive, then is told to have expired, and the socket stays open and silent", () =>
    onStage({ ...quiet, socketRules: { usdm: { pingMs: Infinity } } }, async (stage) => {
      const { client, listenKey, of, user } = await listening(stage)
      stage.clock.advance(3_500_000)
      expect((await user.keyed("PUT", "/fapi/v1/listenKey")).body).toEqual({ listenKey })
      stage.clock.advance(3_500_000)
      expect(of("listenKeyExpired")).toEqual([])
      stage.clock.advance(100_001)
      await until(() => of("listenKeyExpired").length === 1)
      expect((await user.keyed("PUT", "/fapi/v1/listenKey")).body["code"]).toBe(-1125)
      await user.rest("POST", "/fapi/v1/order", market("BUY", { quantity: "0.001" }))
      expect(await client.ask({ method: "LIST_SUBSCRIPTIONS", id: 1 })).toMatchObject({ id: 1 })
      expect([client.closed(), of("ORDER_TRADE_UPDATE")]).toEqual([undefined, []])
    }))

  it("that is none is taken without a word, and the events may be chosen", () =>
    onStage(quiet, async (stage) => {
      const bogus = await connect(`${stage.simulator.wsUrl}/private/ws/nobodys`)
      const user = userOf(stage)
      const { listenKey } = (await user.keyed("POST", "/fapi/v1/listenKey")).body
      const path = `/private/stream?listenKey=${String(listenKey)}&events=ACCOUNT_UPDATE`
      const chosen = await connect(stage.simulator.wsUrl + path)
      await user.rest("POST", "/fapi/v1/order", market("BUY", { quantity: "0.001" }))
      await until(() => chosen.received.length > 0)
      expect(chosen.received).toMatchObject([{ stream: listenKey, data: { e: "ACCOUNT_UPDATE" } }])
      expect(bogus.received).toEqual([])
    }))
})

it("the WebSocket API takes the same orders", () =>
  onStage(quiet, async (stage) => {
    const api = await apiOf(stage, "/ws-fapi/v1")
    const { bid } = touch(stage)
    const low = (Number(bid) - 20).toFixed(2)
    expect(await api.ask("order.place", limit("BUY", low, { newClientOrderId: "w-1" }))).toMatchObject({
      status: 200,
      result: { clientOrderId: "w-1", status: "NEW" },
      rateLimits: [{ count: 1 }, { count: 1 }, { rateLimitType: "REQUEST_WEIGHT" }]
    })
    expect(await api.ask("order.status", { symbol: "BTCUSDT", origClientOrderId: "w-1" })).toMatchObject({
      result: { status: "NEW" }
    })
    expect(await api.ask("order.cancel", { symbol: "BTCUSDT", origClientOrderId: "w-1" })).toMatchObject({
      result: { status: "CANCELED" }
    })
    expect(await api.ask("order.cancel", { symbol: "BTCUSDT", origClientOrderId: "w-1" })).toMatchObject({
      status: 400,
      error: { code: -2011 }
    })
    expect(await api.ask("v2/account.balance")).toMatchObject({
      result: [{ asset: "USDT", balance: "100000.00000000" }]
    })
    expect(await api.ask("order.status", { symbol: "BTCUSDT", origClientOrderId: "never" })).toMatchObject({
      status: 400,
      error: { code: -2013 }
    })
  }))
