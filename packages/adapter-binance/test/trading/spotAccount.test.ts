import { describe, expect, it } from "@effect/vitest"
import type { Order } from "@tidewire/core"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { Exchange, type Frame, KEY, open, outcome, SECRET } from "../support/exchange.ts"

const order: Order.Request = {
  clientOrderId: "bot-1",
  symbol: "BTCUSDT",
  side: "buy",
  kind: "limit",
  size: "0.015",
  price: "61250.1"
}

const reference = { symbol: "BTCUSDT", clientOrderId: "bot-1" }

const row = {
  symbol: "BTCUSDT",
  orderId: 40_000_123_456,
  clientOrderId: "bot-1",
  price: "61250.10000000",
  origQty: "0.01500000",
  executedQty: "0.00500000",
  cummulativeQuoteQty: "306.25050000",
  status: "PARTIALLY_FILLED",
  timeInForce: "GTC",
  type: "LIMIT",
  side: "BUY",
  stopPrice: "0.00000000",
  time: 1_000,
  updateTime: 2_000
}

const report = (change: object) => ({
  subscriptionId: 0,
  event: {
    e: "executionReport",
    E: 5_000,
    s: "BTCUSDT",
    c: "bot-1",
    S: "BUY",
    o: "LIMIT",
    f: "GTC",
    q: "0.01500000",
    p: "61250.10000000",
    P: "0.00000000",
    C: "",
    x: "NEW",
    X: "NEW",
    r: "NONE",
    i: 40_000_123_456,
    l: "0.00000000",
    z: "0.00000000",
    L: "0.00000000",
    n: "0",
    N: null,
    T: 4_999,
    t: -1,
    m: false,
    Z: "0.00000000",
    ...change
  }
})

/** What was asked with, but for what signs it. */
const unsigned = ({ method, params = {} }: Frame) => {
  const { apiKey: _key, recvWindow: _window, signature: _signature, timestamp: _timestamp, ...values } = params
  return [method, values]
}

const refuse = (code: number, msg: string, status = 400) => ({ status, error: { code, msg } })

