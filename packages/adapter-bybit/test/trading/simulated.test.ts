import { describe, expect, it } from "@effect/vitest"
import type { Order } from "@tidewire/core"
import { defaultAccount } from "@tidewire/simulator"
import { Clock, Effect, Fiber, Redacted, SubscriptionRef } from "effect"
import { markets, type Simulated, simulate, until } from "../support/simulated.ts"

type Venue = keyof typeof markets

const reference = (venue: Venue, clientOrderId: string) => ({ symbol: markets[venue].symbol, clientOrderId })

/** A buy that rests well below the market. */
const resting = (venue: Venue, { best }: Simulated, clientOrderId: string): Order.Request => ({
  ...reference(venue, clientOrderId),
  side: "buy",
  kind: "limit",
  size: markets[venue].size,
  price: String(Math.round(best().bid - 100))
})

const market = (venue: Venue, clientOrderId: string, side: Order.Side): Order.Request => ({
  ...reference(venue, clientOrderId),
  side,
  kind: "market",
  size: markets[venue].size
})

const last = <A>(texts: ReadonlyArray<A>) => texts.at(-1)

const half = { bybit: "0.01", "bybit-linear": "0.01", "bybit-inverse": "500" } as const

for (const venue of Object.keys(markets) as ReadonlyArray<Venue>) {
  const { size, symbol } = markets[venue]
  describe(`${venue} on the simulator`, () => {
    it.live("S-D8 places, amends and cancels an order, told at each step", () =>
      Effect.gen(function* () {
        const simulated = yield* simulate(venue)
        const { account, told, truth } = simulated
        const accepted = yield* account.submit(resting(venue, simulated, "a-1"))
        yield* until(() => last(told("a-1")) === `open 0/${size}`)
        const [open] = yield* account.openOrders([symbol])
        expect([open?.clientOrderId, open?.venueOrderId, open?.status]).toEqual(["a-1", accepted.venueOrderId, "open"])
        yield* account.amend({ ...reference(venue, "a-1"), size: half[venue] })
        yield* until(() => last(told("a-1")) === `open 0/${half[venue]}`)
        yield* account.cancel(reference(venue, "a-1"))
        yield* until(() => last(told("a-1")) === `cancelled 0/${half[venue]}`)
        expect(yield* account.openOrders([symbol])).toEqual([])
        expect(truth().orders.map(({ clientId, status }) => [clientId, status])).toEqual([["a-1", "cancelled"]])
        expect(new Set(truth().requests.map(({ by }) => by))).toEqual(new Set(["socket"]))
        // once more: it has ended, and is told so
        yield* account.cancel(reference(venue, "a-1"))
        expect(yield* account.order(reference(venue, "never"))).toBeUndefined()
      })
    )

    it.live("S-D8 a fill is told once, with what was paid, and the reads agree", () =>
      Effect.gen(function* () {
        const { account, events, fills, told } = yield* simulate(venue)
        const since = yield* Clock.currentTimeMillis
        yield* account.submit(market(venue, "m-1", "buy"))
        yield* until(() => last(told("m-1")) === `filled ${size}/${size}`)
        yield* until(() => events.some(({ type }) => type === (venue === "bybit" ? "balance" : "position")))
        const streamed = fills("m-1")
        const read = yield* account.fills({ symbol, since: since - 10_000 })
        const terms = (fill: (typeof streamed)[number]) => ({ ...fill, receivedTime: 0 })
        expect(streamed.length).toBeGreaterThan(0)
        expect(read.map(terms)).toEqual(streamed.map(terms))
        expect(streamed.every(({ fee, feeAsset }) => fee !== undefined && feeAsset !== undefined)).toBe(true)
        const found = yield* account.order(reference(venue, "m-1"))
        expect([found?.status, found?.filled, found?.kind]).toEqual(["filled", size, "market"])
        const balances = yield* account.balances
        const positions = yield* account.positions
        expect(balances.length).toBeGreaterThan(0)
        expect(positions.map(({ leg, size }) => [leg, size])).toEqual(venue === "bybit" ? [] : [["net", size]])
        expect(yield* account.positionMode).toBe("oneWay")
        expect(yield* account.rights!).toMatchObject({ trade: true, withdraw: false, addresses: [] })
      })
    )

    it.live("S-D5 an order whose acknowledgement is lost has an unknown outcome, is found, and was sent once", () =>
      Effect.gen(function* () {
        const simulated = yield* simulate(venue)
        const { account, session, simulator, truth } = simulated
        // on a socket silence has a deadline; a lost socket ends it at once
        simulator.control.inject({ kind: "lostAck", request: "place" })
        const submitted = yield* Effect.forkChild(Effect.flip(account.submit(resting(venue, simulated, "l-1"))))
        yield* until(() => truth().orders.length === 1)
        simulator.control.inject({ kind: "kill" })
        const { reason } = yield* Fiber.join(submitted)
        expect(reason).toMatchObject({ _tag: "OutcomeUnknown", clientOrderId: "l-1" })
        yield* until(() => session() === 2)
        const found = yield* account.order(reference(venue, "l-1"))
        expect([found?.status, found?.clientOrderId]).toEqual(["open", "l-1"])
        expect(truth().requests.filter(({ request }) => request === "place").length).toBe(1)
      })
    )

    it.live("an order that the venue failed at, and took, has an unknown outcome and is found", () =>
      Effect.gen(function* () {
        const simulated = yield* simulate(venue)
        const { account, simulator, truth } = simulated
        simulator.control.inject({ kind: "unknownOutcome", request: "place" })
        const { reason } = yield* Effect.flip(account.submit(resting(venue, simulated, "u-1")))
        expect(reason).toMatchObject({ _tag: "OutcomeUnknown", clientOrderId: "u-1" })
        expect((yield* account.order(reference(venue, "u-1")))?.status).toBe("open")
        // the same id again is no other order
        const again = yield* Effect.flip(account.submit(resting(venue, simulated, "u-1")))
        expect(again.reason._tag).toBe("OutcomeUnknown")
        expect(truth().orders.length).toBe(1)
      })
    )

    it.live("a post-only order that would take is taken in, and then told expired with the venue's reason", () =>
      Effect.gen(function* () {
        const simulated = yield* simulate(venue)
        const { account, best, events, told, truth } = simulated
        const wouldTake = {
          ...resting(venue, simulated, "r-1"),
          price: String(Math.round(best().ask + 10)),
          timeInForce: "postOnly"
        } as const
        yield* account.submit(wouldTake)
        yield* until(() => last(told("r-1")) === `expired 0/${size}`)
        const reasons = events.flatMap((event) => (event.type === "order" ? [event.reason] : []))
        expect(last(reasons)).toBe("EC_PostOnlyWillTakeLiquidity")
        expect(truth().orders.filter(({ status }) => status === "open")).toEqual([])
      })
    )

    it.live("a refused order is a rejection with the venue's code, and nothing was placed", () =>
      Effect.gen(function* () {
        const simulated = yield* simulate(venue)
        const { account, truth } = simulated
        const tooMuch = { ...resting(venue, simulated, "r-2"), size: venue === "bybit-inverse" ? "9000000" : "90" }
        const { reason } = yield* Effect.flip(account.submit(tooMuch))
        expect([reason._tag, "code" in reason && reason.code]).toEqual([
          "OrderRejected",
          venue === "bybit" ? 170_131 : 110_007
        ])
        expect(truth().orders.filter(({ status }) => status === "open")).toEqual([])
      })
    )

    it.live("S-D4 a killed stream comes back as another session, and orders go on", () =>
      Effect.gen(function* () {
        const simulated = yield* simulate(venue)
        const { account, session, simulator, told } = simulated
        yield* account.submit(resting(venue, simulated, "k-1"))
        simulator.control.inject({ kind: "kill" })
        yield* until(() => session() === 2)
        yield* account.submit(resting(venue, simulated, "k-2"))
        yield* until(() => last(told("k-2")) === `open 0/${size}`)
        yield* account.cancelAll([symbol])
        yield* until(() => last(told("k-1")) === `cancelled 0/${size}` && last(told("k-2")) === `cancelled 0/${size}`)
      })
    )

    it.live("a venue whose clock is off takes orders all the same", () =>
      Effect.gen(function* () {
        const simulated = yield* simulate(venue)
        const { account, simulator, told } = simulated
        simulator.control.inject({ kind: "skewedClock", offsetMs: 60_000 })
        yield* account.submit(resting(venue, simulated, "s-1"))
        yield* until(() => last(told("s-1")) === `open 0/${size}`)
        // a session that begins then is stamped right as well
        simulator.control.inject({ kind: "kill" })
        yield* until(() => simulated.session() === 2)
      })
    )

    it.live("an order that is filled by a fill told twice is filled once", () =>
      Effect.gen(function* () {
        const { account, fills, simulator, told } = yield* simulate(venue)
        simulator.control.inject({ kind: "doubleFill" })
        yield* account.submit(market(venue, "d-1", "buy"))
        yield* until(() => last(told("d-1")) === `filled ${size}/${size}`)
        expect(told("d-1").filter((text) => text.startsWith("filled"))).toEqual([`filled ${size}/${size}`])
        expect(new Set(fills("d-1").map(({ id }) => id)).size).toBe(fills("d-1").length)
      })
    )
  })
}

