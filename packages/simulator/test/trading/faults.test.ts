/** What can go wrong with an order between a user and the venue, on demand; the truth tells what really happened. */
import { describe, expect, it } from "vitest"
import { Scenario } from "../../src/index.ts"
import { connect, type Json, onStage, type Stage } from "../support.ts"
import { apiOf, key, signedBy, until, userOf } from "./user.ts"

const quiet = { rates: { tradesPerSecond: 0, ordersPerSecond: 0, liquidationsPerSecond: 0 } }

const resting = (stage: Stage, id: string) => {
  const { bids } = stage.simulator.control.book("spot", "BTCUSDT", 1)
  const price = (Number(bids[0]![0]) - 10).toFixed(2)
  return {
    symbol: "BTCUSDT",
    side: "BUY",
    type: "LIMIT",
    timeInForce: "GTC",
    price,
    quantity: "0.01",
    newClientOrderId: id
  }
}

const truth = ({ simulator }: Stage) => {
  const { orders, requests } = simulator.truth.account(key)
  return {
    orders: orders.map(({ clientId, status }) => [clientId, status]),
    requests: requests.map(({ clientId, outcome, request }) => [request, clientId, outcome])
  }
}

describe("an order", () => {
  it("is answered 503 and is there all the same", () =>
    onStage(quiet, async (stage) => {
      stage.simulator.control.inject({ kind: "unknownOutcome", request: "place" })
      const user = userOf(stage)
      const answer = await user.rest("POST", "/api/v3/order", resting(stage, "u-1"))
      expect([answer.status, answer.body["msg"]]).toEqual([
        503,
        "Unknown error, please check your request or try again later."
      ])
      const found = await user.rest("GET", "/api/v3/order", { symbol: "BTCUSDT", origClientOrderId: "u-1" })
      expect(found.body["status"]).toBe("NEW")
      expect(truth(stage)).toEqual({ orders: [["u-1", "open"]], requests: [["place", "u-1", "done"]] })
    }))

  it("is never acknowledged: by REST the connection is reset, on a socket there is silence", () =>
    onStage(quiet, async (stage) => {
      stage.simulator.control.inject({ kind: "lostAck", count: 2 })
      await expect(userOf(stage).rest("POST", "/api/v3/order", resting(stage, "l-1"))).rejects.toThrow("fetch failed")
      const api = await apiOf(stage)
      const params = { apiKey: key, timestamp: Math.floor(stage.clock.now()), ...resting(stage, "l-2") }
      api.client.send({ id: 100, method: "order.place", params: signedBy(params) })
      await until(() => truth(stage).orders.length === 2, "both orders")
      expect(await api.ask("order.status", { symbol: "BTCUSDT", origClientOrderId: "l-2" })).toMatchObject({
        status: 200,
        result: { status: "NEW" }
      })
      expect(api.client.received.map((one) => (one as Json)["id"])).toEqual([1])
      expect(truth(stage).orders).toEqual([
        ["l-1", "open"],
        ["l-2", "open"]
      ])
    }))

  it("is told of before its answer", () =>
    onStage(quiet, async (stage) => {
      const api = await apiOf(stage)
      await api.ask("userDataStream.subscribe.signature")
      stage.simulator.control.inject({ kind: "earlyEvents", delayMs: 30 })
      api.client.send({ id: 50, method: "ping" })
      const placed = api.ask("order.place", resting(stage, "e-1"))
      await until(() => api.events().length > 0)
      expect(api.client.received.some((one) => (one as Json)["id"] === 2)).toBe(false)
      stage.clock.advance(30)
      expect(await placed).toMatchObject({ result: { clientOrderId: "e-1" } })
    }))

  it("is refused without being placed, with the code that was asked for", () =>
    onStage(quiet, async (stage) => {
      stage.simulator.control.inject({ kind: "rejectOrder", code: -2010, msg: "Market is closed." })
      const { body, status } = await userOf(stage).rest("POST", "/api/v3/order", resting(stage, "r-1"))
      expect([status, body]).toEqual([400, { code: -2010, msg: "Market is closed." }])
      expect(truth(stage)).toEqual({ orders: [], requests: [["place", "r-1", "-2010"]] })
    }))
})