describe("an account of spot", () => {
  it.effect("S-D8 subscribes with a signature, stamped by the venue's clock, and tells what the account tells", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      exchange.aheadMs = 90_000
      const { connection, events, stream } = yield* open(exchange, "binance")
      const [{ sent, url }] = [exchange.last]
      expect(url).toMatch(/\/ws-api\/v3$/)
      expect(sent).toEqual([
        {
          id: "1",
          method: "userDataStream.subscribe.signature",
          params: {
            apiKey: KEY,
            recvWindow: 5_000,
            timestamp: 90_000,
            signature: expect.stringMatching(/^[0-9a-f]{64}$/)
          }
        }
      ])
      expect([stream(), connection()?.state]).toEqual(["up 1", "Active"])
      exchange.last.receive({
        subscriptionId: 0,
        event: { e: "outboundAccountPosition", E: 6_000, u: 5_999, B: [{ a: "BTC", f: "1.50000000", l: "0.01500000" }] }
      })
      exchange.last.receive({ subscriptionId: 0, event: { e: "balanceUpdate", E: 1, a: "BTC", d: "1", T: 1 } })
      expect(events).toEqual([
        {
          type: "balance",
          venue: "here",
          exchangeTime: 5_999,
          receivedTime: 1_000.5,
          asset: "BTC",
          total: "1.515",
          free: "1.5",
          locked: "0.015"
        }
      ])
    })
  )

  it.effect("places each kind of order as the venue calls it, and refuses what it has not before it is sent", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      exchange.api = ({ method }) => ({ status: 200, result: method === "order.place" ? { orderId: 7 } : {} })
      const { account } = yield* open(exchange, "binance")
      const { price: _, ...unpriced } = order
      const waits = { triggerPrice: "62000" } as const
      const orders: ReadonlyArray<Order.Request> = [
        order,
        { ...order, timeInForce: "ioc" },
        { ...order, timeInForce: "postOnly" },
        { ...unpriced, kind: "market" },
        { ...unpriced, kind: "stop", ...waits },
        { ...order, kind: "stop", ...waits, timeInForce: "fok" },
        { ...unpriced, kind: "takeProfit", ...waits },
        { ...order, kind: "takeProfit", ...waits },
        { ...unpriced, kind: "limit" },
        { ...order, kind: "market" },
        { ...unpriced, kind: "market", timeInForce: "postOnly" },
        { ...order, kind: "stop", ...waits, timeInForce: "postOnly" },
        { ...order, kind: "stop" },
        { ...order, reduceOnly: true }
      ]
      const outcomes = yield* Effect.forkChild(
        Effect.forEach(orders, (each) => Effect.tap(outcome(account.submit(each)), () => Effect.sleep("1 second")))
      )
      yield* TestClock.adjust("1 minute")
      expect(yield* Fiber.join(outcomes)).toEqual([
        ...Array.from({ length: 8 }, () => ({ venueOrderId: "7" })),
        "Unsupported: a limit order needs a price",
        "Unsupported: a market order has no price",
        "Unsupported: without a price an order is ioc, not postOnly",
        "Unsupported: a stop order cannot be post-only",
        "Unsupported: a stop order needs a trigger price",
        "Unsupported: spot has no reduce-only orders"
      ])
      const common = {
        symbol: "BTCUSDT",
        side: "BUY",
        quantity: "0.015",
        newClientOrderId: "bot-1",
        newOrderRespType: "ACK"
      }
      const priced = { ...common, price: "61250.1" }
      expect(exchange.last.sent.slice(1).map(unsigned)).toEqual(
        [
          { ...priced, type: "LIMIT", timeInForce: "GTC" },
          { ...priced, type: "LIMIT", timeInForce: "IOC" },
          { ...priced, type: "LIMIT_MAKER" },
          { ...common, type: "MARKET" },
          { ...common, type: "STOP_LOSS", stopPrice: "62000" },
          { ...priced, type: "STOP_LOSS_LIMIT", timeInForce: "FOK", stopPrice: "62000" },
          { ...common, type: "TAKE_PROFIT", stopPrice: "62000" },
          { ...priced, type: "TAKE_PROFIT_LIMIT", timeInForce: "GTC", stopPrice: "62000" }
        ].map((values) => ["order.place", values])
      )
    })
  )

  it.effect("an answer that does not come, or comes as a failure of the venue, leaves the outcome unknown", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      const { account } = yield* open(exchange, "binance")
      exchange.api = () => undefined
      const late = yield* Effect.forkChild(outcome(account.submit(order)))
      yield* TestClock.adjust("11 seconds")
      const lost = yield* Effect.forkChild(outcome(account.submit(order)))
      yield* TestClock.adjust(1)
      exchange.last.close()
      const found = [yield* Fiber.join(late), yield* Fiber.join(lost), yield* outcome(account.submit(order))]
      exchange.api = () => ({ status: 200, result: {} })
      yield* TestClock.adjust("3 seconds")
      exchange.api = () => refuse(-1007, "Timeout waiting for response from backend server.", 504)
      found.push(yield* outcome(account.submit(order)))
      exchange.api = () => refuse(-2010, "Duplicate order sent.")
      found.push(yield* outcome(account.submit(order)))
      exchange.api = () => refuse(-2010, "Account has insufficient balance for requested action.")
      found.push(yield* outcome(account.submit(order)))
      expect(found).toEqual([
        "OutcomeUnknown: no answer within 11s",
        "OutcomeUnknown: ConnectionLost: closed with 1006",
        "ConnectionFailed: account is not connected",
        "OutcomeUnknown: Timeout waiting for response from backend server. (504, code -1007)",
        "OutcomeUnknown: Duplicate order sent. (400, code -2010)",
        "OrderRejected: Account has insufficient balance for requested action. (400, code -2010)"
      ])
    })
  )

  it.effect("an order whose acknowledgement was lost is found by its id, and never sent again", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      const { account, stream } = yield* open(exchange, "binance")
      exchange.api = ({ method }) => (method === "order.place" ? undefined : { status: 200, result: {} })
      exchange.rest = ({ path }) => (path === "/api/v3/order" ? { body: row } : undefined)
      const [first] = exchange.sockets
      const submitted = yield* Effect.forkChild(outcome(account.submit(order)))
      yield* TestClock.adjust(1)
      first!.close()
      yield* TestClock.adjust("3 seconds")
      expect([yield* Fiber.join(submitted), stream()]).toEqual([
        "OutcomeUnknown: ConnectionLost: closed with 1006",
        "up 2"
      ])
      expect(yield* account.order(reference)).toEqual({
        type: "order",
        venue: "here",
        exchangeTime: 2_000,
        receivedTime: expect.any(Number),
        symbol: "BTCUSDT",
        clientOrderId: "bot-1",
        venueOrderId: "40000123456",
        side: "buy",
        kind: "limit",
        size: "0.015",
        price: "61250.1",
        timeInForce: "gtc",
        status: "open",
        filled: "0.005",
        averagePrice: "61250.1"
      })
      const placed = exchange.sockets.flatMap(({ sent }) => sent.filter(({ method }) => method === "order.place"))
      expect(placed.length).toBe(1)
    })
  )

  it.effect("an order that is not there is none, by the venue's own word", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      const { account } = yield* open(exchange, "binance")
      exchange.rest = () => ({ status: 400, body: { code: -2013, msg: "Order does not exist." } })
      expect(yield* account.order(reference)).toBeUndefined()
      exchange.rest = () => ({ status: 500, body: {} })
      expect(yield* outcome(account.order(reference))).toBe("VenueUnavailable: HTTP 500 (500)")
    })
  )

  it.effect("a cancel of what has ended tells the end; of what was never there it is refused", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      const { account, events } = yield* open(exchange, "binance")
      exchange.api = () => refuse(-2011, "Unknown order sent.")
      const looked: Array<unknown> = []
      for (const answer of [
        { body: { ...row, status: "FILLED", executedQty: "0.015", cummulativeQuoteQty: "918.7515" } },
        { status: 400, body: { code: -2013, msg: "Order does not exist." } },
        { body: row },
        { status: 503, body: {} }
      ]) {
        exchange.rest = () => answer
        looked.push(yield* outcome(account.cancel(reference)))
      }
      expect(looked).toEqual([
        "done",
        "OrderRejected: Unknown order sent. (400, code -2011)",
        "OutcomeUnknown: the venue has the order, and says that there is none to cancel",
        expect.stringMatching(/^OutcomeUnknown: there is no such order to cancel, and it is not to be found/)
      ])
      expect(events).toEqual([
        expect.objectContaining({ type: "order", clientOrderId: "bot-1", status: "filled", averagePrice: "61250.1" })
      ])
    })
  )

  it.effect("a cancel goes over REST while the socket is down", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      const { account } = yield* open(exchange, "binance")
      yield* account.cancel(reference)
      exchange.last.close()
      yield* account.cancel(reference)
      expect(exchange.sockets[0]!.sent.slice(1).map(unsigned)).toEqual([
        ["order.cancel", { symbol: "BTCUSDT", origClientOrderId: "bot-1" }]
      ])
      expect(exchange.asked).toEqual([
        {
          method: "DELETE",
          path: "/api/v3/order",
          query: {
            symbol: "BTCUSDT",
            origClientOrderId: "bot-1",
            recvWindow: "5000",
            timestamp: expect.stringMatching(/^\d+$/),
            signature: expect.stringMatching(/^[0-9a-f]{64}$/)
          },
          key: KEY
        }
      ])
    })
  )

  it.effect("all of a symbol are cancelled whatever becomes of another's; none to cancel is no failure", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      const { account } = yield* open(exchange, "binance")
      exchange.rest = ({ query }) => {
        if (query["symbol"] === "A") return { status: 400, body: { code: -2011, msg: "Unknown order sent." } }
        return query["symbol"] === "B" ? { status: 502, body: {} } : { body: [] }
      }
      const cancelled = yield* outcome(account.cancelAll(["A", "B", "C"]))
      expect([cancelled, exchange.asked.map(({ query }) => query["symbol"])]).toEqual([
        "OutcomeUnknown: HTTP 502 (502)",
        ["A", "B", "C"]
      ])
    })
  )

  it.effect("a cancelled order keeps our id, which the venue tells as the original one", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      const { events } = yield* open(exchange, "binance")
      const swapped = { c: "cancel-of-its-own", C: "bot-1", x: "CANCELED", X: "CANCELED" }
      exchange.last.receive(report(swapped))
      exchange.last.receive(report({ x: "TRADE_PREVENTION", X: "EXPIRED_IN_MATCH", v: 5 }))
      exchange.last.receive(report({ x: "REJECTED", X: "REJECTED", r: "INSUFFICIENT_BALANCE" }))
      exchange.last.receive(report({ x: "EXPIRED", X: "EXPIRED", eR: "UNFILLED_IOC_QUANTITY_EXPIRED" }))
      expect(
        events.map((event) => event.type === "order" && [event.clientOrderId, event.status, event.reason])
      ).toEqual([
        ["bot-1", "cancelled", undefined],
        ["bot-1", "expired", "self-trade prevention"],
        ["bot-1", "rejected", "INSUFFICIENT_BALANCE"],
        ["bot-1", "expired", "UNFILLED_IOC_QUANTITY_EXPIRED"]
      ])
    })
  )

  it.effect("a smaller size keeps the order's id and place; another price is not to be had", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      const { account } = yield* open(exchange, "binance")
      const found = [
        yield* outcome(account.amend({ ...reference, size: "0.01" })),
        yield* outcome(account.amend({ ...reference, size: "0.01", price: "1" }))
      ]
      expect([found, exchange.last.sent.slice(1).map(unsigned)]).toEqual([
        ["done", "Unsupported: spot changes the size of an open order, and only downwards"],
        [
          [
            "order.amend.keepPriority",
            { symbol: "BTCUSDT", origClientOrderId: "bot-1", newClientOrderId: "bot-1", newQty: "0.01" }
          ]
        ]
      ])
    })
  )

  it.effect("a stamp that the venue finds wrong is made anew, once", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      const { account } = yield* open(exchange, "binance")
      exchange.aheadMs = -20_000
      const stamps: Array<number> = []
      exchange.api = ({ params }) => {
        stamps.push(params!["timestamp"] as number)
        return refuse(-1021, "Timestamp for this request was 1000ms ahead of the server's time.")
      }
      yield* TestClock.adjust("1 minute")
      const refused = yield* outcome(account.submit(order))
      expect(stamps.map((stamp) => stamp - stamps[0]!)).toEqual([0, -20_000])
      expect(refused).toMatch(/^InvalidRequest: Timestamp/)
    })
  )

  it.effect("orders keep to 70 % of what the venue counts, as it tells it; a cancel never waits for them", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      const limit = { rateLimitType: "ORDERS", interval: "SECOND", intervalNum: 10, limit: 50 }
      let told = 0
      exchange.api = ({ method }) => {
        if (method === "order.place") told += 10
        return { status: 200, result: {}, rateLimits: [{ ...limit, count: told }] }
      }
      const { account } = yield* open(exchange, "binance")
      yield* TestClock.setTime(20_000)
      const outcomes: Array<unknown> = []
      for (let each = 0; each < 5; each++) {
        const submitted = yield* Effect.forkChild(outcome(account.submit(order)))
        yield* TestClock.adjust(each === 4 ? "3 seconds" : "1 second")
        outcomes.push(yield* Fiber.join(submitted))
        if (each === 3) yield* account.cancel(reference)
      }
      // 10, 20, 30, 40 of 35: the fifth finds no room in time
      expect(outcomes).toEqual([{}, {}, {}, {}, "RateLimited: not sent: as many orders as the venue allows"])
      expect(exchange.last.sent.filter(({ method }) => method === "order.cancel").length).toBe(1)
    })
  )

  it.effect("while the venue wants to be left alone nothing is sent, on either way", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      const { account } = yield* open(exchange, "binance")
      const now = 1_000
      const data = { serverTime: now, retryAfter: now + 30_000 }
      exchange.api = () => ({ status: 429, error: { code: -1003, msg: "Too much request weight used.", data } })
      const first = yield* outcome(account.submit(order))
      exchange.api = () => ({ status: 200, result: {} })
      const second = yield* Effect.forkChild(outcome(account.submit(order)))
      const read = yield* Effect.forkChild(outcome(account.balances))
      yield* TestClock.adjust("20 seconds")
      expect([first, yield* Fiber.join(second), exchange.asked.length]).toEqual([
        "RateLimited: Too much request weight used. (429, code -1003)",
        "RateLimited: not sent: no room in the budget within 2s",
        0
      ])
      yield* Fiber.interrupt(read)
      yield* TestClock.adjust("11 seconds")
      expect(yield* outcome(account.submit(order))).toEqual({})
    })
  )

  it.effect("reads open orders, fills of every page and balances", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      const { account } = yield* open(exchange, "binance")
      const trade = (id: number) => ({
        symbol: "BTCUSDT",
        id,
        orderId: 40,
        price: "61250.10",
        qty: "0.00500000",
        commission: "0.00000500",
        commissionAsset: "BTC",
        time: 3_000 + id,
        isBuyer: true,
        isMaker: true
      })
      exchange.rest = ({ path, query }) => {
        if (path.endsWith("/openOrders")) return { body: [row, { ...row, symbol: "ETHUSDT" }] }
        if (path.endsWith("/account")) return { body: { balances: [{ asset: "BTC", free: "1.5", locked: "0.015" }] } }
        const first = query["fromId"] === undefined ? 1 : Number(query["fromId"])
        return { body: Array.from({ length: first === 1 ? 1_000 : 2 }, (_, index) => trade(first + index)) }
      }
      const orders = yield* account.openOrders(["BTCUSDT"])
      const fills = yield* account.fills({ symbol: "BTCUSDT", since: 3_000 })
      const balances = yield* account.balances
      expect([orders.map(({ symbol }) => symbol), fills.length, fills.at(-1)]).toEqual([
        ["BTCUSDT"],
        1_002,
        {
          type: "fill",
          venue: "here",
          exchangeTime: 4_002,
          receivedTime: expect.any(Number),
          symbol: "BTCUSDT",
          id: "1002",
          venueOrderId: "40",
          side: "buy",
          price: "61250.1",
          size: "0.005",
          fee: "0.000005",
          feeAsset: "BTC",
          liquidity: "maker"
        }
      ])
      expect(balances.map(({ asset, free, locked, total }) => [asset, total, free, locked])).toEqual([
        ["BTC", "1.515", "1.5", "0.015"]
      ])
      expect([yield* account.positions, yield* account.positionMode]).toEqual([[], "oneWay"])
      expect(exchange.asked.map(({ path, query }) => [path, query["fromId"] ?? query["startTime"]])).toEqual([
        ["/api/v3/openOrders", undefined],
        ["/api/v3/myTrades", "3000"],
        ["/api/v3/myTrades", "1001"],
        ["/api/v3/account", undefined]
      ])
    })
  )

  it.effect("nothing of the account is in an error", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      const { account } = yield* open(exchange, "binance")
      exchange.rest = () => ({ status: 500, body: "gone" })
      exchange.api = () => refuse(-2014, "API-key format invalid.", 401)
      const errors = [yield* Effect.flip(account.balances), yield* Effect.flip(account.submit(order))]
      const text = errors.map((error) => `${error.stack} ${JSON.stringify(error)} ${String(error)}`).join()
      expect([text.includes(SECRET), text.includes(KEY), text.includes("signature=")]).toEqual([false, false, false])
    })
  )
})

describe("a rehearsed order", () => {
  it.effect("is sent nowhere and used up by no count: the next order goes at once", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      exchange.api = () => ({ status: 200, result: { orderId: 7 } })
      const { account, events } = yield* open(exchange, "binance")
      const sent = () => exchange.asked.length + exchange.last.sent.length
      const at = sent()
      const rehearsed = yield* Effect.forEach(Array.from({ length: 400 }), () =>
        Effect.forkChild(account.rehearse!(order))
      )
      yield* TestClock.adjust("100 millis")
      const waiting = rehearsed.filter((each) => each.pollUnsafe() === undefined).length
      yield* Fiber.interruptAll(rehearsed)
      const before = sent()
      expect(yield* account.submit(order)).toEqual({ venueOrderId: "7" })
      expect([waiting, before, sent() - before, events]).toEqual([400, at, 1, []])
    })
  )
})
