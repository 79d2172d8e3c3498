/** Cards of what is read and told of an account: it is the exchange's truth, exactly. */
import { PrivateEvent } from "@tidewire/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { balancesDiffer, fillsDiffer, latest, orderDiffers, positionsDiffer } from "../agreement.ts"
import type { Card } from "../Card.ts"
import { unlessTrading, withoutKind } from "../claims.ts"
import { equal, hold, settled } from "../Failed.ts"
import { done, type OpenAccount, openUp } from "../OpenAccount.ts"
import { atMarket, atTheBid, half, reference, resting } from "../requests.ts"
import type { Stage } from "../Stage.ts"

/** Two orders rest, one of them filled by half, one was taken at the market, one was cancelled. */
const eventful = (stage: Stage, watched: OpenAccount) =>
  Effect.gen(function* () {
    const { other, symbol } = stage
    const terms = yield* watched.exchange.terms(symbol)
    yield* watched.open(atTheBid(symbol, "life-1", terms))
    yield* watched.exchange.meet("life-1", half(terms.size))
    yield* watched.open(resting(other, "life-2", yield* watched.exchange.terms(other)))
    yield* watched.open(resting(symbol, "life-3", terms))
    yield* done("cancel", watched.account.cancel(reference(symbol, "life-3")))
    yield* watched.untilTold("life-3", "cancelled")
    yield* done("submit", watched.account.submit(atMarket(symbol, "life-4", terms)))
    yield* watched.untilTold("life-4", "filled")
  })

export const orders: Card = {
  id: "EX-28",
  title: "open orders and fills are the exchange's, of the symbols and from the time that were asked for",
  prerequisite: "market orders",
  action:
    "let orders rest, be filled by half, be cancelled and be taken; read open orders and fills of both symbols, and fills from later on",
  pass: "each open order of the exchange and no other; every fill once, oldest first; of later times and other symbols none",
  unless: withoutKind("market"),
  check: (stage) =>
    Effect.gen(function* () {
      const { other, symbol } = stage
      const since = yield* stage.exchange.now
      const watched = yield* openUp(stage)
      const { account, exchange } = watched
      yield* eventful(stage, watched)
      const truth = (yield* exchange.account).orders
      const open = yield* done("openOrders", account.openOrders([symbol, other]))
      const right = truth.filter(({ status }) => status === "open")
      const ids = (all: ReadonlyArray<{ readonly clientOrderId: string }>) =>
        all.map(({ clientOrderId }) => clientOrderId).toSorted()
      yield* equal("open orders", ids(open), ids(right))
      for (const order of right) {
        const wrong = orderDiffers(
          open.find((each) => each.clientOrderId === order.clientOrderId),
          order
        )
        yield* hold(`among open orders: ${wrong}`, wrong === undefined)
      }
      const elsewhere = yield* done("openOrders", account.openOrders([other]))
      yield* equal("open orders of the other symbol", ids(elsewhere), ["life-2"])
      const fills = yield* done("fills", account.fills({ symbol, since: Math.floor(since) - 60_000 }))
      const ofSymbol = truth.filter((order) => order.symbol === symbol)
      for (const order of ofSymbol) {
        const wrong = fillsDiffer(
          fills.filter(({ venueOrderId }) => venueOrderId === order.venueOrderId),
          order
        )
        yield* hold(`among fills: ${wrong}`, wrong === undefined)
      }
      yield* equal("number of fills", fills.length, ofSymbol.flatMap((order) => order.fills).length)
      const times = fills.map(({ exchangeTime = 0 }) => exchangeTime)
      yield* equal(
        "the times of fills",
        times,
        times.toSorted((one, another) => one - another)
      )
      const later = yield* done(
        "fills",
        account.fills({ symbol, since: Math.floor(yield* stage.exchange.now) + 60_000 })
      )
      yield* equal("fills from later on", later, [])
      yield* equal(
        "fills of the other symbol",
        yield* done("fills", account.fills({ symbol: other, since: Math.floor(since) })),
        []
      )
    })
}

