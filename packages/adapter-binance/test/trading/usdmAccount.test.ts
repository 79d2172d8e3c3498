import { describe, expect, it } from "@effect/vitest"
import type { Order } from "@tidewire/core"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { type Answer, type Asked, Exchange, KEY, open, outcome } from "../support/exchange.ts"

const order: Order.Request = {
  clientOrderId: "bot-2",
  symbol: "BTCUSDT",
  side: "sell",
  kind: "limit",
  size: "0.015",
  price: "61250.9"
}

const reference = { symbol: "BTCUSDT", clientOrderId: "bot-2" }

const row = {
  symbol: "BTCUSDT",
  orderId: 50_000_123,
  clientOrderId: "bot-2",
  price: "61250.9",
  origQty: "0.015",
  executedQty: "0",
  avgPrice: "0.00",
  status: "NEW",
  timeInForce: "GTX",
  type: "LIMIT",
  origType: "LIMIT",
  side: "SELL",
  stopPrice: "0",
  reduceOnly: true,
  updateTime: 2_000
}

const algo = {
  algoId: 2_000_000_547,
  clientAlgoId: "bot-2",
  orderType: "STOP_MARKET",
  symbol: "BTCUSDT",
  side: "SELL",
  timeInForce: "GTC",
  quantity: "0.015",
  algoStatus: "NEW",
  triggerPrice: "60000",
  price: "0"
}

const gone: Answer = { status: 400, body: { code: -2013, msg: "Order does not exist." } }

const listenKey = (number: number) => String(number).repeat(64)

/** Futures whose listen key counts up with each that is made after one is gone. */
const exchangeWith = (answer: (asked: Asked) => Answer | undefined = () => undefined) => {
  const exchange = new Exchange()
  const keys = { current: 1, isGone: false }
  exchange.rest = (asked) => {
    if (asked.path !== "/fapi/v1/listenKey") return answer(asked)
    if (asked.method === "PUT" && keys.isGone) {
      keys.isGone = false
      keys.current++
      return { status: 400, body: { code: -1125, msg: "This listenKey does not exist." } }
    }
    return { body: { listenKey: listenKey(keys.current) } }
  }
  return { exchange, keys }
}

/** What was asked of the account, but for what signs it. */
const asked = ({ asked: all }: Exchange) =>
  all.flatMap(({ method, path, query }) => {
    const { recvWindow: _window, signature: _signature, timestamp: _timestamp, ...values } = query
    return path === "/fapi/v1/listenKey" ? [] : [[`${method} ${path}`, values]]
  })

