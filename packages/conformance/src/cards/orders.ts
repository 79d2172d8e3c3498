/** Cards of an order's life: taken in, told, changed, cancelled; its id, and what is refused before it is sent. */
import { Order, type Trading } from "@tidewire/core"
import * as Effect from "effect/Effect"
import { orderDiffers } from "../agreement.ts"
import type { Card } from "../Card.ts"
import { unlessTrading } from "../claims.ts"
import { equal, fail, type Failed, hold, settled } from "../Failed.ts"
import { done, type OpenAccount, openUp, refused } from "../OpenAccount.ts"
import { atMarket, half, reference, resting } from "../requests.ts"

/** What was told last, the read of it and the exchange's own agree. */
export const agreed = (watched: OpenAccount, symbol: string, clientOrderId: string): Effect.Effect<void, Failed> =>
  Effect.gen(function* () {
    const truth = yield* watched.true(clientOrderId)
    yield* settled(() => orderDiffers(watched.order(clientOrderId), truth))
    const found = yield* done("order", watched.account.order(reference(symbol, clientOrderId)))
    const wrong = orderDiffers(found, truth)
    yield* hold(`read: ${wrong}`, wrong === undefined)
  })

export const cancelled: Card = {
  id: "EX-5",
  title: "an order rests, is told open, and is cancelled",
  prerequisite: "trading",
  action: "place a limit order far from the market, then cancel it",
  pass: "told open, then cancelled, nothing of it filled; event, read and exchange agree at each step; open orders have it only in between",
  unless: unlessTrading(),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol } = stage
      const watched = yield* openUp(stage)
      const { account } = watched
      const request = resting(symbol, "rest-1", yield* watched.exchange.terms(symbol))
      const accepted = yield* done("submit", account.submit(request))
      yield* watched.untilTold("rest-1", "open")
      yield* agreed(watched, symbol, "rest-1")
      const { venueOrderId } = yield* watched.true("rest-1")
      yield* equal("the venue's id of it", accepted.venueOrderId ?? venueOrderId, venueOrderId)
      const ids = Effect.map(done("openOrders", account.openOrders([symbol])), (orders) =>
        orders.map(({ clientOrderId }) => clientOrderId)
      )
      yield* equal("open orders", yield* ids, ["rest-1"])
      yield* done("cancel", account.cancel(reference(symbol, "rest-1")))
      yield* watched.untilTold("rest-1", "cancelled")
      yield* agreed(watched, symbol, "rest-1")
      yield* equal("open orders after its cancellation", yield* ids, [])
      yield* equal("fills", watched.of("fill"), [])
    })
}

/** As long as may be, in both cases, with every mark that is allowed. */
const STRANGE = "aB-Cd_0123456789-ZyXwVuTsRqPoNmLk-jI"

export const named: Card = {
  id: "EX-6",
  title: "the client order id comes back everywhere as it was given, in any letters",
  prerequisite: "trading",
  action: "place an order under an id of 36 letters, digits and marks, fill it by halves, and one that is cancelled",
  pass: "every event, read, fill and open order of it has that id, letter by letter",
  unless: unlessTrading(),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol } = stage
      const watched = yield* openUp(stage)
      const { account, exchange } = watched
      const terms = yield* exchange.terms(symbol)
      const since = yield* stage.exchange.now
      yield* watched.open({ ...resting(symbol, STRANGE, terms), price: terms.bid })
      yield* exchange.meet(STRANGE, half(terms.size))
      const open = yield* done("openOrders", account.openOrders([symbol]))
      yield* equal(
        "the id among open orders",
        open.map(({ clientOrderId }) => clientOrderId),
        [STRANGE]
      )
      yield* done("cancel", account.cancel(reference(symbol, STRANGE)))
      yield* watched.untilTold(STRANGE, "cancelled")
      yield* agreed(watched, symbol, STRANGE)
      const fills = yield* done("fills", account.fills({ symbol, since }))
      const all = [...watched.of("order"), ...watched.of("fill"), ...fills]
      const ids = new Set(all.flatMap(({ clientOrderId }) => clientOrderId ?? []))
      yield* equal("ids that were told", [...ids], [STRANGE])
    })
}

export const again: Card = {
  id: "EX-7",
  title: "the cancellation of an order that has ended succeeds, and its end is known",
  prerequisite: "trading",
  action: "cancel an order twice, and one that was filled",
  pass: "both succeed; the first is known as cancelled, the other as filled; nothing else is told of them",
  unless: unlessTrading(({ kinds }) => (kinds.includes("market") ? undefined : "market orders are not claimed")),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol } = stage
      const watched = yield* openUp(stage)
      const { account } = watched
      const terms = yield* watched.exchange.terms(symbol)
      yield* watched.open(resting(symbol, "ended-1", terms))
      yield* done("cancel", account.cancel(reference(symbol, "ended-1")))
      yield* watched.untilTold("ended-1", "cancelled")
      yield* done("the second cancel", account.cancel(reference(symbol, "ended-1")))
      yield* done("submit", account.submit(atMarket(symbol, "ended-2", terms)))
      yield* watched.untilTold("ended-2", "filled")
      yield* done("the cancel of what is filled", account.cancel(reference(symbol, "ended-2")))
      for (const id of ["ended-1", "ended-2"]) yield* agreed(watched, symbol, id)
    })
}

