/** The npm packages `binance` and `bybit-api`, unmodified but for their URLs and keys, trade on the simulator. */
import { MainClient, USDMClient, WebsocketAPIClient, WebsocketClient as BinanceSocket } from "binance"
import { RestClientV5, WebsocketAPIClient as BybitApi, WebsocketClient as BybitSocket } from "bybit-api"
import { describe, expect, it } from "vitest"
import { defaultAccount, Simulator } from "../../src/index.ts"
import { eventually, type Json } from "../support.ts"

const silent = { trace: () => {}, info: () => {}, error: () => {} }
const { key, secret = "" } = defaultAccount

const withSimulator = async (run: (simulator: Simulator.Simulator) => Promise<void>): Promise<void> => {
  const simulator = await Simulator.start({
    rates: { tradesPerSecond: 0, ordersPerSecond: 0, liquidationsPerSecond: 0 }
  })
  try {
    await run(simulator)
  } finally {
    await simulator.stop()
  }
}

const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null

const lowOf = (simulator: Simulator.Simulator, market: "spot" | "usdm" | "bybit-linear"): string =>
  String(Math.floor(Number(simulator.control.book(market, "BTCUSDT", 1).bids[0]![0])) - 50)

describe("the binance SDK", () => {
  it("trades spot by REST", () =>
    withSimulator(async (simulator) => {
      const client = new MainClient({
        baseUrl: simulator.url,
        api_key: key,
        api_secret: secret,
        beautifyResponses: false
      })
      const price = lowOf(simulator, "spot")
      const order = await client.submitNewOrder({
        symbol: "BTCUSDT",
        side: "BUY",
        type: "LIMIT",
        timeInForce: "GTC",
        quantity: 0.01,
        price: Number(price),
        newClientOrderId: "x-sdk-1"
      })
      const open = await client.getOpenOrders({ symbol: "BTCUSDT" })
      expect(open.map((each) => each.orderId)).toEqual([order.orderId])
      await client.cancelOrder({ symbol: "BTCUSDT", orderId: order.orderId })
      const sold = await client.submitNewOrder({ symbol: "BTCUSDT", side: "SELL", type: "MARKET", quantity: 0.01 })
      const trades = await client.getAccountTradeList({ symbol: "BTCUSDT" })
      expect(trades.map((trade) => trade.orderId)).toEqual([sold.orderId])
      const account = await client.getAccountInformation()
      expect(account.balances.find(({ asset }) => asset === "BTC")!.free).toBe("0.99000000")
      expect(simulator.truth.account(key).orders.map(({ status }) => status)).toEqual(["cancelled", "filled"])
    }))

  it("trades on the WebSocket API", () =>
    withSimulator(async (simulator) => {
      const client = new WebsocketAPIClient(
        { wsUrl: simulator.wsUrl, api_key: key, api_secret: secret, beautify: false },
        silent
      )
      const price = lowOf(simulator, "spot")
      // The package asks its user for the time of an order, but has no type for it.
      const order = {
        symbol: "BTCUSDT",
        side: "BUY",
        type: "LIMIT",
        timeInForce: "GTC",
        quantity: "0.01",
        price,
        newClientOrderId: "x-ws-1",
        timestamp: Date.now()
      } as const
      const placed = await client.submitNewSpotOrder(order)
      expect(placed.status).toBe(200)
      const found = await client.getSpotOrderStatus({
        symbol: "BTCUSDT",
        origClientOrderId: "x-ws-1",
        timestamp: Date.now()
      })
      expect(found.result.status).toBe("NEW")
      const cancelled = await client.cancelSpotOrder({
        symbol: "BTCUSDT",
        origClientOrderId: "x-ws-1",
        timestamp: Date.now()
      })
      expect(cancelled.result.status).toBe("CANCELED")
      await client.disconnectAll()
    }))

  it("trades USDⓈ-M and hears of it on the user stream", () =>
    withSimulator(async (simulator) => {
      const client = new USDMClient({
        baseUrl: simulator.url,
        api_key: key,
        api_secret: secret,
        beautifyResponses: false
      })
      const { listenKey } = await client.getFuturesUserDataListenKey()
      const socket = new BinanceSocket(
        { wsUrl: `${simulator.wsUrl}/private/ws`, api_key: key, api_secret: secret, beautify: false },
        silent
      )
      const events: Array<Json> = []
      socket.on("message", (message) => {
        const whole: unknown = message
        const data = isJson(whole) && isJson(whole["data"]) ? whole["data"] : whole
        if (isJson(data)) events.push(data)
      })
      await socket.subscribe([listenKey], "usdmPrivate")
      await eventually(
        () => simulator.stats().connections.some(({ streams }) => streams.includes("ORDER_TRADE_UPDATE")),
        "the user stream"
      )
      await client.submitNewOrder({ symbol: "BTCUSDT", side: "BUY", type: "MARKET", quantity: 0.01 })
      await eventually(() => events.some((event) => event["e"] === "ACCOUNT_UPDATE"), "the account's update")
      const [position] = await client.getPositionsV3({ symbol: "BTCUSDT" })
      expect(position!.positionAmt).toBe("0.01")
      const [balance] = await client.getBalanceV3()
      expect(Number(balance!.balance)).toBeLessThan(100_000)
      socket.closeAll(true)
    }))
})

