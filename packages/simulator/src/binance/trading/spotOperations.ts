/**
 * What an account can ask of spot. One table for REST and for the WebSocket API. Source: Binance Spot docs, "Trading
 * endpoints", "Account endpoints"; weights: docs/venues/binance.md.
 */
import { fixed, isPositive, type Money, toUnits } from "../../account/money.ts"
import { termsOf } from "../../account/terms.ts"
import type { UserOrder } from "../../account/UserOrder.ts"
import { spotRateLimits } from "../exchangeInfo.ts"
import { badCombination, RestFailure } from "../failure.ts"
import * as query from "../query.ts"
import { generated } from "./clientIds.ts"
import * as failures from "./failures.ts"
import type { Asking, Operation } from "./Operation.ts"
import * as parameters from "./parameters.ts"
import { parse } from "./spotOrder.ts"
import * as words from "./spotWords.ts"

const KIND = "spot"

export const orderLimits = spotRateLimits(0).flatMap(({ interval, intervalNum, limit, rateLimitType }) =>
  rateLimitType === "ORDERS" ? [{ interval: interval as "SECOND" | "DAY", intervalNum, limit }] : []
)

/** A request that is in order counts, whatever becomes of it on the floor. */
const count = ({ account, context: { trading } }: Asking): void => {
  for (const { count: used, interval, intervalNum, limit } of trading.counts.count(
    `${KIND}/${account.key}`,
    orderLimits,
    1
  )) {
    if (used > limit) throw failures.tooManyOrders(limit, `${intervalNum} ${interval}`)
  }
}

const responseOf = (order: UserOrder, given: URLSearchParams): unknown => {
  const known = ["ACK", "RESULT", "FULL"] as const
  const asked = parameters.oneOf(given, "newOrderRespType", known, new RestFailure(-1138, "Invalid newOrderRespType."))
  const type = order.words["type"]
  const shape = asked ?? (type === "MARKET" || type === "LIMIT" ? "FULL" : "ACK")
  return shape === "ACK" ? words.ack(order) : shape === "RESULT" ? words.result(order) : words.full(order)
}

const place = (asking: Asking): UserOrder => {
  const {
    account,
    context: { trading }
  } = asking
  const floor = trading.floorOf[KIND]
  const { market, request } = parse(asking, floor.execution())
  count(asking)
  return floor.place(account, market, request)
}

const cancel = (asking: Asking): unknown => {
  const {
    context: { trading },
    parameters: given
  } = asking
  const order = parameters.order(asking, failures.unknownOrder())
  const only = parameters.oneOf(
    given,
    "cancelRestrictions",
    ["ONLY_NEW", "ONLY_PARTIALLY_FILLED"] as const,
    badCombination()
  )
  if (only !== undefined && (only === "ONLY_NEW") !== (order.filled === 0)) {
    throw new RestFailure(-2011, "Order was not canceled due to cancel restrictions.")
  }
  const floor = trading.floorOf[KIND]
  const requestId = parameters.clientId(given, "newClientOrderId") ?? generated(floor.execution())
  floor.cancel(order, requestId)
  return words.cancelled(order, requestId)
}

const cancelAll = (asking: Asking): unknown => {
  const {
    account,
    context: { trading, venue },
    parameters: given
  } = asking
  const open = account.openOrders(KIND, query.symbol(venue, given))
  if (open.length === 0) throw failures.unknownOrder()
  const floor = trading.floorOf[KIND]
  return open.map((order) => {
    const requestId = generated(floor.execution())
    floor.cancel(order, requestId)
    return words.cancelled(order, requestId)
  })
}

/** Smaller only, at the same price. */
const amend = (asking: Asking): unknown => {
  const {
    context: { trading },
    parameters: given
  } = asking
  const order = parameters.order(asking, failures.noSuchOrder())
  const size = toUnits(order.market.sizeGrid, parameters.requiredDecimal(given, "newQty"))
  if (size === undefined) throw failures.filter("LOT_SIZE")
  if (size >= order.size) throw new RestFailure(-2038, "The requested action would change no state; rejecting.")
  if (order.amendments >= MOST_AMENDMENTS) throw failures.filter("MAX_NUM_ORDER_AMENDS")
  const floor = trading.floorOf[KIND]
  floor.amend(order, { size })
  return {
    transactTime: order.updatedAt,
    executionId: floor.execution(),
    amendedOrder: {
      symbol: order.market.definition.symbol,
      orderId: order.id,
      orderListId: -1,
      origClientOrderId: order.clientId,
      clientOrderId: order.clientId,
      price: words.result(order).price,
      qty: words.result(order).origQty,
      executedQty: words.result(order).executedQty,
      preventedQty: "0.00000000",
      quoteOrderQty: "0.00000000",
      cumulativeQuoteQty: words.result(order).cummulativeQuoteQty,
      status: words.result(order).status,
      timeInForce: words.result(order).timeInForce,
      type: words.result(order).type,
      side: words.result(order).side,
      workingTime: order.workingAt ?? -1,
      selfTradePreventionMode: words.result(order).selfTradePreventionMode
    }
  }
}

/** Of MAX_NUM_ORDER_AMENDS. */
const MOST_AMENDMENTS = 10

