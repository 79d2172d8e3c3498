/** CCXT's exchanges trade on the simulator, as accounts of Tidewire. */
import { describe, expect, it } from "@effect/vitest"
import { ConnectionOptions, type Order, type PrivateEvent, WsSocket } from "@tidewire/core"
import { defaultAccount, type MarketKind, Simulator } from "@tidewire/simulator"
import { Clock, Effect, Schema, SubscriptionRef } from "effect"
import { FetchHttpClient } from "effect/http"
import { adapter } from "../../src/index.ts"

const cases = [
  { id: "binance", market: "spot", symbol: "BTC/USDT", options: {}, code: -2010 },
  { id: "binanceusdm", market: "usdm", symbol: "BTC/USDT:USDT", options: {}, code: -2019 },
  {
    id: "bybit",
    market: "bybit-spot",
    symbol: "BTC/USDT",
    options: { options: { defaultType: "spot" } },
    code: 170_131
  },
  { id: "bybit", market: "bybit-linear", symbol: "BTC/USDT:USDT", options: {}, code: 110_007 }
] as const satisfies ReadonlyArray<{ readonly market: MarketKind } & Record<string, unknown>>

const quiet = { tradesPerSecond: 0, ordersPerSecond: 0, liquidationsPerSecond: 0 }

const until = (holds: () => boolean): Effect.Effect<void> =>
  Effect.promise(async () => {
    const startedMs = performance.now()
    while (!holds()) {
      if (performance.now() - startedMs > 15_000) throw new Error(`it never came to hold: ${holds.toString()}`)
      await new Promise((resolve) => setImmediate(resolve))
    }
  })

const simulate = (
  { id, market, options }: (typeof cases)[number],
  {
    secret = defaultAccount.secret,
    ...more
  }: { readonly secret?: string; readonly orderEntry?: "rest" | "socket"; readonly has?: object } = {}
) =>
  Effect.gen(function* () {
    const simulator = yield* Effect.acquireRelease(
      Effect.promise(() => Simulator.start({ symbols: { [market]: ["BTCUSDT"] }, rates: quiet })),
      (each) => Effect.promise(() => each.stop())
    )
    const made = yield* adapter
      .make({
        venue: id,
        name: "simulated",
        environment: "mainnet",
        endpoints: { rest: simulator.url, stream: simulator.wsUrl },
        options: { apiKey: defaultAccount.key, secret, ...options, ...more },
        connection: yield* Schema.decodeEffect(ConnectionOptions.ConnectionOptions)({})
      })
      .pipe(Effect.provide([WsSocket.layer, FetchHttpClient.layer]))
    const events: Array<PrivateEvent.PrivateEvent> = []
    const account = yield* made.trading!.open((event) => events.push(event))
    const session = () => {
      const state = SubscriptionRef.getUnsafe(account.stream)
      return state._tag === "Up" ? state.session : undefined
    }
    return {
      simulator,
      account,
      events,
      session,
      status: (clientOrderId: string) =>
        events.flatMap((event) =>
          event.type === "order" && event.clientOrderId === clientOrderId ? [event.status] : []
        ),
      truth: () => simulator.truth.account(defaultAccount.key),
      bid: () => Number(simulator.control.book(market, "BTCUSDT", 1).bids[0]![0])
    }
  })