describe("the bybit-api SDK", () => {
  it("trades by REST, and hears of it on the private topics", () =>
    withSimulator(async (simulator) => {
      const client = new RestClientV5({ baseUrl: simulator.url, key, secret })
      const socket = new BybitSocket({ wsUrl: `${simulator.wsUrl}/v5/private`, key, secret }, silent)
      const rows: Array<Json> = []
      socket.on("update", (message: unknown) => {
        if (isJson(message) && message["topic"] === "order") rows.push(...(message["data"] as Array<Json>))
      })
      socket.subscribeV5(["order"], "linear")?.forEach((each: unknown) => void Promise.resolve(each).catch(() => {}))
      await eventually(
        () => simulator.stats().connections.some(({ streams }) => streams.includes("order")),
        "the private topics"
      )
      const price = lowOf(simulator, "bybit-linear")
      const placed = await client.submitOrder({
        category: "linear",
        symbol: "BTCUSDT",
        side: "Buy",
        orderType: "Limit",
        qty: "0.01",
        price,
        orderLinkId: "sdk-1"
      })
      expect(placed.retCode).toBe(0)
      const open = await client.getActiveOrders({ category: "linear", symbol: "BTCUSDT" })
      expect(open.result.list.map(({ orderLinkId }) => orderLinkId)).toEqual(["sdk-1"])
      await client.cancelOrder({ category: "linear", symbol: "BTCUSDT", orderLinkId: "sdk-1" })
      await client.submitOrder({
        category: "linear",
        symbol: "BTCUSDT",
        side: "Sell",
        orderType: "Market",
        qty: "0.01"
      })
      await eventually(() => rows.some((row) => row["orderStatus"] === "Filled"), "the fill")
      expect(rows.map((row) => row["orderStatus"])).toEqual(["New", "Cancelled", "New", "Filled"])
      const { result: positions } = await client.getPositionInfo({ category: "linear", symbol: "BTCUSDT" })
      expect(positions.list.map(({ side, size }) => [side, size])).toEqual([["Sell", "0.01"]])
      const { result: wallet } = await client.getWalletBalance({ accountType: "UNIFIED" })
      expect(Number(wallet.list[0]!.coin.find(({ coin }) => coin === "USDT")!.walletBalance)).toBeLessThan(100_000)
      const { result: fills } = await client.getExecutionList({ category: "linear", symbol: "BTCUSDT" })
      expect(fills.list.length).toBe(1)
      socket.closeAll(true)
    }))

  it("trades on the trade socket", () =>
    withSimulator(async (simulator) => {
      const client = new BybitApi({ wsUrl: `${simulator.wsUrl}/v5/trade`, key, secret }, silent)
      const price = lowOf(simulator, "bybit-linear")
      const placed = await client.submitNewOrder({
        category: "linear",
        symbol: "BTCUSDT",
        side: "Buy",
        orderType: "Limit",
        qty: "0.01",
        price,
        orderLinkId: "ws-1"
      })
      expect([placed.retCode, placed.data.orderLinkId]).toEqual([0, "ws-1"])
      const cancelled = await client.cancelOrder({ category: "linear", symbol: "BTCUSDT", orderLinkId: "ws-1" })
      expect(cancelled.retCode).toBe(0)
      expect(simulator.truth.account(key).orders.map(({ clientId, status }) => [clientId, status])).toEqual([
        ["ws-1", "cancelled"]
      ])
      client.getWSClient().closeAll(true)
    }))
})