export const all: Card = {
  id: "EX-8",
  title: "all orders of the symbols that are named are cancelled, and of no other",
  prerequisite: "trading",
  action: "place two orders of a symbol and one of another, cancel all of the first",
  pass: "both are told cancelled; the other is open; asked for both symbols nothing is left; asked again it succeeds",
  unless: unlessTrading(),
  check: (stage) =>
    Effect.gen(function* () {
      const { other, symbol } = stage
      const watched = yield* openUp(stage)
      const { account, exchange } = watched
      const [terms, others] = [yield* exchange.terms(symbol), yield* exchange.terms(other)]
      for (const id of ["all-1", "all-2"]) yield* watched.open(resting(symbol, id, terms))
      yield* watched.open(resting(other, "all-3", others))
      yield* done("cancelAll", account.cancelAll([symbol]))
      for (const id of ["all-1", "all-2"]) yield* watched.untilTold(id, "cancelled")
      const open = Effect.map(exchange.account, ({ orders }) =>
        orders.filter(({ status }) => status === "open").map(({ clientOrderId }) => clientOrderId)
      )
      yield* equal("orders that the exchange has open", yield* open, ["all-3"])
      yield* done("cancelAll of both", account.cancelAll([symbol, other]))
      yield* watched.untilTold("all-3", "cancelled")
      yield* equal("orders that the exchange has open", yield* open, [])
      yield* done("cancelAll of nothing", account.cancelAll([symbol]))
    })
}

/** What cannot be sent at all, and what is not claimed: each with what it is called. */
const nonsense = (
  { kinds, reduceOnly, timesInForce }: Trading.TradingCapabilities,
  request: Order.Request,
  trigger: string
): ReadonlyArray<readonly [what: string, order: Order.Request]> => {
  const { price: _, ...priceless } = request
  const triggered = { ...priceless, triggerPrice: trigger }
  return [
    ["a limit order without a price", { ...priceless, kind: "limit" }],
    ["a stop order without a trigger", { ...priceless, kind: "stop" }],
    ...Order.Kind.literals
      .filter((kind) => !kinds.includes(kind))
      .map((kind) => [`an order of kind ${kind}`, { ...triggered, kind }] as const),
    ...Order.TimeInForce.literals
      .filter((time) => !timesInForce.includes(time))
      .map((timeInForce) => [`an order with ${timeInForce}`, { ...request, timeInForce }] as const),
    ...(reduceOnly ? [] : [["an order that may only reduce", { ...request, reduceOnly: true }] as const])
  ]
}

export const unknown: Card = {
  id: "EX-9",
  title: "what order entry does not know is refused before it is sent",
  prerequisite: "trading",
  action:
    "submit an order without its price and one without its trigger, and one of every kind, time in force and modifier that is not claimed",
  pass: "each fails as Unsupported or InvalidRequest, and the exchange has heard of none",
  unless: unlessTrading(),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol } = stage
      const { adapter } = yield* stage.trading
      const { account, exchange } = yield* openUp(stage)
      const terms = yield* exchange.terms(symbol)
      for (const [what, order] of nonsense(adapter.capabilities, resting(symbol, "no-1", terms), terms.rise)) {
        const { _tag } = yield* refused(what, account.submit(order))
        yield* hold(`${what}: ${_tag}`, _tag === "Unsupported" || _tag === "InvalidRequest")
      }
      yield* equal("requests that the exchange has heard", (yield* exchange.account).requests, [])
    })
}

export const amended: Card = {
  id: "EX-10",
  title: "an order is changed as far as is claimed, under its id, and no further",
  prerequisite: "trading",
  action: "halve the size of an open order; change its price; where either is not claimed, expect to be refused",
  pass: "what is claimed is told open as changed, event, read and exchange agree; what is not fails as Unsupported; the exchange was asked for one order",
  unless: unlessTrading(),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol } = stage
      const { adapter } = yield* stage.trading
      const { amends } = adapter.capabilities
      const watched = yield* openUp(stage)
      const { account, exchange } = watched
      const terms = yield* exchange.terms(symbol)
      yield* watched.open({ ...resting(symbol, "change-1", terms), price: terms.bid })
      const change = (
        what: string,
        amendment: { readonly size?: string; readonly price?: string },
        isClaimed: boolean
      ) =>
        Effect.gen(function* () {
          const amend = account.amend({ ...reference(symbol, "change-1"), ...amendment })
          if (!isClaimed) {
            const { _tag } = yield* refused(what, amend)
            return yield* equal(`${what} that is not claimed`, _tag, "Unsupported")
          }
          yield* done(what, amend)
          yield* settled(() => {
            const { price, size, status } = watched.order("change-1") ?? {}
            const now = { price, size, ...amendment }
            const isSo = status === "open" && now.price === price && now.size === size
            return isSo ? undefined : `${what}: told ${size} at ${price}, ${status}`
          })
        })
      yield* change("a smaller size", { size: half(terms.size) }, amends !== "none")
      yield* agreed(watched, symbol, "change-1")
      yield* change("another price", { price: terms.below }, amends === "priceAndSize")
      yield* agreed(watched, symbol, "change-1")
      const { orders } = yield* exchange.account
      if (orders.length !== 1) return yield* fail(`the exchange has ${orders.length} orders`)
    })
}
