/** Cards of executions: each is told once and as it was, and what an order may and may not take. */
import type { Order } from "@tidewire/core"
import * as Effect from "effect/Effect"
import { fillsDiffer } from "../agreement.ts"
import type { Card } from "../Card.ts"
import { unlessTrading, withoutKind, withoutTime } from "../claims.ts"
import { equal, type Failed, hold, settled } from "../Failed.ts"
import { done, type OpenAccount, openUp } from "../OpenAccount.ts"
import { atMarket, atTheBid, half, reference, resting, sum } from "../requests.ts"
import type { Stage } from "../Stage.ts"
import { agreed } from "./orders.ts"

/** Every fill that the exchange made of an order was told once and as it was; they add up to what is filled. */
const filledAsTold = (watched: OpenAccount, clientOrderId: string): Effect.Effect<void, Failed> =>
  Effect.gen(function* () {
    const truth = yield* watched.true(clientOrderId)
    yield* settled(() => fillsDiffer(watched.fills(truth), truth))
    yield* equal("the sum of its fills", sum("0", ...watched.fills(truth).map(({ size }) => size)), truth.filled)
  })

export const made: Card = {
  id: "EX-11",
  title: "a fill is told once, with its fee and its liquidity, and fills add up to the order",
  prerequisite: "trading",
  action: "place an order at the best bid, let others trade against a half of it, then against the rest",
  pass: "told open with a half filled, then filled; each fill of the exchange once, as a maker's; event, read and exchange agree at each step",
  unless: unlessTrading(),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol } = stage
      const watched = yield* openUp(stage)
      const terms = yield* watched.exchange.terms(symbol)
      yield* watched.open(atTheBid(symbol, "made-1", terms))
      const part = half(terms.size)
      yield* watched.exchange.meet("made-1", part)
      yield* settled(() => {
        const { filled, status } = watched.order("made-1") ?? {}
        return filled === part && status === "open" ? undefined : `a half is filled: told ${filled}, ${status}`
      })
      yield* agreed(watched, symbol, "made-1")
      yield* watched.exchange.meet("made-1", part)
      yield* watched.untilTold("made-1", "filled")
      yield* agreed(watched, symbol, "made-1")
      yield* filledAsTold(watched, "made-1")
      const makers = watched.of("fill").map(({ liquidity }) => liquidity)
      yield* hold(`liquidity ${makers.join(", ")}`, makers.length >= 2 && makers.every((each) => each === "maker"))
    })
}

export const taken: Card = {
  id: "EX-12",
  title: "a market order is filled at once, and every fill of it is told",
  prerequisite: "market orders",
  action: "buy at the market, then sell as much",
  pass: "both told filled; each fill of the exchange once, as a taker's; event, read and exchange agree",
  unless: withoutKind("market"),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol } = stage
      const watched = yield* openUp(stage)
      const terms = yield* watched.exchange.terms(symbol)
      for (const side of ["buy", "sell"] as const) {
        yield* done("submit", watched.account.submit(atMarket(symbol, `take-${side}`, terms, side)))
        yield* watched.untilTold(`take-${side}`, "filled")
        yield* agreed(watched, symbol, `take-${side}`)
        yield* filledAsTold(watched, `take-${side}`)
      }
      const takers = watched.of("fill").map(({ liquidity }) => liquidity)
      yield* hold(
        `liquidity ${takers.join(", ")}`,
        takers.every((each) => each === "taker")
      )
    })
}

/** Submits what the venue may refuse, or take in and end: whichever it does, the order is over and nothing rests. */
const over = (watched: OpenAccount, order: Order.Request): Effect.Effect<void, Failed> =>
  Effect.gen(function* () {
    const isRejected = yield* Effect.matchEffect(watched.account.submit(order), {
      onSuccess: () => Effect.succeed(false),
      onFailure: ({ reason }) => Effect.as(equal("the reason", reason._tag, "OrderRejected"), true)
    })
    if (!isRejected) yield* watched.untilEnded(order.clientOrderId)
    const open = (yield* watched.exchange.account).orders.filter(({ status }) => status === "open")
    yield* equal("what rests", open, [])
    const told = watched.order(order.clientOrderId)
    yield* hold(`refused, and told ${told?.status}`, !isRejected || told?.status !== "open")
  })

/** How much of an order was filled, by the exchange; nothing of one that it never took in. */
const filledOf = (watched: OpenAccount, clientOrderId: string): Effect.Effect<string> =>
  Effect.map(
    watched.exchange.account,
    ({ orders }) => orders.find((each) => each.clientOrderId === clientOrderId)?.filled ?? "0"
  )

const started = (stage: Stage) =>
  Effect.gen(function* () {
    const watched = yield* openUp(stage)
    return { watched, terms: yield* watched.exchange.terms(stage.symbol), symbol: stage.symbol }
  })

export const postOnly: Card = {
  id: "EX-13",
  title: "a post-only order never takes",
  prerequisite: "orders with postOnly",
  action: "place one at the best ask, and one far below",
  pass: "the first is refused or ended, nothing of it filled; the other rests",
  unless: withoutTime("postOnly"),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol, terms, watched } = yield* started(stage)
      const request = { ...resting(symbol, "post-1", terms), timeInForce: "postOnly" } as const
      yield* over(watched, { ...request, price: terms.ask })
      yield* equal("filled", yield* filledOf(watched, "post-1"), "0")
      yield* equal("fills", watched.of("fill"), [])
      yield* watched.open({ ...request, clientOrderId: "post-2" })
      yield* agreed(watched, symbol, "post-2")
    })
}