const openOrders = ({ account, context: { venue }, parameters: given }: Asking): unknown =>
  account.openOrders(KIND, given.has("symbol") ? query.symbol(venue, given) : undefined).map(words.queried)

const ordersOf = ({ account, context: { venue }, parameters: given }: Asking): Array<UserOrder> => {
  const symbol = query.symbol(venue, given)
  return [...account.orders.values()].filter(
    ({ market: { definition } }) => definition.market === KIND && definition.symbol === symbol
  )
}

const within = (given: URLSearchParams, time: number): boolean =>
  time >= (query.integer(given, "startTime") ?? 0) && time <= (query.integer(given, "endTime") ?? Infinity)

const allOrders = (asking: Asking): unknown => {
  const {
    context: { venue },
    parameters: given
  } = asking
  const from = query.integer(given, "orderId")
  const limit = query.limit(venue, given, 500, 1000)
  const orders = ordersOf(asking).filter(
    ({ createdAt, id }) => (from === undefined || id >= from) && within(given, createdAt)
  )
  return (from === undefined ? orders.slice(-limit) : orders.slice(0, limit)).map(words.queried)
}

const myTrades = (asking: Asking): unknown => {
  const {
    context: { venue },
    parameters: given
  } = asking
  const limit = query.limit(venue, given, 500, 1000)
  const [orderId, fromId] = [query.integer(given, "orderId"), query.integer(given, "fromId")]
  const rows = ordersOf(asking)
    .filter(({ id }) => orderId === undefined || id === orderId)
    .flatMap((order) => order.fills.map((fill) => words.tradeRow(order, fill)))
    .filter(({ id, time }) => (fromId === undefined || id >= fromId) && within(given, time))
    .toSorted((a, b) => a.id - b.id)
  const isForward = fromId !== undefined || given.has("startTime")
  return isForward ? rows.slice(0, limit) : rows.slice(-limit)
}

const eight = (amount: Money): string => fixed(amount, 8)

const accountOf = ({ account, context: { now }, parameters: given }: Asking): unknown => {
  const { maker, taker } = termsOf[KIND]
  const isShort = given.get("omitZeroBalances") === "true"
  return {
    makerCommission: 10,
    takerCommission: 10,
    buyerCommission: 0,
    sellerCommission: 0,
    commissionRates: { maker: eight(maker), taker: eight(taker), buyer: "0.00000000", seller: "0.00000000" },
    canTrade: true,
    canWithdraw: false,
    canDeposit: false,
    brokered: false,
    requireSelfTradePrevention: false,
    preventSor: false,
    updateTime: Math.floor(now()),
    accountType: "SPOT",
    balances: account
      .wallet(KIND)
      .list()
      .filter(({ total }) => !isShort || isPositive(total))
      .map(({ asset, free, locked }) => ({ asset, free: eight(free), locked: eight(locked) })),
    permissions: ["SPOT"],
    uid: account.uid
  }
}

const counts = ({ account, context: { trading } }: Asking): unknown =>
  trading.counts
    .count(`${KIND}/${account.key}`, orderLimits, 0)
    .map(({ count: used, interval, intervalNum, limit }) => ({
      rateLimitType: "ORDERS",
      interval,
      intervalNum,
      limit,
      count: used
    }))

/** The coins of all listed markets; nothing can be sent here or taken from here, so they have no networks. */
const coins = ({ account, context: { venue } }: Asking): unknown => {
  const names = new Set([...venue.definitions.values()].flatMap(({ base, quote }) => [base, quote]))
  return [...names].map((coin) => {
    const { free, locked } = account.wallet(KIND).balance(coin)
    return {
      coin,
      depositAllEnable: false,
      withdrawAllEnable: false,
      name: coin,
      free: eight(free),
      locked: eight(locked),
      freeze: "0",
      withdrawing: "0",
      ipoing: "0",
      ipoable: "0",
      storage: "0",
      isLegalMoney: false,
      trading: true,
      networkList: []
    }
  })
}

const weighs = (weight: number) => () => weight

const signed = (weight: Operation["weight"], run: Operation["run"], request?: Operation["request"]): Operation => ({
  weight,
  security: "signed",
  run,
  ...(request === undefined ? {} : { request })
})

const oneOrAll = (one: number, all: number) => (given: URLSearchParams) => (given.has("symbol") ? one : all)

export const spotOperations = {
  place: signed(weighs(0), (asking) => responseOf(place(asking), asking.parameters), "place"),
  test: signed(weighs(1), (asking) => {
    parse(asking, 0)
    return {}
  }),
  cancel: signed(weighs(0), cancel, "cancel"),
  amend: signed(weighs(4), amend, "amend"),
  order: signed(weighs(4), (asking) => words.queried(parameters.order(asking, failures.noSuchOrder()))),
  openOrders: signed(oneOrAll(6, 80), openOrders),
  cancelAll: signed(weighs(0), cancelAll, "cancel"),
  allOrders: signed(weighs(20), allOrders),
  myTrades: signed((given) => (given.has("orderId") ? 5 : 20), myTrades),
  account: signed(weighs(20), accountOf),
  coins: signed(weighs(10), coins),
  orderCounts: signed(weighs(40), counts)
} as const satisfies Record<string, Operation>
