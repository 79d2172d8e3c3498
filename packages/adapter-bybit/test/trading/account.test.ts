import { describe, expect, it } from "@effect/vitest"
import type { Order } from "@tidewire/core"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { Exchange, open, outcome } from "../support/exchange.ts"

const order: Order.Request = {
  clientOrderId: "bot-3",
  symbol: "BTCUSDT",
  side: "buy",
  kind: "limit",
  size: "0.015",
  price: "61250.9"
}

const reference = { symbol: "BTCUSDT", clientOrderId: "bot-3" }

/** The example of the venue's page, with what is told of it changed. */
const row = (more: object = {}) => ({
  category: "linear",
  orderId: "9d1f0000-0000-4000-8000-000000000001",
  orderLinkId: "bot-3",
  symbol: "BTCUSDT",
  price: "61250.90",
  qty: "0.015",
  side: "Buy",
  positionIdx: 0,
  orderStatus: "New",
  cancelType: "UNKNOWN",
  rejectReason: "EC_NoError",
  avgPrice: "",
  cumExecQty: "0",
  timeInForce: "GTC",
  orderType: "Limit",
  triggerPrice: "",
  triggerDirection: 0,
  reduceOnly: false,
  createdTime: "1790000000318",
  updatedTime: "1790000000319",
  ...more
})

const execution = (more: object = {}) => ({
  category: "linear",
  symbol: "BTCUSDT",
  orderId: "9d1f0000-0000-4000-8000-000000000001",
  orderLinkId: "bot-3",
  side: "Buy",
  execId: "e-1",
  execType: "Trade",
  execPrice: "61250.90",
  execQty: "0.015",
  execFee: "0.18375270",
  feeCurrency: "",
  execTime: "1790000000318",
  isMaker: true,
  ...more
})

const position = (more: object = {}) => ({
  category: "linear",
  symbol: "BTCUSDT",
  side: "Buy",
  size: "0.015",
  positionIdx: 0,
  entryPrice: "61250.90",
  unrealisedPnl: "0.1",
  updatedTime: "1790000000318",
  ...more
})

describe("the sockets of an account", () => {
  it.effect("say who we are first, then subscribe to what is told of the market", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      const { states, stream } = yield* open(exchange, "bybit-linear")
      expect([stream(), states()]).toEqual(["up 1", { account: "Active", orders: "Active" }])
      const sent = (path: string) =>
        exchange
          .open(path)[0]!
          .sent.flatMap(({ args, op }) => (op === "ping" ? [] : [[op, op === "auth" ? args?.[0] : args]]))
      expect([sent("/v5/private"), sent("/v5/trade")]).toEqual([
        [
          ["auth", "UNITTESTKEY"],
          ["subscribe", ["order.linear", "execution.linear", "position.linear", "wallet"]]
        ],
        [["auth", "UNITTESTKEY"]]
      ])
    })
  )

  it.effect("demo has no trade socket: its orders go over REST", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      const { account, states } = yield* open(exchange, "bybit", "demo")
      expect(states()).toEqual({ account: "Active" })
      yield* account.submit(order)
      expect(exchange.asked.map(({ what }) => what)).toEqual(["POST /v5/order/create"])
    })
  )

  it.effect("S-D5 what the trade socket has not sent goes over REST; what it has sent goes nowhere else", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      exchange.refused.add("/v5/trade")
      exchange.rest = () => ({ result: { orderId: "v-2", orderLinkId: "bot-3" } })
      const { account } = yield* open(exchange, "bybit-linear")
      expect(yield* account.submit(order)).toEqual({ venueOrderId: "v-2" })
      expect([exchange.orders.length, exchange.asked.length]).toEqual([0, 1])

      const lossy = new Exchange()
      lossy.trade = () => undefined
      const other = yield* open(lossy, "bybit-linear")
      const submitted = yield* Effect.forkChild(outcome(other.account.submit(order)))
      yield* TestClock.adjust("1 second")
      lossy.open("/v5/trade")[0]!.close()
      yield* TestClock.adjust("1 second")
      expect(yield* Fiber.join(submitted)).toBe("OutcomeUnknown: ConnectionLost: closed with 1006")
      expect([lossy.orders.length, lossy.asked.length]).toEqual([1, 0])
    })
  )

  it.effect("an answer that never comes leaves the order unknown", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      exchange.trade = () => undefined
      const { account } = yield* open(exchange, "bybit")
      const submitted = yield* Effect.forkChild(outcome(account.submit(order)))
      yield* TestClock.adjust("12 seconds")
      expect(yield* Fiber.join(submitted)).toBe("OutcomeUnknown: no answer within 10s")
    })
  )

  it.effect("10019: nothing more is sent on that socket, and another takes its place", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      const { account, states } = yield* open(exchange, "bybit-linear")
      exchange.trade = () => ({ retCode: 10019, retMsg: "restarting", data: {} })
      exchange.refused.add("/v5/trade")
      expect(yield* outcome(account.submit(order))).toBe("OutcomeUnknown: restarting (code 10019)")
      exchange.trade = () => ({ retCode: 0, retMsg: "OK", data: { orderId: "v-3" } })
      // before the other one is there
      yield* account.cancel(reference)
      expect(exchange.asked.map(({ what }) => what)).toEqual(["POST /v5/order/cancel"])
      exchange.refused.clear()
      yield* TestClock.adjust("2 minutes")
      expect(states()["orders"]).toBe("Active")
      yield* account.submit({ ...order, clientOrderId: "bot-4" })
      const created = exchange.sockets.filter(({ sent }) => sent.some(({ op }) => op === "order.create"))
      expect([created.length, created.map(({ isOpen }) => isOpen)]).toEqual([2, [false, true]])
    })
  )

  it.effect("S-D4 a lost private socket begins another session", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      const { stream } = yield* open(exchange, "bybit")
      exchange.open("/v5/private")[0]!.close()
      yield* TestClock.adjust("3 seconds")
      expect(stream()).toBe("up 2")
    })
  )

  it.effect("a key that is refused is told as that", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      exchange.private = () => ({ success: false, ret_msg: "Invalid sign" })
      const { states } = yield* open(exchange, "bybit")
      expect(states()["account"]).toBe("Failed")
    })
  )
})