it("a server whose clock is off refuses what was stamped right", () =>
  onStage(quiet, async (stage) => {
    const user = userOf(stage)
    stage.simulator.control.inject({ kind: "skewedClock", offsetMs: -2_000, count: 1 })
    expect((await user.rest("GET", "/api/v3/account")).body).toEqual({
      code: -1021,
      msg: "Timestamp for this request was 1000ms ahead of the server's time."
    })
    stage.simulator.control.inject({ kind: "skewedClock", offsetMs: 6_000, count: 1 })
    expect((await user.rest("GET", "/api/v3/account")).body).toEqual({
      code: -1021,
      msg: "Timestamp for this request is outside of the recvWindow."
    })
    expect((await user.rest("GET", "/api/v3/account")).status).toBe(200)
  }))

describe("a user stream", () => {
  const listening = async (stage: Stage) => {
    const user = userOf(stage)
    const { listenKey } = (await user.keyed("POST", "/fapi/v1/listenKey")).body
    const client = await connect(`${stage.simulator.wsUrl}/private/ws/${String(listenKey)}`)
    const names = () => (client.received as Array<Json>).map((event) => event["e"])
    const buy = () =>
      user.rest("POST", "/fapi/v1/order", { symbol: "BTCUSDT", side: "BUY", type: "MARKET", quantity: "0.001" })
    return { client, names, buy }
  }

  it("tells a fill twice", () =>
    onStage(quiet, async (stage) => {
      const { buy, client, names } = await listening(stage)
      stage.simulator.control.inject({ kind: "doubleFill", filter: { stream: "ORDER_TRADE_UPDATE" } })
      await buy()
      await until(() => names().includes("ACCOUNT_UPDATE"))
      const fills = (client.received as Array<Json>).flatMap((event) => {
        const { o } = event as { readonly o?: Json }
        return o?.["x"] === "TRADE" ? [o["t"]] : []
      })
      expect([fills.length, new Set(fills).size]).toEqual([2, 1])
    }))

  it("tells orders late, and what is faster at once", () =>
    onStage(quiet, async (stage) => {
      const { buy, names } = await listening(stage)
      stage.simulator.control.inject({ kind: "lateReports", delayMs: 500 })
      await buy()
      await until(() => names().length === 2)
      expect(names()).toEqual(["TRADE_LITE", "ACCOUNT_UPDATE"])
      stage.clock.advance(500)
      await until(() => names().length === 4)
      expect(names().slice(2)).toEqual(["ORDER_TRADE_UPDATE", "ORDER_TRADE_UPDATE"])
    }))

  it("falls silent, by the names of its events", () =>
    onStage(quiet, async (stage) => {
      const { buy, names } = await listening(stage)
      stage.simulator.control.inject({ kind: "silentStream", filter: { stream: "ORDER_TRADE_UPDATE" } })
      await buy()
      await until(() => names().length === 2)
      expect(names()).toEqual(["TRADE_LITE", "ACCOUNT_UPDATE"])
    }))

  it("loses its listen key at once, is told so, and stays open", () =>
    onStage(quiet, async (stage) => {
      const { buy, client, names } = await listening(stage)
      expect(
        stage.simulator.control.inject({ kind: "listenKeyExpired", filter: { route: "private" } }).connections.length
      ).toBe(1)
      await until(() => names().length === 1)
      await buy()
      expect(await client.ask({ method: "LIST_SUBSCRIPTIONS", id: 1 })).toMatchObject({ id: 1 })
      expect(names()).toEqual(["listenKeyExpired", undefined])
    }))
})

it("a scenario's text has the faults of orders, and ends private connections alone", () =>
  onStage(quiet, async (stage) => {
    const user = userOf(stage)
    const { listenKey } = (await user.keyed("POST", "/fapi/v1/listenKey")).body
    const own = await connect(`${stage.simulator.wsUrl}/private/ws/${String(listenKey)}`)
    const open = await connect(`${stage.simulator.wsUrl}/stream?streams=btcusdt@trade`)
    stage.simulator.control.play(Scenario.parse("at 1s kill route=private\nat 1s unknownOutcome place on spot times 2"))
    stage.clock.advance(1_000)
    await until(() => own.closed() !== undefined, "the end of the private connection")
    expect([own.closed()?.code, open.closed()]).toEqual([1006, undefined])
    const statuses: Array<number> = []
    for (const id of ["s-1", "s-2", "s-3"])
      statuses.push((await user.rest("POST", "/api/v3/order", resting(stage, id))).status)
    expect(statuses).toEqual([503, 503, 200])
    expect(truth(stage).orders.map(([id]) => id)).toEqual(["s-1", "s-2", "s-3"])
  }))
