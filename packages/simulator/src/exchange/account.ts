/**
 * The account that everybody has the key of, on one market, in the shape in which `@tidewire/conformance` wants it: what is
 * true, what others do to its orders, what can go wrong with them. Guarantees that `meet` trades exactly what it says.
 */
import * as Effect from "effect/Effect"
import { type AccountDefinition, walletOf } from "../account/AccountDefinition.ts"
import { of as amountOf, ofUnits, text, toUnits } from "../account/money.ts"
import type { AccountView, OrderView } from "../account/views.ts"
import type { Fault } from "../faults/Fault.ts"
import type { Side } from "../market/book.ts"
import type { MarketKind } from "../market/definition.ts"
import * as grid from "../market/grid.ts"
import type { Market } from "../market/market.ts"
import type { Simulator } from "../Simulator.ts"
import type { Route } from "../socket/SocketPath.ts"

/** What an order of a card is worth, about: of the quote asset, or of the contracts of inverse markets. */
const WORTH = 1_000

/** Beyond this nobody is left to trade with. */
const MOST_TRADES = 1_000

/** Where a market's private events come, and where else an account has connections. */
const streamOf = (market: MarketKind): Route => (market === "spot" ? "api" : "private")
const routes: ReadonlyArray<Route> = ["private", "api"]

/** How a venue itself ends a private stream. */
const endingOf = (market: MarketKind): Fault => {
  if (market === "usdm") return { kind: "listenKeyExpired" }
  if (market === "spot") return { kind: "shutdownNotice", shape: "api", closeAfterMs: 2_000 }
  return { kind: "close", code: 1001, reason: "going away" }
}

/** What a venue says to who has not enough. */
const refusalOf = (market: MarketKind): { readonly code: number; readonly msg: string } => {
  if (market === "spot") return { code: -2010, msg: "Account has insufficient balance for requested action." }
  if (market === "usdm") return { code: -2019, msg: "Margin is insufficient." }
  if (market === "bybit-spot") return { code: 170_131, msg: "Insufficient balance." }
  return { code: 110_007, msg: "ab not enough for new order" }
}

export const account = (simulator: Simulator, market: MarketKind, { key }: AccountDefinition) => {
  const { control, truth } = simulator
  const of = (symbol: string): Market => truth.market(market, symbol)!
  const act = (run: () => unknown) => Effect.asVoid(Effect.sync(run))
  // the sockets of accounts are not those of one market everywhere
  const inject = (...faults: ReadonlyArray<Fault>) => act(() => faults.forEach((fault) => control.inject(fault)))
  const ofOrder = (kind: "unknownOutcome" | "lostAck" | "earlyEvents") => inject({ kind, request: "place" })
  const view = () => truth.account(key)
  const orders = () => view().orders.filter((order) => order.market === market)
  const found = (clientId: string): OrderView => {
    const order = orders().find((each) => each.clientId === clientId)
    if (order === undefined) throw new RangeError(`there is no order ${clientId}`)
    return order
  }
  return {
    account: Effect.sync(() => shown(view(), market)),
    secrets: Effect.sync(() => control.accounts.secrets(key)),
    terms: (symbol: string) => Effect.sync(() => termsOf(of(symbol))),
    meet: (clientId: string, size: string) =>
      act(() => {
        const { filled, price = "0", side, symbol } = found(clientId)
        const met = of(symbol)
        const units = (amount: string) => toUnits(met.sizeGrid, amountOf(amount)) ?? 0
        const goal = units(filled) + units(size)
        const at = toUnits(met.priceGrid, amountOf(price)) ?? 0
        const own: Side = side === "buy" ? "bid" : "ask"
        for (let trades = 0; units(found(clientId).filled) < goal; trades++) {
          if (trades === MOST_TRADES) throw new RangeError(`${clientId} cannot be met`)
          met.take(own, ahead(met, own, at) + goal - units(found(clientId).filled))
        }
      }),
    moveTo: (symbol: string, price: string) =>
      act(() => {
        const moved = of(symbol)
        const goal = toUnits(moved.priceGrid, amountOf(price)) ?? 0
        const from: Side = goal > last(moved) ? "ask" : "bid"
        const isThere = () => (from === "ask" ? last(moved) >= goal : last(moved) <= goal)
        for (let trades = 0; !isThere(); trades++) {
          if (trades === MOST_TRADES) throw new RangeError(`${symbol} does not reach ${price}`)
          const [best = [goal, 1]] = moved.book.top(from, 1)
          const isBeyond = from === "ask" ? best[0] >= goal : best[0] <= goal
          moved.take(from, isBeyond ? 1 : best[1])
        }
      }),
    faults: {
      reject: inject({ kind: "rejectOrder", request: "place", ...refusalOf(market) }),
      unknown: ofOrder("unknownOutcome"),
      loseAnswer: ofOrder("lostAck"),
      early: ofOrder("earlyEvents"),
      doubleFill: inject({ kind: "doubleFill" }),
      late: (byMs: number) => inject({ kind: "lateReports", delayMs: byMs }),
      killStream: inject(...routes.map((route) => ({ kind: "kill" as const, filter: { route } }))),
      endStream: inject({ ...endingOf(market), filter: { route: streamOf(market) } })
    }
  }
}