export const holdings: Card = {
  id: "EX-29",
  title: "balances and positions are the exchange's, as they are read and as they are told",
  prerequisite: "market orders",
  action: "let orders rest, be filled by half, be cancelled and be taken; read balances and positions",
  pass: "each is the exchange's, text by text; what was told last of an asset or a contract is, too; where no positions are claimed there are none",
  unless: withoutKind("market"),
  check: (stage) =>
    Effect.gen(function* () {
      const watched = yield* openUp(stage)
      const { account, exchange } = watched
      const { adapter } = yield* stage.trading
      yield* eventful(stage, watched)
      const truth = yield* exchange.account
      const balances = balancesDiffer(yield* done("balances", account.balances), truth)
      yield* hold(`read: ${balances}`, balances === undefined)
      const positions = positionsDiffer(yield* done("positions", account.positions), truth)
      yield* hold(`read: ${positions}`, positions === undefined)
      yield* settled(() => {
        const told = latest(watched.of("balance"), ({ asset }) => asset)
        const assets = told.map(({ asset }) => asset)
        const wrong = balancesDiffer(told, {
          ...truth,
          balances: truth.balances.filter(({ asset }) => assets.includes(asset))
        })
        return told.length === 0 ? "no balance was told" : wrong
      })
      if (!adapter.capabilities.positions) return yield* equal("positions told", watched.of("position"), [])
      yield* settled(() =>
        positionsDiffer(
          latest(watched.of("position"), ({ leg, symbol }) => `${symbol} ${leg}`),
          truth
        )
      )
    })
}

export const mode: Card = {
  id: "EX-30",
  title: "the position mode is the account's, and what does not exist is not found",
  prerequisite: "trading",
  action: "ask for the position mode, for an order that never was, and for fills of a symbol that does not exist",
  pass: "the exchange's mode; `undefined` for the order; a typed error or no fills for the symbol",
  unless: unlessTrading(),
  check: (stage) =>
    Effect.gen(function* () {
      const { unknownSymbol } = stage.exchange
      const { account, exchange } = yield* openUp(stage)
      const since = Math.floor(yield* stage.exchange.now)
      const { positionMode } = yield* exchange.account
      yield* equal("the position mode", yield* done("positionMode", account.positionMode), positionMode)
      yield* equal(
        "an order that never was",
        yield* done("order", account.order(reference(stage.symbol, "never"))),
        undefined
      )
      const nothing = Effect.flatMap(account.fills({ symbol: unknownSymbol, since }), (fills) =>
        equal(`fills of ${unknownSymbol}`, fills, [])
      )
      yield* Effect.catchTag(nothing, "VenueError", () => Effect.void)
    })
}

const isPrivate = Schema.is(PrivateEvent.PrivateEvent)

/** How far our clock and the exchange's stamps may be apart, ms. */
const SLACK_MS = 2_000

export const valid: Card = {
  id: "EX-31",
  title:
    "whatever is told or read of an account is valid: its amounts are canonical, its stamps plausible, its name the configured one",
  prerequisite: "market orders",
  action: "let orders rest, be filled by half, be cancelled and be taken; read everything",
  pass: "each matches the schema of private events and has the adapter's name, a symbol that was traded, and times of this card",
  unless: withoutKind("market"),
  check: (stage) =>
    Effect.gen(function* () {
      const { adapter, other, symbol } = stage
      const began = (yield* stage.exchange.now) - SLACK_MS
      const opened = (yield* Clock.currentTimeMillis) - SLACK_MS
      const watched = yield* openUp(stage)
      const { account } = watched
      yield* eventful(stage, watched)
      const read: ReadonlyArray<PrivateEvent.PrivateEvent> = [
        ...(yield* done("openOrders", account.openOrders([symbol, other]))),
        ...(yield* done("fills", account.fills({ symbol, since: Math.floor(began) }))),
        ...(yield* done("balances", account.balances)),
        ...(yield* done("positions", account.positions))
      ]
      const until = (yield* stage.exchange.now) + SLACK_MS
      const now = (yield* Clock.currentTimeMillis) + SLACK_MS
      const odd = [...watched.events, ...read].find((event) => {
        const { exchangeTime = began, receivedTime, venue } = event
        const isOfSymbol = !("symbol" in event) || event.symbol === symbol || event.symbol === other
        // a balance or a position may be older than this
        const isOfNow = exchangeTime >= began || event.type === "balance" || event.type === "position"
        const isTimely = isOfNow && exchangeTime <= until && receivedTime >= opened && receivedTime <= now
        return !(isPrivate(event) && venue === adapter.venue && isOfSymbol && isTimely)
      })
      yield* hold(`not a private event of ${adapter.venue}: ${JSON.stringify(odd)}`, odd === undefined)
    })
}
