/**
 * What an account can ask of USDⓈ-M. One table for REST and for the WebSocket API. Source: Binance USDⓈ-M docs, "Trade",
 * "Account", "User data streams"; weights: docs/venues/binance.md.
 */
import { fixed } from "../../account/money.ts"
import { Refusal } from "../../account/Refusal.ts"
import { termsOf } from "../../account/terms.ts"
import type { UserOrder } from "../../account/UserOrder.ts"
import { usdmRateLimits } from "../exchangeInfo.ts"
import { RestFailure } from "../failure.ts"
import * as query from "../query.ts"
import * as algo from "./algo.ts"
import * as failures from "./failures.ts"
import * as filters from "./filters.ts"
import type { Asking, Operation } from "./Operation.ts"
import * as parameters from "./parameters.ts"
import * as accountWords from "./usdmAccount.ts"
import { parse, parseAlgo } from "./usdmOrder.ts"
import * as words from "./usdmWords.ts"

const KIND = "usdm"

export const orderLimits = usdmRateLimits(0).flatMap(({ interval, intervalNum, limit, rateLimitType }) =>
  rateLimitType === "ORDERS" ? [{ interval: interval as "SECOND" | "MINUTE", intervalNum, limit }] : []
)

const count = ({ account, context: { trading } }: Asking): void => {
  for (const { count: used, interval, intervalNum, limit } of trading.counts.count(
    `${KIND}/${account.key}`,
    orderLimits,
    1
  )) {
    if (used > limit) throw failures.tooManyOrders(limit, `${intervalNum} ${interval}`)
  }
}

const placed =
  (read: typeof parse) =>
  (asking: Asking): UserOrder => {
    const {
      account,
      context: { trading }
    } = asking
    const floor = trading.floorOf[KIND]
    const { market, request } = read(asking, floor.execution())
    count(asking)
    return floor.place(account, market, request)
  }

const place = (asking: Asking): unknown => {
  const order = placed(parse)(asking)
  const isResult = asking.parameters.get("newOrderRespType") === "RESULT"
  // An acknowledgement tells the order as it was taken in.
  return isResult ? words.result(order) : { ...words.result(order), status: "NEW", executedQty: "0", cumQty: "0" }
}

/** Conditional orders are known here once they work. */
const found = (asking: Asking, failure: RestFailure): UserOrder => {
  const order = parameters.order(asking, failure)
  if (words.isAlgo(order) && order.workingAt === undefined) throw failure
  return order
}

const isWaiting = (order: UserOrder): boolean => words.isAlgo(order) && order.workingAt === undefined

const cancel = (asking: Asking): unknown => {
  const order = found(asking, failures.unknownOrder())
  asking.context.trading.floorOf[KIND].cancel(order)
  return words.queried(order)
}

const modify = (asking: Asking): unknown => {
  const { parameters: given } = asking
  const order = found(asking, failures.noSuchOrder())
  const price = filters.ticksOf(order.market, parameters.requiredDecimal(given, "price"))
  const size = filters.stepsOf(order.market, parameters.requiredDecimal(given, "quantity"), false)
  asking.context.trading.floorOf[KIND].amend(order, { price, size })
  return words.result(order)
}

const open = ({ account, context: { venue }, parameters: given }: Asking): Array<UserOrder> =>
  account.openOrders(KIND, given.has("symbol") ? query.symbol(venue, given) : undefined)

const cancelAll = (asking: Asking): unknown => {
  query.symbol(asking.context.venue, asking.parameters)
  for (const order of open(asking)) if (!isWaiting(order)) asking.context.trading.floorOf[KIND].cancel(order)
  return { code: 200, msg: "The operation of cancel all open order is done." }
}

