import { generateKeyPairSync } from "node:crypto"
import { describe, expect, it } from "@effect/vitest"
import type { Order } from "@tidewire/core"
import { defaultAccount } from "@tidewire/simulator"
import { Effect, Fiber, Redacted, SubscriptionRef } from "effect"
import { type Simulated, simulate, until } from "../support/simulated.ts"

const reference = (clientOrderId: string) => ({ symbol: "BTCUSDT", clientOrderId })

/** A buy that rests well below the market. */
const resting = ({ best }: Simulated, clientOrderId: string): Order.Request => ({
  ...reference(clientOrderId),
  side: "buy",
  kind: "limit",
  size: "0.02",
  price: String(Math.round(best().bid - 100))
})

const market = (clientOrderId: string, side: Order.Side, size = "0.02"): Order.Request => ({
  ...reference(clientOrderId),
  side,
  kind: "market",
  size
})

const last = (texts: ReadonlyArray<string>) => texts.at(-1)

for (const venue of ["binance", "binance-usdm"] as const) {
  describe(`${venue} on the simulator`, () => {
    it.live("S-D8 places, amends and cancels an order, told at each step", () =>
      Effect.gen(function* () {
        const simulated = yield* simulate(venue)
        const { account, told, truth } = simulated
        const accepted = yield* account.submit(resting(simulated, "a-1"))
        yield* until(() => last(told("a-1")) === "open 0/0.02")
        const [open] = yield* account.openOrders(["BTCUSDT"])
        expect([open?.clientOrderId, open?.venueOrderId, open?.status]).toEqual(["a-1", accepted.venueOrderId, "open"])
        yield* account.amend({ ...reference("a-1"), size: "0.01" })
        yield* until(() => last(told("a-1")) === "open 0/0.01")
        yield* account.cancel(reference("a-1"))
        yield* until(() => last(told("a-1")) === "cancelled 0/0.01")
        expect(yield* account.openOrders(["BTCUSDT"])).toEqual([])
        expect(truth().orders.map(({ clientId, status }) => [clientId, status])).toEqual([["a-1", "cancelled"]])
        // once more: it has ended, and is told so
        yield* account.cancel(reference("a-1"))
        expect(yield* account.order(reference("never"))).toBeUndefined()
      })
    )

    it.live("S-D8 a fill is told once, with what was paid, and the reads agree", () =>
      Effect.gen(function* () {
        const { account, events, fills, told } = yield* simulate(venue)
        yield* account.submit(market("m-1", "buy"))
        yield* until(() => last(told("m-1")) === "filled 0.02/0.02")
        yield* until(() => events.some(({ type }) => type === (venue === "binance" ? "balance" : "position")))
        const streamed = fills("m-1")
        const read = yield* account.fills({ symbol: "BTCUSDT", since: 0 })
        const terms = ({ fee, feeAsset, id, price, side, size, venueOrderId }: (typeof streamed)[number]) => {
          return { fee, feeAsset, id, price, side, size, venueOrderId }
        }
        expect(streamed.length).toBeGreaterThan(0)
        expect(read.map(terms)).toEqual(streamed.map(terms))
        const found = yield* account.order(reference("m-1"))
        expect([found?.status, found?.filled, found?.kind]).toEqual(["filled", "0.02", "market"])
        const balances = yield* account.balances
        const positions = yield* account.positions
        expect(balances.length).toBeGreaterThan(0)
        expect(positions.map(({ leg, size }) => [leg, size])).toEqual(venue === "binance" ? [] : [["net", "0.02"]])
        expect(yield* account.positionMode).toBe("oneWay")
        expect(yield* account.rights ?? Effect.void).toEqual(venue === "binance" ? { trade: true } : undefined)
      })
    )

    it.live("an order whose acknowledgement is lost has an unknown outcome, is found, and was sent once", () =>
      Effect.gen(function* () {
        const simulated = yield* simulate(venue)
        const { account, session, simulator, truth } = simulated
        if (venue === "binance") {
          // on a socket silence has a deadline; a lost socket ends it at once
          simulator.control.inject({ kind: "lostAck", request: "place" })
          const submitted = yield* Effect.forkChild(Effect.flip(account.submit(resting(simulated, "l-1"))))
          yield* until(() => truth().orders.length === 1)
          simulator.control.inject({ kind: "kill" })
          const { reason } = yield* Fiber.join(submitted)
          expect(reason).toMatchObject({ _tag: "OutcomeUnknown", clientOrderId: "l-1" })
          yield* until(() => session() === 2)
        } else {
          simulator.control.inject({ kind: "unknownOutcome", request: "place" })
          const { reason } = yield* Effect.flip(account.submit(resting(simulated, "l-1")))
          expect(reason).toMatchObject({ _tag: "OutcomeUnknown", clientOrderId: "l-1" })
        }
        const found = yield* account.order(reference("l-1"))
        expect([found?.status, found?.clientOrderId]).toEqual(["open", "l-1"])
        expect(truth().requests.filter(({ request }) => request === "place").length).toBe(1)
      })
    )

    it.live("a refused order is a rejection with the venue's code, and nothing was placed", () =>
      Effect.gen(function* () {
        const simulated = yield* simulate(venue)
        const { account, best, truth } = simulated
        const wouldTake = {
          ...resting(simulated, "r-1"),
          price: String(Math.round(best().ask + 100)),
          timeInForce: "postOnly"
        } as const
        const { reason } = yield* Effect.flip(account.submit(wouldTake))
        expect([reason._tag, "code" in reason && reason.code]).toEqual([
          "OrderRejected",
          venue === "binance" ? -2010 : -5022
        ])
        expect(truth().orders.filter(({ status }) => status === "open")).toEqual([])
      })
    )

    it.live("S-D4 a killed stream comes back as another session, and orders go on", () =>
      Effect.gen(function* () {
        const simulated = yield* simulate(venue)
        const { account, session, simulator, told } = simulated
        yield* account.submit(resting(simulated, "k-1"))
        simulator.control.inject({ kind: "kill" })
        yield* until(() => session() === 2)
        yield* account.submit(resting(simulated, "k-2"))
        yield* until(() => last(told("k-2")) === "open 0/0.02")
        yield* account.cancelAll(["BTCUSDT"])
        yield* until(() => last(told("k-1")) === "cancelled 0/0.02" && last(told("k-2")) === "cancelled 0/0.02")
      })
    )

    it.live("a venue whose clock is off takes orders all the same", () =>
      Effect.gen(function* () {
        const simulated = yield* simulate(venue)
        const { account, simulator, told } = simulated
        simulator.control.inject({ kind: "skewedClock", offsetMs: 60_000 })
        yield* account.submit(resting(simulated, "s-1"))
        yield* until(() => last(told("s-1")) === "open 0/0.02")
      })
    )
  })
}