describe("orders as the venue wants them", () => {
  it.effect("on contracts and on spot", () =>
    Effect.gen(function* () {
      const { price: _, ...unpriced } = order
      const asked: Array<unknown> = []
      for (const [venue, requests] of [
        [
          "bybit-linear",
          [
            { ...order, timeInForce: "postOnly", reduceOnly: true },
            { ...unpriced, kind: "market" },
            { ...unpriced, kind: "stop", triggerPrice: "62000" },
            { ...order, kind: "takeProfit", triggerPrice: "60000" }
          ]
        ],
        [
          "bybit",
          [
            { ...unpriced, kind: "market" },
            { ...unpriced, kind: "stop", triggerPrice: "62000" }
          ]
        ]
      ] as const) {
        const exchange = new Exchange()
        const { account } = yield* open(exchange, venue)
        for (const request of requests) yield* account.submit(request)
        asked.push(...exchange.orders.map(({ args }) => args?.[0]))
      }
      const linear = {
        category: "linear",
        symbol: "BTCUSDT",
        side: "Buy",
        qty: "0.015",
        orderLinkId: "bot-3",
        positionIdx: 0
      }
      const spot = { category: "spot", symbol: "BTCUSDT", side: "Buy", qty: "0.015", orderLinkId: "bot-3" }
      const limit = { orderType: "Limit", price: "61250.9" }
      expect(asked).toEqual([
        { ...linear, ...limit, timeInForce: "PostOnly", reduceOnly: true },
        { ...linear, orderType: "Market" },
        { ...linear, orderType: "Market", triggerPrice: "62000", triggerDirection: 1, triggerBy: "LastPrice" },
        { ...linear, ...limit, timeInForce: "GTC", triggerPrice: "60000", triggerDirection: 2, triggerBy: "LastPrice" },
        { ...spot, orderType: "Market", marketUnit: "baseCoin" },
        { ...spot, orderType: "Market", marketUnit: "baseCoin", triggerPrice: "62000", orderFilter: "StopOrder" }
      ])
    })
  )

  it.effect("what the venue does not know is refused before it is sent", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      const { account } = yield* open(exchange, "bybit")
      const { price: _, ...unpriced } = order
      const refused: ReadonlyArray<Order.Request> = [
        { ...order, reduceOnly: true },
        unpriced,
        { ...order, kind: "market" },
        { ...unpriced, kind: "market", timeInForce: "fok" },
        { ...order, kind: "stop" }
      ]
      expect(yield* Effect.forEach(refused, (each) => outcome(account.submit(each)))).toEqual([
        "Unsupported: spot has no reduce-only orders",
        "Unsupported: a limit order needs a price",
        "Unsupported: a market order has no price",
        "Unsupported: without a price an order is ioc, not fok",
        "Unsupported: a stop order needs a trigger price"
      ])
      expect([exchange.orders, exchange.asked]).toEqual([[], []])
    })
  )

  it.effect(
    "no more orders a second than the venue allows, told by its answers too; cancels have a count of their own",
    () =>
      Effect.gen(function* () {
        const exchange = new Exchange()
        const { account } = yield* open(exchange, "bybit-linear")
        const many = yield* Effect.forkChild(
          Effect.forEach(
            Array.from({ length: 16 }, (_, index) => ({ ...order, clientOrderId: `many-${index}` })),
            (each) => outcome(account.submit(each)),
            { concurrency: "unbounded" }
          )
        )
        yield* TestClock.adjust("10 millis")
        expect(exchange.orders.length).toBe(7)
        yield* account.cancel(reference)
        expect(exchange.orders.length).toBe(8)
        yield* TestClock.adjust("2 seconds")
        const outcomes = yield* Fiber.join(many)
        expect(outcomes.filter((each) => String(each).startsWith("RateLimited: not sent")).length).toBeGreaterThan(0)

        // somebody else orders with this user
        exchange.trade = () => ({
          retCode: 10006,
          retMsg: "Too many visits!",
          header: { "X-Bapi-Limit": "10", "X-Bapi-Limit-Status": "0", "X-Bapi-Limit-Reset-Timestamp": "99999999999999" }
        })
        yield* TestClock.adjust("5 seconds")
        expect(yield* outcome(account.submit(order))).toBe("RateLimited: Too many visits! (code 10006)")
        exchange.trade = () => ({ retCode: 0, retMsg: "OK", data: {} })
        const next = yield* Effect.forkChild(outcome(account.submit(order)))
        const before = exchange.orders.length
        yield* TestClock.adjust("900 millis")
        expect(exchange.orders.length).toBe(before)
        yield* TestClock.adjust("200 millis")
        expect(exchange.orders.length).toBe(before + 1)
        expect(yield* Fiber.join(next)).toEqual({})
      })
  )
})