describe("what only some markets have", () => {
  it.live("a wrong secret opens the circuit, and says so without saying it", () =>
    Effect.gen(function* () {
      const options = { apiKey: Redacted.make(defaultAccount.key), apiSecret: Redacted.make("not-the-secret") }
      const { account } = yield* simulate("bybit", { options, isUp: false })
      const connection = (name: string) => SubscriptionRef.getUnsafe(account.connections).get(name)
      yield* until(() => connection("account")?.state === "Failed" && connection("orders")?.state === "Failed")
      expect(connection("account")?.reason).toMatch(/^AuthenticationFailed: /)
      expect(JSON.stringify([connection("account"), connection("orders")])).not.toContain("not-the-secret")
      const error = yield* Effect.flip(account.balances)
      expect(error.reason._tag).toBe("AuthenticationFailed")
      // the venue repeats what was signed, the key among it
      expect(JSON.stringify(error) + error.message).not.toContain(defaultAccount.key)
    })
  )

  it.live.each(["bybit-linear", "bybit-inverse"] as const)(
    "%s: a position is closed by what may only make it smaller, and told flat",
    (venue) =>
      Effect.gen(function* () {
        const { size } = markets[venue]
        const { account, events, told } = yield* simulate(venue)
        yield* account.submit(market(venue, "p-1", "sell"))
        yield* until(() => last(told("p-1")) === `filled ${size}/${size}`)
        yield* account.submit({ ...market(venue, "p-2", "buy"), reduceOnly: true })
        yield* until(() => last(told("p-2")) === `filled ${size}/${size}`)
        const sizes = () => events.flatMap((event) => (event.type === "position" ? [event.size] : []))
        yield* until(() => last(sizes()) === "0")
        expect(sizes().includes(`-${size}`)).toBe(true)
        expect(yield* account.positions).toEqual([])
      })
  )

  it.live("a stop waits, is told as what it is, and is cancelled under our id", () =>
    Effect.gen(function* () {
      for (const venue of ["bybit", "bybit-linear"] as const) {
        const { size, symbol } = markets[venue]
        const simulated = yield* simulate(venue)
        const { account, best, told } = simulated
        const stop: Order.Request = {
          ...reference(venue, "t-1"),
          side: "sell",
          kind: "stop",
          size,
          triggerPrice: String(Math.round(best().bid - 500))
        }
        yield* account.submit(stop)
        yield* until(() => last(told("t-1")) === `open 0/${size}`)
        const [waiting] = yield* account.openOrders([symbol])
        expect([waiting?.clientOrderId, waiting?.kind, waiting?.triggerPrice]).toEqual([
          "t-1",
          "stop",
          stop.triggerPrice
        ])
        yield* account.cancel(reference(venue, "t-1"))
        yield* until(() => last(told("t-1")) === `cancelled 0/${size}`)
      }
    })
  )

  it.live("a hedged account is seen, flat or not", () =>
    Effect.gen(function* () {
      const hedged = { key: defaultAccount.key, secret: defaultAccount.secret!, positionMode: "hedge" } as const
      const { account } = yield* simulate("bybit-linear", { simulator: { accounts: [hedged] } })
      expect(yield* account.positionMode).toBe("hedge")
    })
  )
})