describe.each(cases)("an account of CCXT's $id on $market", (of) => {
  const { code, market, symbol } = of
  const limit = (clientOrderId: string, bid: number): Order.Request => ({
    clientOrderId,
    symbol,
    side: "buy",
    kind: "limit",
    size: "0.02",
    price: String(Math.round(bid - 100))
  })

  it.live("S-D8 places and cancels an order, told and found under our id", () =>
    Effect.gen(function* () {
      const { account, bid, session, status, truth } = yield* simulate(of)
      yield* until(() => session() === 1)
      const { venueOrderId } = yield* account.submit(limit("c-1", bid()))
      yield* until(() => status("c-1").includes("open"))
      const [open] = yield* account.openOrders([symbol])
      expect([open?.clientOrderId, open?.venueOrderId, open?.size]).toEqual(["c-1", venueOrderId, "0.02"])
      expect((yield* account.order({ clientOrderId: "c-1", symbol }))?.status).toBe("open")
      yield* account.cancel({ clientOrderId: "c-1", symbol })
      yield* until(() => status("c-1").at(-1) === "cancelled")
      // too late, and told so
      yield* account.cancel({ clientOrderId: "c-1", symbol })
      expect(yield* account.openOrders([symbol])).toEqual([])
      expect(yield* account.order({ clientOrderId: "never", symbol })).toBeUndefined()
      expect(truth().orders.map(({ clientId, status }) => [clientId, status])).toEqual([["c-1", "cancelled"]])
    })
  )

  it.live("S-D8 fills are told once, and the reads agree", () =>
    Effect.gen(function* () {
      const { account, events, session, status } = yield* simulate(of)
      yield* until(() => session() === 1)
      const since = (yield* Clock.currentTimeMillis) - 10_000
      yield* account.submit({ clientOrderId: "m-1", symbol, side: "buy", kind: "market", size: "0.02" })
      yield* until(() => status("m-1").at(-1) === "filled")
      const told = () => events.flatMap((event) => (event.type === "fill" ? [event] : []))
      yield* until(() => told().length > 0)
      const read = yield* account.fills({ symbol, since })
      const terms = ({ feeAsset, id, price, side, size, venueOrderId }: PrivateEvent.Fill) => {
        return { feeAsset, id, price, side, size, venueOrderId }
      }
      const byId = (fills: ReadonlyArray<PrivateEvent.Fill>) =>
        fills.map(terms).toSorted((a, b) => (a.id < b.id ? -1 : 1))
      expect(byId(told())).toEqual(byId(read))
      const balances = yield* account.balances
      expect(balances.some(({ asset }) => asset === "USDT")).toBe(true)
      const positions = yield* account.positions
      const isSpot = market === "spot" || market === "bybit-spot"
      expect(positions.map(({ size, symbol: of }) => [of, size])).toEqual(isSpot ? [] : [[symbol, "0.02"]])
      expect(yield* account.positionMode).toBe("oneWay")
    })
  )

  it.live("S-D5 an order whose answer is lost has an unknown outcome, is found, and was sent once", () =>
    Effect.gen(function* () {
      const { account, bid, session, simulator, truth } = yield* simulate(of)
      yield* until(() => session() === 1)
      simulator.control.inject({ kind: "unknownOutcome", request: "place" })
      const { reason } = yield* Effect.flip(account.submit(limit("u-1", bid())))
      expect(reason).toMatchObject({ _tag: "OutcomeUnknown", clientOrderId: "u-1" })
      expect((yield* account.order({ clientOrderId: "u-1", symbol }))?.status).toBe("open")
      expect(truth().requests.filter(({ request }) => request === "place").length).toBe(1)
    })
  )

  it.live("a refused order is told with the exchange's number, is not there, and no error shows what signs it", () =>
    Effect.gen(function* () {
      const { account, bid, truth } = yield* simulate(of)
      const error = yield* Effect.flip(account.submit({ ...limit("r-1", bid()), size: "40" }))
      expect(error.reason).toMatchObject({ _tag: "OrderRejected", code })
      expect(yield* account.order({ clientOrderId: "r-1", symbol })).toBeUndefined()
      expect(truth().orders).toEqual([])
      const wrong = yield* simulate(of, { secret: "not-the-secret" })
      const refused = yield* Effect.flip(wrong.account.balances)
      for (const each of [error, refused]) {
        expect(JSON.stringify(each) + each.message).not.toMatch(/not-the-secret|signature=[0-9a-f]|tidewire-simulator/)
      }
    })
  )

  it.live("with orderEntry socket orders and their cancels do without REST", () =>
    Effect.gen(function* () {
      const { account, bid, session, simulator, status } = yield* simulate(of, { orderEntry: "socket" })
      yield* until(() => session() === 1)
      const price = bid()
      yield* account.submit(limit("s-1", price))
      yield* until(() => status("s-1").includes("open"))
      simulator.control.inject({ kind: "rest", status: 503, durationMs: 60_000 })
      yield* account.submit(limit("s-2", price))
      yield* until(() => status("s-2").includes("open"))
      yield* account.cancel({ clientOrderId: "s-1", symbol })
      yield* until(() => status("s-1").at(-1) === "cancelled")
    })
  )

  it.live("S-D4 a killed stream comes back as another session", () =>
    Effect.gen(function* () {
      const { session, simulator } = yield* simulate(of)
      yield* until(() => session() === 1)
      simulator.control.inject({ kind: "kill" })
      yield* until(() => session() === 2)
    })
  )

  it.live("a polled account goes on after an order of a symbol that does not exist", () =>
    Effect.gen(function* () {
      const { account, bid, session, status } = yield* simulate(of, { has: { watchOrders: false } })
      yield* until(() => session() === 1)
      const { reason } = yield* Effect.flip(account.submit({ ...limit("n-1", bid()), symbol: "NONESUCH/USDT" }))
      expect(reason._tag).toBe("OrderRejected")
      yield* account.submit(limit("p-1", bid()))
      yield* until(() => status("p-1").includes("open"))
      yield* account.cancel({ clientOrderId: "p-1", symbol })
      yield* until(() => status("p-1").at(-1) === "cancelled")
      expect(session()).toBe(1)
    })
  )
})