describe("what an account is told", () => {
  it.effect("an order and its fill, whole; the end that a cancel spoilt is the same end", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      const { events, stream } = yield* open(exchange, "bybit-linear")
      const filled = row({ orderStatus: "Filled", cumExecQty: "0.015", avgPrice: "61250.9" })
      exchange.tell("execution.linear", execution())
      exchange.tell("order.linear", filled)
      exchange.tell("order.linear", { ...filled, rejectReason: "EC_OrigClOrdIDDoesNotExist" })
      const end = {
        type: "order",
        venue: "here",
        exchangeTime: 1790000000319,
        receivedTime: 1_000.5,
        symbol: "BTCUSDT",
        clientOrderId: "bot-3",
        venueOrderId: "9d1f0000-0000-4000-8000-000000000001",
        side: "buy",
        kind: "limit",
        size: "0.015",
        price: "61250.9",
        timeInForce: "gtc",
        status: "filled",
        filled: "0.015",
        averagePrice: "61250.9"
      }
      expect(events).toEqual([
        {
          type: "fill",
          venue: "here",
          exchangeTime: 1790000000318,
          receivedTime: 1_000.5,
          symbol: "BTCUSDT",
          id: "e-1",
          clientOrderId: "bot-3",
          venueOrderId: "9d1f0000-0000-4000-8000-000000000001",
          side: "buy",
          price: "61250.9",
          size: "0.015",
          fee: "0.1837527",
          feeAsset: "USDT",
          liquidity: "maker"
        },
        end,
        end
      ])
      expect(stream()).toBe("up 1")
    })
  )

  it.effect("how orders end, and why", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      const { events } = yield* open(exchange, "bybit-linear")
      exchange.tell(
        "order.linear",
        row({ orderStatus: "Cancelled", rejectReason: "EC_PerCancelRequest", cancelType: "CancelByUser" }),
        row({ orderStatus: "Cancelled", rejectReason: "EC_PostOnlyWillTakeLiquidity" }),
        row({ orderStatus: "Cancelled", cancelType: "CancelByReduceOnly" }),
        row({ orderStatus: "Deactivated", triggerPrice: "60000", triggerDirection: 2 }),
        row({ orderStatus: "Rejected", rejectReason: "EC_NoEnoughBalance" }),
        row({ orderStatus: "Untriggered", triggerPrice: "62000", triggerDirection: 1, orderType: "Market" }),
        row({ orderLinkId: "" })
      )
      expect(
        events.map((event) => event.type === "order" && [event.status, event.reason, event.kind, event.clientOrderId])
      ).toEqual([
        ["cancelled", undefined, "limit", "bot-3"],
        ["expired", "EC_PostOnlyWillTakeLiquidity", "limit", "bot-3"],
        ["expired", "CancelByReduceOnly", "limit", "bot-3"],
        ["cancelled", undefined, "takeProfit", "bot-3"],
        ["rejected", "EC_NoEnoughBalance", "limit", "bot-3"],
        ["open", undefined, "stop", "bot-3"],
        ["open", undefined, "limit", "9d1f0000-0000-4000-8000-000000000001"]
      ])
    })
  )

  it.effect("funding as a payment, and no fill", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      const { events } = yield* open(exchange, "bybit-linear")
      exchange.tell("execution.linear", execution({ execType: "Funding", execFee: "0.09", side: "Sell", orderId: "" }))
      expect(events).toEqual([
        {
          type: "funding",
          venue: "here",
          exchangeTime: 1790000000318,
          receivedTime: 1_000.5,
          symbol: "BTCUSDT",
          asset: "USDT",
          amount: "-0.09"
        }
      ])
    })
  )

  it.effect("a position when it has changed, and after a new session whatever it is", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      const { events } = yield* open(exchange, "bybit-linear")
      exchange.tell("position.linear", position())
      exchange.tell("position.linear", position({ unrealisedPnl: "0.2" }))
      exchange.tell("position.linear", position({ side: "", size: "0", entryPrice: "0" }))
      exchange.tell("position.linear", position({ side: "Sell", size: "0.01" }))
      const sizes = () => events.flatMap((event) => (event.type === "position" ? [event.size] : []))
      expect(sizes()).toEqual(["0.015", "0", "-0.01"])
      exchange.open("/v5/private")[0]!.close()
      yield* TestClock.adjust("3 seconds")
      exchange.tell("position.linear", position({ side: "Sell", size: "0.01" }))
      expect(sizes()).toEqual(["0.015", "0", "-0.01", "-0.01"])
    })
  )

  it.effect("balances: on spot what is free, on contracts what orders lock", () =>
    Effect.gen(function* () {
      const told: Array<unknown> = []
      for (const venue of ["bybit", "bybit-linear"]) {
        const exchange = new Exchange()
        const { events } = yield* open(exchange, venue)
        exchange.tell("wallet", {
          accountType: "UNIFIED",
          coin: [{ coin: "USDT", walletBalance: "100.50", locked: "0.5" }]
        })
        told.push(...events)
      }
      const balance = { type: "balance", venue: "here", exchangeTime: 5_000, receivedTime: 1_000.5, asset: "USDT" }
      expect(told).toEqual([
        { ...balance, total: "100.5", free: "100", locked: "0.5" },
        { ...balance, total: "100.5", locked: "0.5" }
      ])
    })
  )

  it.effect("what cannot be read is held for missed", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      const { events, stream } = yield* open(exchange, "bybit-linear")
      exchange.tell("order.linear", row({ orderStatus: "Odd" }), row({ qty: "much" }), null)
      yield* TestClock.adjust("11 seconds")
      expect([events, stream()]).toEqual([[], "up 2"])
    })
  )
})