describe("what only one market has", () => {
  it.live("spot: a wrong secret opens the circuit, and says so without saying it", () =>
    Effect.gen(function* () {
      const options = { apiKey: Redacted.make(defaultAccount.key), apiSecret: Redacted.make("not-the-secret") }
      const { account } = yield* simulate("binance", { options, isUp: false })
      const connection = () => SubscriptionRef.getUnsafe(account.connections).get("account")
      yield* until(() => connection()?.state === "Failed")
      expect(connection()?.reason).toMatch(/^AuthenticationFailed: /)
      expect(connection()?.reason).not.toContain("not-the-secret")
      const { reason } = yield* Effect.flip(account.balances)
      expect(reason._tag).toBe("AuthenticationFailed")
    })
  )

  it.live("spot: a key with Ed25519 logs on and trades", () =>
    Effect.gen(function* () {
      const { privateKey, publicKey } = generateKeyPairSync("ed25519")
      const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString()
      const ed25519PublicKey = publicKey.export({ type: "spki", format: "pem" }).toString()
      const simulated = yield* simulate("binance", {
        options: { apiKey: Redacted.make(defaultAccount.key), privateKey: Redacted.make(pem) },
        simulator: { accounts: [{ key: defaultAccount.key, ed25519PublicKey }] }
      })
      yield* simulated.account.submit(resting(simulated, "e-1"))
      yield* until(() => last(simulated.told("e-1")) === "open 0/0.02")
      expect((yield* simulated.account.order(reference("e-1")))?.status).toBe("open")
    })
  )

  it.live("futures: an expired listen key begins a session with another", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate("binance-usdm")
      const { account, session, simulator, told } = simulated
      simulator.control.inject({ kind: "listenKeyExpired" })
      yield* until(() => session() === 2)
      yield* account.submit(resting(simulated, "x-1"))
      yield* until(() => last(told("x-1")) === "open 0/0.02")
    })
  )

  it.live("futures: an order that waits for its trigger is told, found and cancelled under our id", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate("binance-usdm")
      const { account, best, told } = simulated
      const stop: Order.Request = {
        ...reference("t-1"),
        side: "sell",
        kind: "stop",
        size: "0.02",
        triggerPrice: String(Math.round(best().bid - 500))
      }
      yield* account.submit(stop)
      yield* until(() => last(told("t-1")) === "open 0/0.02")
      const [waiting] = yield* account.openOrders(["BTCUSDT"])
      expect([waiting?.clientOrderId, waiting?.kind, waiting?.triggerPrice]).toEqual(["t-1", "stop", stop.triggerPrice])
      expect((yield* account.order(reference("t-1")))?.status).toBe("open")
      yield* account.cancel(reference("t-1"))
      yield* until(() => last(told("t-1")) === "cancelled 0/0.02")
      expect((yield* account.order(reference("t-1")))?.status).toBe("cancelled")
    })
  )

  it.live("futures: an order that was triggered is filled under our id, as what it was asked for", () =>
    Effect.gen(function* () {
      const { account, best, events, fills, told } = yield* simulate("binance-usdm")
      const stop: Order.Request = {
        ...reference("g-1"),
        side: "buy",
        kind: "stop",
        size: "0.02",
        triggerPrice: String(best().ask)
      }
      yield* account.submit(stop)
      yield* until(() => last(told("g-1")) === "open 0/0.02")
      // the first trade at that price
      yield* account.submit(market("g-2", "buy", "0.001"))
      yield* until(() => last(told("g-1")) === "filled 0.02/0.02")
      const kinds = events.flatMap((event) =>
        event.type === "order" && event.clientOrderId === "g-1" ? [[event.kind, event.triggerPrice]] : []
      )
      expect(kinds.filter(([kind, trigger]) => kind !== "stop" || trigger !== stop.triggerPrice)).toEqual([])
      expect(fills("g-1").length).toBeGreaterThan(0)
      const found = yield* account.order(reference("g-1"))
      expect([found?.status, found?.kind]).toEqual(["filled", "stop"])
    })
  )

  it.live("futures: a position is closed by what may only make it smaller, and told flat", () =>
    Effect.gen(function* () {
      const { account, events, told } = yield* simulate("binance-usdm")
      yield* account.submit(market("p-1", "sell", "0.05"))
      yield* until(() => last(told("p-1")) === "filled 0.05/0.05")
      yield* account.submit({ ...market("p-2", "buy", "0.05"), reduceOnly: true })
      yield* until(() => last(told("p-2")) === "filled 0.05/0.05")
      const sizes = () => events.flatMap((event) => (event.type === "position" ? [event.size] : []))
      yield* until(() => last(sizes()) === "0")
      expect(yield* account.positions).toEqual([])
    })
  )

  it.live("futures: the venue cancels by itself what the dead man's switch was set for", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate("binance-usdm")
      const { account, told } = simulated
      yield* account.submit(resting(simulated, "d-1"))
      yield* until(() => last(told("d-1")) === "open 0/0.02")
      yield* account.deadMan!(["BTCUSDT"], "100 millis")
      yield* until(() => last(told("d-1")) === "cancelled 0/0.02")
    })
  )
})