describe("an account of futures", () => {
  it.effect("S-D8 dials with a key that no state shows, and begins anew when the venue says that it has expired", () =>
    Effect.gen(function* () {
      const { exchange, keys } = exchangeWith()
      const { connection, stream } = yield* open(exchange, "binance-usdm")
      const [first] = exchange.sockets
      expect(first!.url.endsWith(`/private/ws/${listenKey(1)}`)).toBe(true)
      expect(exchange.asked).toEqual([{ method: "POST", path: "/fapi/v1/listenKey", query: {}, key: KEY }])
      expect([stream(), connection()?.state]).toEqual(["up 1", "Active"])
      keys.current = 2
      first!.receive({ e: "listenKeyExpired", E: 1, listenKey: listenKey(1) })
      expect(JSON.stringify(connection())).not.toContain(listenKey(1))
      yield* TestClock.adjust("3 seconds")
      expect([stream(), first!.isOpen, exchange.last.url.endsWith(listenKey(2))]).toEqual(["up 2", false, true])
    })
  )

  it.effect("the key is kept valid every 25 minutes at the latest; one that is gone begins a new session", () =>
    Effect.gen(function* () {
      const { exchange, keys } = exchangeWith()
      const { stream } = yield* open(exchange, "binance-usdm")
      const renewals = () => exchange.asked.filter(({ method }) => method === "PUT").length
      yield* TestClock.adjust("100 minutes")
      expect([renewals(), stream()]).toEqual([4, "up 1"])
      keys.isGone = true
      yield* TestClock.adjust("26 minutes")
      expect([renewals(), stream(), exchange.last.url.endsWith(listenKey(2))]).toEqual([5, "up 2", true])
      expect(exchange.asked.filter(({ method }) => method === "DELETE")).toEqual([])
    })
  )

  it.effect("a renewal that does not come through is tried again while the key is valid", () =>
    Effect.gen(function* () {
      const { exchange } = exchangeWith()
      const { rest } = exchange
      const { stream } = yield* open(exchange, "binance-usdm")
      exchange.rest = (each) => (each.method === "PUT" ? { status: 502, body: {} } : rest(each))
      yield* TestClock.adjust("27 minutes")
      exchange.rest = rest
      yield* TestClock.adjust("2 minutes")
      const renewals = exchange.asked.filter(({ method }) => method === "PUT").length
      expect([renewals > 2, stream()]).toEqual([true, "up 1"])
    })
  )

  it.effect("orders go to one service, those that wait for a trigger to another, all under our id", () =>
    Effect.gen(function* () {
      const { exchange } = exchangeWith(({ path }) => ({
        body: path.endsWith("algoOrder") ? { algoId: 9 } : { orderId: 7 }
      }))
      const { account } = yield* open(exchange, "binance-usdm")
      const { price: _, ...unpriced } = order
      const waits = { triggerPrice: "60000" } as const
      const orders: ReadonlyArray<Order.Request> = [
        { ...order, timeInForce: "postOnly", reduceOnly: true },
        { ...unpriced, kind: "market" },
        { ...unpriced, kind: "stop", ...waits },
        { ...order, kind: "takeProfit", ...waits, timeInForce: "fok" },
        { ...unpriced, kind: "market", timeInForce: "fok" }
      ]
      const outcomes = yield* Effect.forEach(orders, (each) => outcome(account.submit(each)))
      expect(outcomes).toEqual([
        { venueOrderId: "7" },
        { venueOrderId: "7" },
        {},
        {},
        "Unsupported: without a price an order is ioc, not fok"
      ])
      const common = { symbol: "BTCUSDT", side: "SELL", quantity: "0.015" }
      const placed = { ...common, newClientOrderId: "bot-2" }
      const waiting = { ...common, algoType: "CONDITIONAL", triggerPrice: "60000", clientAlgoId: "bot-2" }
      expect(asked(exchange)).toEqual([
        ["POST /fapi/v1/order", { ...placed, type: "LIMIT", timeInForce: "GTX", price: "61250.9", reduceOnly: "true" }],
        ["POST /fapi/v1/order", { ...placed, type: "MARKET" }],
        ["POST /fapi/v1/algoOrder", { ...waiting, type: "STOP_MARKET" }],
        ["POST /fapi/v1/algoOrder", { ...waiting, type: "TAKE_PROFIT", timeInForce: "FOK", price: "61250.9" }]
      ])
    })
  )

  it.effect("what the venue failed at may have been carried out; what it refused was not", () =>
    Effect.gen(function* () {
      const answers: ReadonlyArray<readonly [Answer, string]> = [
        [
          { status: 503, body: { code: -1000, msg: "Unknown error, please check your request or try again later." } },
          "OutcomeUnknown: Unknown error, please check your request or try again later. (503, code -1000)"
        ],
        [
          { status: 503, body: { code: -1000, msg: "Service Unavailable." } },
          "VenueUnavailable: Service Unavailable. (503, code -1000)"
        ],
        [{ status: 408, body: {} }, "OutcomeUnknown: HTTP 408 (408)"],
        [{ takes: 60_000 }, "OutcomeUnknown: no answer within 10s"],
        [
          { status: 400, body: { code: -4116, msg: "ClientOrderId is duplicated." } },
          "OutcomeUnknown: ClientOrderId is duplicated. (400, code -4116)"
        ],
        [
          { status: 400, body: { code: -5022, msg: "Due to the order could not be executed as maker." } },
          "OrderRejected: Due to the order could not be executed as maker. (400, code -5022)"
        ],
        [
          { status: 400, body: { code: -4061, msg: "Order's position side does not match." } },
          "PermissionDenied: Order's position side does not match. (400, code -4061)"
        ]
      ]
      for (const [answer, expected] of answers) {
        const { exchange } = exchangeWith(() => answer)
        const { account } = yield* open(exchange, "binance-usdm")
        const submitted = yield* Effect.forkChild(outcome(account.submit(order)))
        yield* TestClock.adjust("20 seconds")
        expect(yield* Fiber.join(submitted)).toBe(expected)
        expect(asked(exchange).length).toBe(1)
      }
    })
  )

  it.effect("a cancel finds the order where it is now: waiting, or triggered, or ended", () =>
    Effect.gen(function* () {
      const { exchange } = exchangeWith(({ method, path }) => {
        if (method === "POST") return { body: { algoId: 9 } }
        if (method === "DELETE") return { status: 400, body: { code: -2011, msg: "Unknown order sent." } }
        return path === "/fapi/v1/order"
          ? { body: { ...row, status: "FILLED", executedQty: "0.015", avgPrice: "61251" } }
          : gone
      })
      const { account, events } = yield* open(exchange, "binance-usdm")
      const { price: _, ...unpriced } = order
      yield* account.submit({ ...unpriced, kind: "stop", triggerPrice: "60000" })
      yield* account.cancel(reference)
      yield* account.cancel({ ...reference, clientOrderId: "of-another-life" })
      expect(asked(exchange).map(([what, values]) => [what, Object.values(values as object).at(-1)])).toEqual([
        ["POST /fapi/v1/algoOrder", "bot-2"],
        ["DELETE /fapi/v1/algoOrder", "bot-2"],
        ["DELETE /fapi/v1/order", "bot-2"],
        ["GET /fapi/v1/order", "bot-2"],
        ["DELETE /fapi/v1/order", "of-another-life"],
        ["DELETE /fapi/v1/algoOrder", "of-another-life"],
        ["GET /fapi/v1/order", "of-another-life"]
      ])
      expect(events[0]).toEqual({
        type: "order",
        venue: "here",
        exchangeTime: 2_000,
        receivedTime: expect.any(Number),
        symbol: "BTCUSDT",
        clientOrderId: "bot-2",
        venueOrderId: "50000123",
        side: "sell",
        kind: "stop",
        size: "0.015",
        price: "61250.9",
        triggerPrice: "60000",
        timeInForce: "postOnly",
        reduceOnly: true,
        status: "filled",
        filled: "0.015",
        averagePrice: "61251"
      })
    })
  )

  it.effect("an order is found waiting, triggered under another id, or not at all", () =>
    Effect.gen(function* () {
      const waiting = (status: string, more: object = {}): Answer => ({
        body: { ...algo, algoStatus: status, ...more }
      })
      const found: Array<unknown> = []
      for (const answer of [
        waiting("NEW"),
        waiting("CANCELED"),
        waiting("TRIGGERING", { actualOrderId: "" }),
        waiting("TRIGGERED", { actualOrderId: "77" }),
        waiting("FINISHED", { actualOrderId: "78" }),
        gone
      ]) {
        const { exchange } = exchangeWith(({ path, query }) => {
          if (path === "/fapi/v1/algoOrder") return answer
          return query["orderId"] === "77" ? { body: { ...row, clientOrderId: "renamed", executedQty: "0.005" } } : gone
        })
        const { account } = yield* open(exchange, "binance-usdm")
        const order = yield* account.order(reference)
        found.push(order && [order.clientOrderId, order.kind, order.triggerPrice, order.status, order.filled])
      }
      expect(found).toEqual([
        ["bot-2", "stop", "60000", "open", "0"],
        ["bot-2", "stop", "60000", "cancelled", "0"],
        ["bot-2", "stop", "60000", "open", "0"],
        ["bot-2", "stop", "60000", "open", "0.005"],
        ["bot-2", "stop", "60000", "expired", "0"],
        undefined
      ])
    })
  )

  it.effect("fills of more than the week that one read covers are read week by week, then by their ids", () =>
    Effect.gen(function* () {
      const week = 7 * 24 * 3_600_000
      const trade = (id: number) => ({
        symbol: "BTCUSDT",
        id,
        orderId: 7,
        side: "SELL",
        price: "61250.9",
        qty: "0.015",
        commission: "-0.01",
        commissionAsset: "USDT",
        time: 2.5 * week,
        maker: true
      })
      const { exchange } = exchangeWith(({ query }) => {
        if (query["startTime"] === String(2 * week)) return { body: [trade(1), trade(2)] }
        return { body: query["fromId"] === "3" ? [trade(3)] : [] }
      })
      yield* TestClock.setTime(3.5 * week)
      const { account } = yield* open(exchange, "binance-usdm")
      const fills = yield* account.fills({ symbol: "BTCUSDT", since: 0 })
      expect(fills.map(({ fee, id, liquidity, side }) => [id, side, fee, liquidity])).toEqual([
        ["1", "sell", "-0.01", "maker"],
        ["2", "sell", "-0.01", "maker"],
        ["3", "sell", "-0.01", "maker"]
      ])
      expect(asked(exchange).map(([, values]) => Object.values(values as object)[1])).toEqual([
        "0",
        String(week),
        String(2 * week),
        "3"
      ])
      expect(yield* account.fills({ symbol: "BTCUSDT", since: 3.4 * week })).toEqual([])
    })
  )

  it.effect("a change says the whole order again; no change is none", () =>
    Effect.gen(function* () {
      const { exchange } = exchangeWith(({ method, query }) => {
        if (method === "GET") return query["origClientOrderId"] === "bot-2" ? { body: row } : gone
        return query["price"] === "61250.9"
          ? { status: 400, body: { code: -5027, msg: "No need to modify." } }
          : { body: row }
      })
      const { account } = yield* open(exchange, "binance-usdm")
      const outcomes = [
        yield* outcome(account.amend({ ...reference, price: "61000" })),
        yield* outcome(account.amend({ ...reference, size: "0.02" })),
        yield* outcome(account.amend({ symbol: "BTCUSDT", clientOrderId: "waits", size: "0.02" }))
      ]
      expect(outcomes).toEqual([
        "done",
        "done",
        "Unsupported: there is no such order, or it waits for its trigger and cannot be changed"
      ])
      const common = { symbol: "BTCUSDT", origClientOrderId: "bot-2", side: "SELL" }
      expect(asked(exchange).filter(([what]) => what === "PUT /fapi/v1/order")).toEqual([
        ["PUT /fapi/v1/order", { ...common, quantity: "0.015", price: "61000" }],
        ["PUT /fapi/v1/order", { ...common, quantity: "0.02", price: "61250.9" }]
      ])
    })
  )

  it.effect("tells balances, positions and funding; fills that come twice are told once, with their fees", () =>
    Effect.gen(function* () {
      const { exchange } = exchangeWith()
      const { events } = yield* open(exchange, "binance-usdm")
      const change = (m: string, more: object) => ({ e: "ACCOUNT_UPDATE", E: 20, T: 19, a: { m, ...more } })
      const { receive } = exchange.last
      receive({
        e: "TRADE_LITE",
        E: 18,
        T: 18,
        s: "BTCUSDT",
        q: "0.015",
        p: "0",
        m: false,
        c: "bot-2",
        S: "SELL",
        L: "61250.9",
        l: "0.015",
        t: 5,
        i: 7
      })
      receive(
        change("ORDER", {
          B: [{ a: "USDT", wb: "9999.81624730", cw: "9999.8", bc: "0" }],
          P: [{ s: "BTCUSDT", pa: "-0.015", ep: "61250.9", up: "0.0015", ps: "BOTH" }]
        })
      )
      receive(change("FUNDING_FEE", { B: [{ a: "USDT", wb: "9998.5", cw: "9998.5", bc: "-1.31624730" }] }))
      receive(
        change("FUNDING_FEE", {
          B: [{ a: "USDT", wb: "9999", cw: "9999", bc: "0.5" }],
          P: [{ s: "ETHUSDT", pa: "2", ep: "3000", up: "0", ps: "LONG" }]
        })
      )
      receive({ ...change("ORDER", { B: [{ a: "USD", wb: "1", bc: "0" }] }), st: 2 })
      const stamps = { venue: "here", exchangeTime: 19, receivedTime: 1_000.5 }
      expect(events).toEqual([
        { type: "balance", ...stamps, asset: "USDT", total: "9999.8162473" },
        {
          type: "position",
          ...stamps,
          symbol: "BTCUSDT",
          leg: "net",
          size: "-0.015",
          entryPrice: "61250.9",
          unrealizedPnl: "0.0015"
        },
        { type: "balance", ...stamps, asset: "USDT", total: "9998.5" },
        { type: "funding", ...stamps, asset: "USDT", amount: "-1.3162473" },
        { type: "balance", ...stamps, asset: "USDT", total: "9999" },
        {
          type: "position",
          ...stamps,
          symbol: "ETHUSDT",
          leg: "long",
          size: "2",
          entryPrice: "3000",
          unrealizedPnl: "0"
        },
        { type: "funding", ...stamps, symbol: "ETHUSDT", asset: "USDT", amount: "0.5" }
      ])
    })
  )

  it.effect(
    "orders that nobody placed are told as they are: liquidations, with an execution that has no trade id",
    () =>
      Effect.gen(function* () {
        const { exchange } = exchangeWith()
        const { events } = yield* open(exchange, "binance-usdm")
        exchange.last.receive({
          e: "ORDER_TRADE_UPDATE",
          E: 20,
          T: 19,
          o: {
            s: "BTCUSDT",
            c: "autoclose-1790000000000000000",
            S: "SELL",
            o: "LIMIT",
            f: "IOC",
            q: "0.5",
            p: "55000",
            ap: "55001",
            sp: "0",
            x: "CALCULATED",
            X: "FILLED",
            i: 8,
            l: "0.5",
            z: "0.5",
            L: "55001",
            N: "USDT",
            n: "27.5",
            T: 19,
            t: 0,
            m: false,
            R: false,
            ot: "LIMIT",
            ps: "BOTH",
            er: "5"
          }
        })
        expect(events.map((event) => [event.type, "clientOrderId" in event && event.clientOrderId])).toEqual([
          ["order", "autoclose-1790000000000000000"],
          ["fill", "autoclose-1790000000000000000"]
        ])
        expect(events[0]).toMatchObject({ status: "filled", reason: "liquidation", filled: "0.5" })
        expect(events[1]).toMatchObject({ id: "8-0.5", price: "55001", fee: "27.5" })
      })
  )

  it.effect(
    "reads what is open of both services, positions that are not flat, the mode, and sets the dead man's switch",
    () =>
      Effect.gen(function* () {
        const position = { positionSide: "BOTH", entryPrice: "3000", unRealizedProfit: "1.50", updateTime: 5 }
        const { exchange } = exchangeWith(({ path }) => {
          if (path.endsWith("openOrders")) return { body: [row] }
          if (path.endsWith("openAlgoOrders")) return { body: [{ ...algo, clientAlgoId: "waits" }] }
          if (path.endsWith("positionRisk")) {
            return {
              body: [
                { ...position, symbol: "ETHUSDT", positionAmt: "-2.0" },
                { ...position, symbol: "BTCUSDT", positionAmt: "0.000" }
              ]
            }
          }
          if (path.endsWith("dual")) return { body: { dualSidePosition: true } }
          if (path.endsWith("balance")) return { body: [{ asset: "USDT", balance: "100.50", availableBalance: "90" }] }
          return { body: { code: 200, msg: "done" } }
        })
        const { account } = yield* open(exchange, "binance-usdm")
        const open_ = yield* account.openOrders(["BTCUSDT"])
        expect(open_.map(({ clientOrderId, kind, status }) => [clientOrderId, kind, status])).toEqual([
          ["bot-2", "limit", "open"],
          ["waits", "stop", "open"]
        ])
        expect((yield* account.positions).map(({ leg, size, symbol }) => [symbol, leg, size])).toEqual([
          ["ETHUSDT", "net", "-2"]
        ])
        expect((yield* account.balances).map(({ free, total }) => [total, free])).toEqual([["100.5", "90"]])
        expect(yield* account.positionMode).toBe("hedge")
        yield* account.cancelAll(["BTCUSDT"])
        yield* account.deadMan!(["BTCUSDT"], "30 seconds")
        yield* account.deadMan!(["BTCUSDT"], 0)
        expect(asked(exchange).slice(-4)).toEqual([
          ["DELETE /fapi/v1/allOpenOrders", { symbol: "BTCUSDT" }],
          ["DELETE /fapi/v1/algoOpenOrders", { symbol: "BTCUSDT" }],
          ["POST /fapi/v1/countdownCancelAll", { symbol: "BTCUSDT", countdownTime: "30000" }],
          ["POST /fapi/v1/countdownCancelAll", { symbol: "BTCUSDT", countdownTime: "0" }]
        ])
      })
  )
})

describe("a rehearsed order", () => {
  it.effect("is sent nowhere and used up by no count: the next order goes at once", () =>
    Effect.gen(function* () {
      const { exchange } = exchangeWith(() => ({ body: { orderId: 7 } }))
      const { account, events } = yield* open(exchange, "binance-usdm")
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