describe("what an account is asked", () => {
  it.effect("an order is looked for among the latest, then in the past, and is not there", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      exchange.rest = ({ what }) => ({
        result: { list: what.endsWith("history") ? [row({ orderStatus: "Filled" })] : [] }
      })
      const { account } = yield* open(exchange, "bybit-linear")
      expect((yield* account.order(reference))?.status).toBe("filled")
      expect(yield* account.order({ ...reference, clientOrderId: "never" })).toBeUndefined()
      expect(exchange.asked.map(({ what, values }) => [what, values["orderLinkId"]])).toEqual([
        ["GET /v5/order/realtime", "bot-3"],
        ["GET /v5/order/history", "bot-3"],
        ["GET /v5/order/realtime", "never"],
        ["GET /v5/order/history", "never"]
      ])
    })
  )

  it.effect("fills week by week, page by page, oldest first, without what is no fill", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      const week = 7 * 24 * 3_600_000
      yield* TestClock.setTime(1_800_000_000_000)
      exchange.rest = ({ values }) => {
        if (values["endTime"] === undefined)
          return { result: { list: [execution({ execId: "e-4" })], nextPageCursor: "" } }
        return values["cursor"] === undefined
          ? { result: { list: [execution({ execId: "e-3" })], nextPageCursor: "page%3A1" } }
          : {
              result: {
                list: [execution({ execId: "e-2" }), execution({ execId: "x", execType: "Funding" })],
                nextPageCursor: ""
              }
            }
      }
      const { account } = yield* open(exchange, "bybit-linear")
      const since = 1_800_000_001_000 - week - 5
      const fills = yield* account.fills({ symbol: "BTCUSDT", since })
      expect(fills.map(({ id }) => id)).toEqual(["e-2", "e-3", "e-4"])
      expect(exchange.asked.map(({ values }) => [values["startTime"], values["endTime"], values["cursor"]])).toEqual([
        [String(since), String(since + week - 1), undefined],
        [String(since), String(since + week - 1), "page:1"],
        [String(since + week), undefined, undefined]
      ])
    })
  )

  it.effect("a cancel that comes too late tells the end; one of an order that never was is refused", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      exchange.trade = () => ({ retCode: 110001, retMsg: "order not exists or too late to cancel" })
      exchange.rest = ({ values }) => ({
        result: { list: values["orderLinkId"] === "bot-3" ? [row({ orderStatus: "Filled", cumExecQty: "0.015" })] : [] }
      })
      const { account, events } = yield* open(exchange, "bybit-linear")
      yield* account.cancel(reference)
      expect(events.map((event) => event.type === "order" && event.status)).toEqual(["filled"])
      expect(yield* outcome(account.cancel({ ...reference, clientOrderId: "never" }))).toBe(
        "OrderRejected: order not exists or too late to cancel (code 110001)"
      )
    })
  )

  it.effect("refusals of HTTP: kept away, and not known", () =>
    Effect.gen(function* () {
      const outcomes: Array<unknown> = []
      for (const status of [403, 502]) {
        const exchange = new Exchange()
        exchange.rest = () => ({ status })
        const { account } = yield* open(exchange, "bybit", "demo")
        outcomes.push(yield* outcome(account.submit(order)))
      }
      expect(outcomes).toEqual(["RateLimited: refused (HTTP 403)", "OutcomeUnknown: refused (HTTP 502)"])
    })
  )
})

describe("a rehearsed order", () => {
  it.effect.each([
    ["bybit-linear", "mainnet"],
    ["bybit", "demo"]
  ] as const)(
    "of %s on %s is sent nowhere and used up by no count: the next order goes at once",
    ([venue, environment]) =>
      Effect.gen(function* () {
        const exchange = new Exchange()
        exchange.rest = () => ({ result: { orderId: "v-1", orderLinkId: "bot-3" } })
        const { account, events } = yield* open(exchange, venue, environment)
        const sent = () => exchange.asked.length + exchange.orders.length
        const at = sent()
        const rehearsed = yield* Effect.forEach(Array.from({ length: 400 }), () =>
          Effect.forkChild(account.rehearse!(order))
        )
        yield* TestClock.adjust("100 millis")
        const waiting = rehearsed.filter((each) => each.pollUnsafe() === undefined).length
        yield* Fiber.interruptAll(rehearsed)
        const before = sent()
        expect(yield* account.submit(order)).toEqual({ venueOrderId: "v-1" })
        expect([waiting, before, sent() - before, events]).toEqual([400, at, 1, []])
      })
  )
})