const mine = ({ account, context: { venue }, parameters: given }: Asking): Array<UserOrder> => {
  const symbol = query.symbol(venue, given)
  return [...account.orders.values()].filter(
    (order) => order.market.definition.market === KIND && order.market.definition.symbol === symbol && !isWaiting(order)
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
  const orders = mine(asking).filter(
    ({ createdAt, id }) => (from === undefined || id >= from) && within(given, createdAt)
  )
  return (from === undefined ? orders.slice(-limit) : orders.slice(0, limit)).map(words.queried)
}

const userTrades = (asking: Asking): unknown => {
  const {
    context: { venue },
    parameters: given
  } = asking
  const limit = query.limit(venue, given, 500, 1000)
  const [orderId, fromId] = [query.integer(given, "orderId"), query.integer(given, "fromId")]
  const rows = mine(asking)
    .filter(({ id }) => orderId === undefined || id === orderId)
    .flatMap((order) => order.fills.map((fill) => words.tradeRow(order, fill)))
    .filter(({ id, time }) => (fromId === undefined || id >= fromId) && within(given, time))
    .toSorted((a, b) => a.id - b.id)
  const isForward = fromId !== undefined || given.has("startTime")
  return isForward ? rows.slice(0, limit) : rows.slice(-limit)
}

const algoOrder = ({ account, parameters: given }: Asking): UserOrder => {
  const id = query.integer(given, "algoId")
  const clientId = query.optional(given, "clientAlgoId")
  if (id === undefined && clientId === undefined)
    throw new RestFailure(-1102, "Param 'algoid' or 'clientalgoid' must be sent, but both were empty/null!")
  let order: UserOrder | undefined
  for (const each of account.orders.values()) {
    if (each.market.definition.market !== KIND || !words.isAlgo(each)) continue
    if (id === undefined ? each.clientId === clientId : words.algoId(each) === id) order = each
  }
  if (order === undefined) throw failures.noSuchOrder()
  return order
}

const cancelAlgo = (asking: Asking): unknown => {
  const order = algoOrder(asking)
  if (!isWaiting(order)) throw new Refusal("notOpen")
  asking.context.trading.floorOf[KIND].cancel(order)
  return { algoId: words.algoId(order), clientAlgoId: order.clientId, code: "200", msg: "success" }
}

const setPositionMode = ({ account, parameters: given }: Asking): unknown => {
  const asked = query.required(given, "dualSidePosition")
  const mode = asked === "true" ? "hedge" : "oneWay"
  if (mode === account.positionMode) throw new RestFailure(-4059, "No need to change position side.")
  if (account.openOrders(KIND).length > 0)
    throw new RestFailure(-4067, "Position side cannot be changed if there exists open orders.")
  if (account.positionsOf(KIND).some(({ size }) => size !== 0)) {
    throw new RestFailure(-4068, "Position side cannot be changed if there exists position.")
  }
  account.positionMode = mode
  return { code: 200, msg: "success" }
}

/** All orders of a symbol are cancelled when it is not asked for again in time; 0 ends it. */
const countdown = (asking: Asking): unknown => {
  const {
    account,
    context: { trading, venue },
    parameters: given
  } = asking
  const symbol = query.symbol(venue, given)
  const countdownTime = query.integer(given, "countdownTime")
  if (countdownTime === undefined)
    throw new RestFailure(-1102, "Mandatory parameter 'countdowntime' was not sent, was empty/null, or malformed.")
  trading.countdowns.set(`${KIND}/${account.key}/${symbol}`, countdownTime, () => {
    for (const order of account.openOrders(KIND, symbol)) trading.floorOf[KIND].cancel(order)
  })
  return { symbol, countdownTime: String(countdownTime) }
}

const income = ({ account, parameters: given }: Asking): unknown => {
  const type = query.optional(given, "incomeType")
  const rows = account.fundings
    .slice(0, account.fundings.length)
    .filter(({ market }) => market.definition.market === KIND)
  return rows
    .filter(({ time }) => (type === undefined || type === "FUNDING_FEE") && within(given, time))
    .map(({ amount, asset, executionId, market, time }) => ({
      symbol: market.definition.symbol,
      incomeType: "FUNDING_FEE",
      income: fixed(amount, 8),
      asset,
      info: "FUNDING_FEE",
      time,
      tranId: executionId,
      tradeId: ""
    }))
}

const commissionRate = ({ context: { venue }, parameters: given }: Asking): unknown => {
  const { maker, taker } = termsOf[KIND]
  return {
    symbol: query.symbol(venue, given),
    makerCommissionRate: fixed(maker, 6),
    takerCommissionRate: fixed(taker, 6)
  }
}

/** One bracket for everything: leverage is the venue's usual one. */
const leverageBracket = ({ context: { venue }, parameters: given }: Asking): unknown => {
  const symbols = given.has("symbol") ? [query.symbol(venue, given)] : [...venue.definitions.keys()]
  const { leverage, maintenance } = termsOf[KIND]
  const bracket = {
    bracket: 1,
    initialLeverage: leverage,
    notionalCap: 1_000_000_000,
    notionalFloor: 0,
    maintMarginRatio: Number(fixed(maintenance, 4)),
    cum: 0
  }
  return symbols.map((symbol) => ({ symbol, notionalCoef: 1, brackets: [bracket] }))
}

const weighs = (weight: number) => () => weight

const signed = (weight: Operation["weight"], run: Operation["run"], request?: Operation["request"]): Operation => ({
  weight,
  security: "signed",
  run,
  ...(request === undefined ? {} : { request })
})

const keyed = (run: Operation["run"]): Operation => ({ weight: weighs(1), security: "key", run })

const oneOrAll = (one: number, all: number) => (given: URLSearchParams) => (given.has("symbol") ? one : all)

export const usdmOperations = {
  place: signed(weighs(0), place, "place"),
  test: signed(weighs(1), (asking) => {
    parse(asking, 0)
    return {}
  }),
  modify: signed(weighs(1), modify, "amend"),
  cancel: signed(weighs(1), cancel, "cancel"),
  order: signed(weighs(1), (asking) => words.queried(found(asking, failures.noSuchOrder()))),
  openOrder: signed(weighs(1), (asking) => {
    const order = found(asking, failures.noSuchOrder())
    if (order.status !== "open") throw failures.noSuchOrder()
    return words.queried(order)
  }),
  openOrders: signed(oneOrAll(1, 40), (asking) =>
    open(asking)
      .filter((order) => !isWaiting(order))
      .map(words.queried)
  ),
  cancelAll: signed(weighs(1), cancelAll, "cancel"),
  allOrders: signed(weighs(5), allOrders),
  userTrades: signed(weighs(5), userTrades),
  placeAlgo: signed(weighs(0), (asking) => algo.row(placed(parseAlgo)(asking)), "place"),
  cancelAlgo: signed(weighs(1), cancelAlgo, "cancel"),
  algoOrder: signed(weighs(1), (asking) => algo.row(algoOrder(asking))),
  openAlgoOrders: signed(oneOrAll(1, 40), (asking) => open(asking).filter(isWaiting).map(algo.row)),
  cancelAllAlgo: signed(
    weighs(1),
    (asking) => {
      for (const order of open(asking)) if (isWaiting(order)) asking.context.trading.floorOf[KIND].cancel(order)
      return { code: 200, msg: "The operation of cancel all open order is done." }
    },
    "cancel"
  ),
  positionMode: signed(weighs(30), ({ account }) => ({ dualSidePosition: account.positionMode === "hedge" })),
  setPositionMode: signed(weighs(1), setPositionMode),
  countdown: signed(weighs(10), countdown),
  account: signed(weighs(5), accountWords.account),
  balance: signed(weighs(5), accountWords.balance),
  positionRisk: signed(weighs(5), accountWords.positionRisk),
  income: signed(weighs(30), income),
  commissionRate: signed(weighs(20), commissionRate),
  leverageBracket: signed(weighs(1), leverageBracket),
  listenKey: keyed(({ account, context: { trading } }) => ({ listenKey: trading.listenKeys.open(account) })),
  keepAlive: keyed(({ account, context: { trading } }) => {
    const listenKey = trading.listenKeys.keepAlive(account)
    if (listenKey === undefined) throw new RestFailure(-1125, "This listenKey does not exist.")
    return { listenKey }
  }),
  closeListenKey: keyed(({ account, context: { trading } }) => {
    trading.listenKeys.close(account)
    return {}
  })
} as const satisfies Record<string, Operation>