export const immediate: Card = {
  id: "EX-14",
  title: "an ioc order takes what is there, and its rest ends",
  prerequisite: "orders with ioc",
  action: "place one at the best ask, larger than what is there",
  pass: "what was at the ask is filled, the rest is told ended; event, read and exchange agree",
  unless: withoutTime("ioc"),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol, terms, watched } = yield* started(stage)
      const size = sum(terms.askSize, terms.size)
      const request = { ...resting(symbol, "ioc-1", terms), price: terms.ask, size, timeInForce: "ioc" } as const
      yield* over(watched, request)
      yield* equal("filled", yield* filledOf(watched, "ioc-1"), terms.askSize)
      yield* agreed(watched, symbol, "ioc-1")
      yield* filledAsTold(watched, "ioc-1")
    })
}

export const whole: Card = {
  id: "EX-15",
  title: "a fok order is filled as a whole or not at all",
  prerequisite: "orders with fok",
  action: "place one at the best ask that is larger than what is there, and one that is not",
  pass: "nothing of the first is filled, nothing rests; the other is told filled",
  unless: withoutTime("fok"),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol, terms, watched } = yield* started(stage)
      const request = { ...resting(symbol, "fok-1", terms), price: terms.ask, timeInForce: "fok" } as const
      yield* over(watched, { ...request, size: sum(terms.askSize, terms.size) })
      yield* equal("filled", yield* filledOf(watched, "fok-1"), "0")
      yield* equal("fills", watched.of("fill"), [])
      yield* done("submit", watched.account.submit({ ...request, clientOrderId: "fok-2", price: terms.rise }))
      yield* watched.untilTold("fok-2", "filled")
      yield* filledAsTold(watched, "fok-2")
    })
}

export const reduceOnly: Card = {
  id: "EX-16",
  title: "an order that may only reduce opens nothing",
  prerequisite: "orders that may only reduce; market orders",
  action: "sell with reduceOnly without a position; buy, then sell twice as much with reduceOnly",
  pass: "the first is refused or ended without a fill; after the other the position is flat, told so and true",
  unless: unlessTrading(({ kinds, reduceOnly: isClaimed }) =>
    isClaimed && kinds.includes("market") ? undefined : "reduceOnly is not claimed"
  ),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol, terms, watched } = yield* started(stage)
      const sell = { ...atMarket(symbol, "reduce-1", terms, "sell"), reduceOnly: true }
      yield* over(watched, sell)
      yield* equal("filled", yield* filledOf(watched, "reduce-1"), "0")
      yield* done("submit", watched.account.submit(atMarket(symbol, "reduce-2", terms)))
      yield* watched.untilTold("reduce-2", "filled")
      yield* over(watched, { ...sell, clientOrderId: "reduce-3", size: sum(terms.size, terms.size) })
      yield* equal("filled", yield* filledOf(watched, "reduce-3"), terms.size)
      yield* equal("positions", (yield* watched.exchange.account).positions, [])
      yield* settled(() => {
        const size = watched.of("position").findLast((each) => each.symbol === symbol)?.size
        return size === "0" ? undefined : `the position is flat: told ${size}`
      })
      yield* equal("the orders of it", yield* done("openOrders", watched.account.openOrders([symbol])), [])
    })
}

/** Buys when the price has risen, or sells when it has: `stop` follows it, `takeProfit` goes against it. */
const triggered = (kind: "stop" | "takeProfit", id: string, side: Order.Side): Card => ({
  id,
  title: `a ${kind} order waits for its price, and is then filled under its id as what it was asked for`,
  prerequisite: `orders of kind ${kind}`,
  action: `place one to ${side} when the price rises; wait; let the price rise there; and another that is cancelled before`,
  pass: "told open and found while it waits; then filled, its fills as they were; every event of it has its id, kind and trigger; the other is cancelled",
  unless: withoutKind(kind),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol, terms, watched } = yield* started(stage)
      const { account } = watched
      if (stage.adapter.trading?.capabilities.positions !== true && side === "sell") {
        yield* done("a purchase", account.submit(atMarket(symbol, "wait-0", { size: sum(terms.size, terms.size) })))
        yield* watched.untilTold("wait-0", "filled")
      }
      const { rise: triggerPrice, size } = yield* watched.exchange.terms(symbol)
      const request: Order.Request = { ...reference(symbol, "wait-1"), side, kind, size, triggerPrice }
      yield* watched.open(request)
      yield* watched.open({ ...request, clientOrderId: "wait-2" })
      const waiting = yield* done("openOrders", account.openOrders([symbol]))
      const words = waiting.map((each) => `${each.clientOrderId} ${each.kind} ${each.triggerPrice}`).toSorted()
      const right = ["wait-1", "wait-2"].map((each) => `${each} ${kind} ${triggerPrice}`)
      yield* equal("what waits", words, right)
      yield* done("cancel", account.cancel(reference(symbol, "wait-2")))
      yield* watched.untilTold("wait-2", "cancelled")
      yield* watched.exchange.moveTo(symbol, triggerPrice)
      yield* watched.untilTold("wait-1", "filled")
      yield* filledAsTold(watched, "wait-1")
      const found = yield* done("order", account.order(reference(symbol, "wait-1")))
      yield* equal("what it is known as", [found?.status, found?.kind], ["filled", kind])
      const others = watched.orders("wait-1").filter((told) => told.kind !== kind || told.triggerPrice !== triggerPrice)
      yield* equal("events with another kind or trigger", others, [])
    })
})

export const stop: Card = triggered("stop", "EX-17", "buy")
export const takeProfit: Card = triggered("takeProfit", "EX-18", "sell")