const last = ({ participants, tape }: Market): number => tape.trades.last()?.price ?? Math.round(participants.fair)

/** What would be taken before the first user's order at this price, in steps. */
const ahead = ({ book }: Market, side: Side, price: number): number => {
  const better = book
    .top(side, Infinity)
    .filter(([each]) => (side === "bid" ? each > price : each < price))
    .reduce((sum, [, size]) => sum + size, 0)
  const queue = book.of(side).levels.get(price)?.orders ?? []
  const own = queue.findIndex(({ owner }) => owner !== undefined)
  return queue.slice(0, own === -1 ? queue.length : own).reduce((sum, { size }) => sum + size, better)
}

/** How far triggers wait from the best prices, and orders that rest from them, in ticks and as a part. */
const TRIGGER_TICKS = 5
const FAR = 0.01

const termsOf = (market: Market) => {
  const { book, definition, priceGrid, rules, sizeGrid } = market
  const [bid = 0, ask = 0] = [book.bids.best(), book.asks.best()]
  const price = (ticks: number) => text(ofUnits(priceGrid, ticks))
  const size = (steps: number) => text(ofUnits(sizeGrid, steps))
  const worth = rules.isInverse ? WORTH : WORTH / definition.price
  return {
    bid: price(bid),
    ask: price(ask),
    askSize: size(book.size("ask", ask)),
    below: price(Math.floor(bid * (1 - FAR))),
    above: price(Math.ceil(ask * (1 + FAR))),
    rise: price(ask + TRIGGER_TICKS),
    fall: price(bid - TRIGGER_TICKS),
    size: size(2 * Math.max(1, grid.units(sizeGrid, worth / 2)))
  }
}

const statusOf = ({ status }: OrderView) => (status === "untriggered" ? "open" : status)

const shown = (view: AccountView, market: MarketKind) => ({
  positionMode: market === "spot" || market === "bybit-spot" ? "oneWay" : view.positionMode,
  orders: view.orders
    .filter((order) => order.market === market)
    .map((order) => ({
      symbol: order.symbol,
      clientOrderId: order.clientId,
      venueOrderId: order.orderId,
      side: order.side,
      size: order.size,
      ...(order.price !== undefined && { price: order.price }),
      status: statusOf(order),
      filled: order.filled,
      fills: order.fills.map(({ fee, feeAsset, isMaker, price, size, tradeId }) => ({
        id: tradeId,
        price,
        size,
        fee,
        feeAsset,
        liquidity: isMaker ? ("maker" as const) : ("taker" as const)
      }))
    })),
  balances: Object.entries(view.balances[walletOf[market]]).map(([asset, { free, locked, total }]) => ({
    asset,
    total,
    // elsewhere margins have their say
    ...(market === "spot" && { free, locked })
  })),
  positions: view.positions
    .filter((position) => position.market === market)
    .map(({ leg, size, symbol }) => ({ symbol, leg, size })),
  requests: view.requests
    .filter((request) => request.market === market)
    .map(({ clientId, request }) => ({ request, clientOrderId: clientId }))
})
