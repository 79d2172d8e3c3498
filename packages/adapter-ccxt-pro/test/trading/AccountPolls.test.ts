/** What CCXT does not watch is asked for, only as long as there is something to ask for, and told once. */
import { describe, expect, it } from "@effect/vitest"
import { type PrivateEvent, VenueError } from "@tidewire/core"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import * as AccountPolls from "../../src/trading/AccountPolls.ts"
import { ToPoll } from "../../src/trading/ToPoll.ts"

const symbol = "BTC/USDT"
const stamp = { venue: "mine", receivedTime: 1 }

const order = (clientOrderId: string, status: PrivateEvent.Order["status"], filled = "0"): PrivateEvent.Order => ({
  type: "order",
  ...stamp,
  symbol,
  clientOrderId,
  side: "buy",
  kind: "limit",
  size: "2",
  price: "100",
  status,
  filled
})

const fill = (id: string): PrivateEvent.Fill => ({
  type: "fill",
  ...stamp,
  symbol,
  id,
  side: "buy",
  price: "100",
  size: "1"
})
const balance = (total: string): PrivateEvent.Balance => ({ type: "balance", ...stamp, asset: "USDT", total })
const position = (size: string): PrivateEvent.Position => ({ type: "position", ...stamp, symbol, leg: "net", size })

const brief = (event: PrivateEvent.PrivateEvent): string => {
  switch (event.type) {
    case "order":
      return `${event.clientOrderId} ${event.status} ${event.filled}`
    case "fill":
      return `fill ${event.id}`
    case "balance":
      return `${event.asset} ${event.total}`
    case "position":
      return `position ${event.size}`
    case "funding":
      return "funding"
  }
}

const everything = { orders: true, fills: true, balances: true, positions: true }

/** An exchange that is read, and what was told of it. */
const polled = (over: Partial<AccountPolls.Unwatched> = {}) =>
  Effect.gen(function* () {
    const truth = {
      open: [] as Array<PrivateEvent.Order>,
      ended: [] as Array<PrivateEvent.Order>,
      fills: [] as Array<PrivateEvent.Fill>,
      balances: [balance("10")],
      positions: [] as Array<PrivateEvent.Position>,
      isDown: false
    }
    const asked: Array<string> = []
    const told: Array<string> = []
    const toPoll = new ToPoll()
    const read = <A>(what: string, answer: () => A) =>
      Effect.suspend(() => {
        asked.push(what)
        const reason = new VenueError.VenueUnavailable({ message: "down" })
        return truth.isDown
          ? Effect.fail(new VenueError.VenueError({ venue: "mine", operation: what, reason }))
          : Effect.succeed(answer())
      })
    const poll = AccountPolls.make({
      polled: { ...everything, ...over },
      toPoll,
      reads: {
        order: ({ clientOrderId }) =>
          read(`order ${clientOrderId}`, () => truth.ended.find((each) => each.clientOrderId === clientOrderId)),
        openOrders: (symbols) => read(`open ${symbols.join()}`, () => truth.open),
        fills: () => read("fills", () => truth.fills),
        balances: read("balances", () => truth.balances),
        positions: read("positions", () => truth.positions)
      },
      emit: (event) => told.push(brief(event))
    })!
    let rounds = 0
    const fiber = yield* Effect.forkChild(
      poll(() => rounds++),
      { startImmediately: true }
    )
    return { truth, asked, told, toPoll, fiber, rounds: () => rounds }
  })

describe("an account that is not watched", () => {
  it.effect("is asked for what it has, and then for nothing but that as long as nothing is open", () =>
    Effect.gen(function* () {
      const { asked, rounds, told } = yield* polled()
      yield* TestClock.adjust("14 seconds")
      expect([rounds(), told, asked]).toEqual([8, ["USDT 10"], ["balances", "positions"]])
      yield* TestClock.adjust("2 seconds")
      expect([told.length, asked.length]).toEqual([1, 4])
    })
  )

  it.effect("tells an order, its fills, and what it has from them, each once, until all has ended", () =>
    Effect.gen(function* () {
      const { asked, told, toPoll, truth } = yield* polled()
      toPoll.ask({ clientOrderId: "a", symbol })
      truth.open = [order("a", "open")]
      yield* TestClock.adjust("4 seconds")
      truth.open = []
      truth.ended = [order("a", "filled", "2")]
      truth.fills = [fill("1")]
      truth.balances = [balance("8")]
      truth.positions = [position("2")]
      yield* TestClock.adjust("2 seconds")
      // the other is listed late
      truth.fills = [fill("1"), fill("2")]
      truth.positions = []
      yield* TestClock.adjust("2 seconds")
      expect(told).toEqual([
        "USDT 10",
        "a open 0",
        "a filled 2",
        "fill 1",
        "USDT 8",
        "position 2",
        "fill 2",
        "position 0"
      ])
      yield* TestClock.adjust("1 minute")
      asked.length = 0
      yield* TestClock.adjust("14 seconds")
      expect([told.length, asked.filter((what) => what !== "balances" && what !== "positions")]).toEqual([8, []])
    })
  )

  it.effect("has an order that is nowhere looked for five times, and one that never arrived not at all", () =>
    Effect.gen(function* () {
      const { asked, toPoll } = yield* polled()
      toPoll.ask({ clientOrderId: "refused", symbol: "NONESUCH/USDT" })
      toPoll.forget({ clientOrderId: "refused", symbol: "NONESUCH/USDT" })
      toPoll.ask({ clientOrderId: "gone", symbol })
      yield* TestClock.adjust("1 minute")
      expect(asked.filter((what) => what === "order gone").length).toBe(5)
      expect(asked.filter((what) => what.includes("refused") || what.includes("NONESUCH"))).toEqual([])
    })
  )

  it.effect(
    "is asked for fills alone where only they are not watched, and an order that others read is asked for",
    () =>
      Effect.gen(function* () {
        const watched = yield* polled({ orders: false, balances: false, positions: false })
        watched.toPoll.order(order("a", "open"))
        yield* TestClock.adjust("4 seconds")
        expect(watched.asked).toEqual([])
        watched.truth.fills = [fill("1")]
        watched.toPoll.order(order("a", "open", "1"))
        yield* TestClock.adjust("1 minute")
        expect([watched.asked, watched.told]).toEqual([Array.from({ length: 5 }, () => "fills"), ["fill 1"]])
        const adopted = yield* polled()
        adopted.toPoll.seen(order("b", "open"))
        adopted.truth.ended = [order("b", "cancelled")]
        yield* TestClock.adjust("2 seconds")
        expect(adopted.told).toEqual(["USDT 10", "b cancelled 0"])
      })
  )

  it.effect("ends with a read that fails", () =>
    Effect.gen(function* () {
      const { fiber, truth } = yield* polled()
      truth.isDown = true
      yield* TestClock.adjust("16 seconds")
      const error = yield* Effect.flip(Fiber.join(fiber))
      expect(error.reason._tag).toBe("VenueUnavailable")
    })
  )

  it("is not polled at all where everything is watched", () => {
    const none = { orders: false, fills: false, balances: false, positions: false }
    expect(
      AccountPolls.make({ polled: none, toPoll: new ToPoll(), reads: {} as never, emit: () => {} })
    ).toBeUndefined()
  })
})
