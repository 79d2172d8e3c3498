/** Spot order entry and user stream, by REST and by the WebSocket API, as the venue's page tells them. */
import { describe, expect, it } from "vitest"
import { type Json, onStage, type Stage } from "../support.ts"
import { apiOf, until, userOf } from "./user.ts"

const quiet = { rates: { tradesPerSecond: 0, ordersPerSecond: 0, liquidationsPerSecond: 0 } }

/** The best prices, as texts. */
const touch = ({ simulator }: Stage) => {
  const { asks, bids } = simulator.control.book("spot", "BTCUSDT", 1)
  return { ask: asks[0]![0], bid: bids[0]![0] }
}

const under = (price: string, by: number): string => (Number(price) - by).toFixed(2)

const limit = (side: string, price: string, quantity: string, more: Json = {}) => ({
  symbol: "BTCUSDT",
  side,
  type: "LIMIT",
  timeInForce: "GTC",
  price,
  quantity,
  ...(more as Record<string, string>)
})

describe("a spot order", () => {
  it("rests in the public book, is filled by a public trade, and is told so in order", () =>
    onStage(quiet, async (stage) => {
      const { simulator } = stage
      const user = userOf(stage)
      const api = await apiOf(stage)
      expect(await api.ask("userDataStream.subscribe.signature")).toMatchObject({
        status: 200,
        result: { subscriptionId: 0 }
      })
      const { bid } = touch(stage)
      const price = under(bid, -0.01)
      const placed = await api.ask("order.place", limit("BUY", price, "0.01", { newClientOrderId: "bot-0001" }))
      expect(placed).toMatchObject({
        status: 200,
        result: { status: "NEW", clientOrderId: "bot-0001", executedQty: "0.00000000", fills: [] }
      })
      expect(touch(stage).bid).toBe(`${price}000000`)
      const [trade] = simulator.control.trade("spot", "BTCUSDT", "sell", 0.004)
      await until(() => api.events().length >= 4, "four events")
      const { orderId } = placed["result"] as Json
      expect(
        api.events().map((event) => [event["e"], event["x"], event["X"], event["l"], event["t"], event["i"]])
      ).toEqual([
        ["executionReport", "NEW", "NEW", "0.00000000", -1, orderId],
        ["outboundAccountPosition", undefined, undefined, undefined, undefined, undefined],
        ["executionReport", "TRADE", "PARTIALLY_FILLED", "0.00400000", trade!.id, orderId],
        ["outboundAccountPosition", undefined, undefined, undefined, undefined, undefined]
      ])
      const cancelled = await user.rest("DELETE", "/api/v3/order", {
        symbol: "BTCUSDT",
        origClientOrderId: "bot-0001",
        newClientOrderId: "stop-1"
      })
      expect(cancelled.body).toMatchObject({
        origClientOrderId: "bot-0001",
        clientOrderId: "stop-1",
        status: "CANCELED",
        executedQty: "0.00400000"
      })
      const last = await until(() => api.events().find((event) => event["x"] === "CANCELED"), "the cancellation")
      expect([last["c"], last["C"], last["X"]]).toEqual(["stop-1", "bot-0001", "CANCELED"])
      expect(touch(stage).bid).toBe(bid)
    }))

  it("takes up to its limit, pays its fee from what it gets, and its balances add up", () =>
    onStage(quiet, async (stage) => {
      const user = userOf(stage)
      const { ask } = touch(stage)
      const { body, headers, status } = await user.rest("POST", "/api/v3/order", limit("BUY", ask, "0.00100"))
      const fills = body["fills"] as ReadonlyArray<Json>
      expect([status, body["status"], fills.length]).toEqual([200, "FILLED", 1])
      expect(fills[0]).toMatchObject({
        price: ask,
        qty: "0.00100000",
        commission: "0.00000100",
        commissionAsset: "BTC"
      })
      expect([headers.get("x-mbx-order-count-10s"), headers.get("x-mbx-order-count-1d")]).toEqual(["1", "1"])
      const account = await user.rest("GET", "/api/v3/account")
      const balances = new Map(
        (account.body["balances"] as ReadonlyArray<Json>).map((row) => [row["asset"], [row["free"], row["locked"]]])
      )
      expect(balances.get("BTC")).toEqual(["1.00099900", "0.00000000"])
      const paid = BigInt(ask.replace(".", "")) / 1000n
      expect(balances.get("USDT")).toEqual([
        `${(100_000n * 10n ** 8n - paid).toString().replace(/(\d{8})$/, ".$1")}`,
        "0.00000000"
      ])
      expect((await user.rest("GET", "/api/v3/myTrades", { symbol: "BTCUSDT" })).body).toMatchObject([
        { price: ask, isBuyer: true, isMaker: false }
      ])
    }))

  it.each([
    ["LIMIT_MAKER that would take", { type: "LIMIT_MAKER" }, 400, -2010, "Order would immediately match and take."],
    ["a price between two ticks", { price: "60000.005" }, 400, -1013, "Filter failure: PRICE_FILTER"],
    ["too much precision", { quantity: "0.123456789" }, 400, -1111, "Parameter 'quantity' has too much precision."],
    ["a size between two steps", { quantity: "0.000015" }, 400, -1013, "Filter failure: LOT_SIZE"],
    ["too little", { quantity: "0.00001" }, 400, -1013, "Filter failure: NOTIONAL"],
    ["a price far away", { price: "600000.00" }, 400, -1013, "Filter failure: PERCENT_PRICE_BY_SIDE"],
    ["more than there is", { quantity: "20" }, 400, -2010, "Account has insufficient balance for requested action."],
    ["an unknown symbol", { symbol: "NOPEUSDT" }, 400, -1121, "Invalid symbol."],
    ["an unknown type", { type: "STOP" }, 400, -1116, "Invalid orderType."],
    ["an old timestamp", { timestamp: 1 }, 400, -1021, "Timestamp for this request is outside of the recvWindow."],
    [
      "a timestamp ahead",
      { timestamp: 4_000_000_000_000 },
      400,
      -1021,
      "Timestamp for this request was 1000ms ahead of the server's time."
    ]
  ] as const)("is refused for %s", (_, change, status, code, msg) =>
    onStage(quiet, async (stage) => {
      const user = userOf(stage)
      const { timeInForce: __, ...order } = { ...limit("BUY", touch(stage).ask, "0.01"), ...change }
      const given = order.type === "LIMIT" ? { ...order, timeInForce: "GTC" } : order
      const answer = await user.rest("POST", "/api/v3/order", given)
      expect([answer.status, answer.body]).toEqual([status, { code, msg }])
      expect((await user.rest("GET", "/api/v3/openOrders")).body).toEqual([])
    })
  )
})
