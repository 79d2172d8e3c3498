/**
 * What an account can ask of Bybit. Source: Bybit v5 docs, "Trade", "Position", "Account"; limits: docs/venues/bybit.md.
 */
import type { FundingPayment } from "../../account/Account.ts"
import { Refusal } from "../../account/Refusal.ts"
import { termsOf } from "../../account/terms.ts"
import { negated, text as amountText } from "../../account/money.ts"
import type { UserFill, UserOrder } from "../../account/UserOrder.ts"
import { isOver } from "../../account/UserOrder.ts"
import { isBybit } from "../../market/definition.ts"
import { type Category, categoryOf, marketOf } from "../category.ts"
import { ApiFailure, invalid } from "../failure.ts"
import { settleOf } from "../../account/funds.ts"
import { type Asking, category, integer, marketIn, required, text } from "./Asking.ts"
import * as failures from "./failures.ts"
import * as filters from "./filters.ts"
import type { Operation } from "./Operation.ts"
import { idOf, orderIdOf } from "./orderId.ts"
import { parse } from "./order.ts"
import * as words from "./words.ts"
import { wallet } from "./wallet.ts"

const floorOf = ({ fields, trading }: Asking) => trading.floorOf[marketOf(category(fields))]

const ids = (order: UserOrder) => ({ orderId: orderIdOf(order), orderLinkId: order.clientId })

const create = (asking: Asking): unknown => {
  const { market, request } = parse(asking)
  return ids(floorOf(asking).place(asking.account, market, request))
}

/** `orderId` wins where both are given. */
const found = ({ account, fields }: Asking): UserOrder => {
  const kind = category(fields)
  const [orderId, clientId] = [text(fields, "orderId"), text(fields, "orderLinkId")]
  if (orderId === undefined && clientId === undefined)
    throw new ApiFailure(10_001, "params error: orderId or orderLinkId is required")
  const id = orderId === undefined ? undefined : (idOf(orderId) ?? -1)
  const order = account.find(marketOf(kind), text(fields, "symbol"), { id, clientId })
  if (order === undefined) throw failures.noOrder(kind)
  return order
}

const cancel = (asking: Asking): unknown => {
  required(asking.fields, "symbol")
  const order = found(asking)
  if (isOver(order)) throw new Refusal("notOpen")
  floorOf(asking).cancel(order)
  return ids(order)
}

const amend = (asking: Asking): unknown => {
  const { fields } = asking
  marketIn(asking)
  const order = found(asking)
  if (isOver(order)) throw new Refusal("notOpen")
  const [price, qty] = [text(fields, "price"), text(fields, "qty")]
  if (price === undefined && qty === undefined) throw invalid("qty")
  const size = qty === undefined ? undefined : filters.stepsOf(order.market, qty, false)
  if (size !== undefined && size < order.filled) throw new ApiFailure(10_001, "qty can not be less than what is filled")
  floorOf(asking).amend(order, {
    ...(price === undefined ? {} : { price: filters.ticksOf(order.market, "price", price) }),
    ...(size === undefined ? {} : { size })
  })
  return ids(order)
}

/** Of this symbol, base or settle coin. */
const isMeant = ({ fields }: Asking) => {
  const [symbol, baseCoin, settleCoin] = [text(fields, "symbol"), text(fields, "baseCoin"), text(fields, "settleCoin")]
  return ({ market }: Pick<UserOrder, "market">): boolean =>
    (symbol === undefined || market.definition.symbol === symbol) &&
    (baseCoin === undefined || market.definition.base === baseCoin) &&
    (settleCoin === undefined || settleOf(market) === settleCoin)
}

const cancelAll = (asking: Asking): unknown => {
  const { account, fields } = asking
  const kind = category(fields)
  if (kind !== "spot" && !["symbol", "baseCoin", "settleCoin"].some((name) => text(fields, name) !== undefined))
    throw invalid("symbol")
  const open = account.openOrders(marketOf(kind)).filter(isMeant(asking))
  for (const order of open) floorOf(asking).cancel(order)
  return { list: open.map(ids), success: "1" }
}

const all = ({ account, fields }: Asking, kind: Category): Array<UserOrder> => {
  const [orderId, clientId] = [text(fields, "orderId"), text(fields, "orderLinkId")]
  return [...account.orders.values()].filter(
    (order) =>
      order.market.definition.market === marketOf(kind) &&
      (orderId === undefined || order.id === idOf(orderId)) &&
      (clientId === undefined || order.clientId === clientId)
  )
}

/** Newest first, a page at a time; the cursor is where the next page begins. */
const page = <A>({ fields }: Asking, rows: ReadonlyArray<A>, usual: number, most: number) => {
  const cursor = decodeURIComponent(text(fields, "cursor") ?? "page:0")
  const [, start] = /^page:(\d{1,9})$/.exec(cursor) ?? []
  if (start === undefined) throw invalid("cursor")
  const from = Number(start)
  const limit = integer(fields, "limit", usual, most)
  const list = rows.slice(from, from + limit)
  return { list, nextPageCursor: from + limit < rows.length ? encodeURIComponent(`page:${from + limit}`) : "" }
}

const RECENTLY_CLOSED = 500

const realtime = (asking: Asking): unknown => {
  const { fields } = asking
  const kind = category(fields)
  const isNarrow = ["symbol", "baseCoin", "settleCoin", "orderId", "orderLinkId"].some(
    (name) => text(fields, name) !== undefined
  )
  if (kind === "linear" && !isNarrow)
    throw new ApiFailure(10_001, "params error: symbol or settleCoin or baseCoin is required")
  const mine = all(asking, kind).filter(isMeant(asking)).toReversed()
  const isByName = text(fields, "orderId") !== undefined || text(fields, "orderLinkId") !== undefined
  const open = mine.filter((order) => !isOver(order))
  const closed = mine.filter(isOver).slice(0, RECENTLY_CLOSED)
  const asked = text(fields, "openOnly") ?? "0"
  const orders = isByName ? [...open, ...closed] : asked === "1" ? closed : open
  return {
    category: kind,
    ...page(
      asking,
      orders.map((order) => words.orderRow(order)),
      20,
      50
    )
  }
}

const within = ({ fields }: Asking, time: number): boolean =>
  time >= Number(text(fields, "startTime") ?? 0) && time <= Number(text(fields, "endTime") ?? Infinity)

const history = (asking: Asking): unknown => {
  const kind = category(asking.fields)
  const orders = all(asking, kind)
    .filter(isMeant(asking))
    .filter((order) => isOver(order) && within(asking, order.createdAt))
    .toReversed()
  return {
    category: kind,
    ...page(
      asking,
      orders.map((order) => words.orderRow(order)),
      20,
      50
    )
  }
}

export const fundingRow = ({ amount, asset, executionId, market, rate, size, time }: FundingPayment) => ({
  category: categoryOf(market.definition.market),
  symbol: market.definition.symbol,
  orderId: "",
  orderLinkId: "",
  side: size > 0 ? "Sell" : "Buy",
  orderPrice: "0",
  orderQty: "0",
  leavesQty: "0",
  createType: "",
  orderType: "Market",
  stopOrderType: "UNKNOWN",
  execFee: amountText(negated(amount)),
  execId: String(executionId),
  execPrice: words.priceOf(market, Math.round(market.participants.fair)),
  execQty: words.sizeOf(market, Math.abs(size)),
  execType: "Funding",
  execValue: "0",
  execTime: String(time),
  isMaker: false,
  feeRate: amountText(rate),
  feeCurrency: asset,
  closedSize: "0",
  seq: market.book.updateId
})

const executions = (asking: Asking): unknown => {
  const kind = category(asking.fields)
  const type = text(asking.fields, "execType")
  const fills = all(asking, kind)
    .filter(isMeant(asking))
    .flatMap((order) => order.fills.map((fill): readonly [UserOrder, UserFill] => [order, fill]))
    .filter(([, { time }]) => within(asking, time))
    .map(([order, fill]) => [fill.time, words.executionRow(order, fill)] as const)
  const { fundings } = asking.account
  const paid = fundings
    .slice(0, fundings.length)
    .filter(
      (payment) =>
        payment.market.definition.market === marketOf(kind) && within(asking, payment.time) && isMeant(asking)(payment)
    )
    .map((payment) => [payment.time, fundingRow(payment)] as const)
  const rows: Array<readonly [number, unknown]> =
    type === "Funding" ? paid : type === undefined ? [...fills, ...paid] : fills
  return {
    category: kind,
    ...page(
      asking,
      rows
        .toSorted(([a], [b]) => a - b)
        .toReversed()
        .map(([, row]) => row),
      50,
      100
    )
  }
}

const positions = (asking: Asking): unknown => {
  const { account, fields } = asking
  const kind = category(fields)
  if (kind === "spot") throw invalid("Category")
  if (kind === "linear" && text(fields, "symbol") === undefined && text(fields, "settleCoin") === undefined) {
    throw new ApiFailure(10_001, "params error: symbol or settleCoin is required")
  }
  const isNamed = text(fields, "symbol") !== undefined
  if (isNamed) {
    const market = marketIn(asking)
    const legs = account.positionMode === "hedge" ? (["long", "short"] as const) : (["net"] as const)
    return {
      category: kind,
      nextPageCursor: "",
      list: legs.map((leg) => words.positionRow(account.position(market, leg)))
    }
  }
  const mine = account.positionsOf(marketOf(kind)).filter((each) => each.size !== 0 && isMeant(asking)(each))
  return { category: kind, ...page(asking, mine.map(words.positionRow), 20, 200) }
}

const walletBalance = ({ account, fields, trading }: Asking): unknown => {
  if (text(fields, "accountType") !== "UNIFIED") throw new ApiFailure(10_001, "accountType only support UNIFIED.")
  return { list: [wallet(account, trading, text(fields, "coin")?.split(","))] }
}

const switchMode = ({ account, fields }: Asking): unknown => {
  const asked = required(fields, "mode")
  if (asked !== "0" && asked !== "3") throw invalid("mode")
  const mode = asked === "3" ? "hedge" : "oneWay"
  if (mode === account.positionMode) throw new ApiFailure(110_025, "Position mode is not modified")
  const isBusy =
    account.openOrders("bybit-linear").length > 0 || account.positionsOf("bybit-linear").some(({ size }) => size !== 0)
  if (isBusy)
    throw new ApiFailure(110_024, "You have an existing position or open orders, so position mode cannot be switched.")
  account.positionMode = mode
  return {}
}

const setLeverage = (asking: Asking): unknown => {
  const market = marketIn(asking)
  const usual = String(termsOf[market.definition.market].leverage)
  if (text(asking.fields, "buyLeverage") === usual) throw new ApiFailure(110_043, "Set leverage has not been modified.")
  throw new ApiFailure(110_013, "Cannot set leverage due to risk limit level.")
}

const feeRate = (asking: Asking): unknown => {
  const market = marketIn(asking)
  const { maker, taker } = termsOf[market.definition.market]
  return {
    list: [
      {
        symbol: market.definition.symbol,
        baseCoin: "",
        makerFeeRate: amountText(maker),
        takerFeeRate: amountText(taker)
      }
    ]
  }
}

/** The coins of all listed markets; nothing can be sent here or taken from here, so they have no chains. */
const coins = ({ fields, trading }: Asking): unknown => {
  const definitions = Object.values(trading.venues).flatMap((venue) =>
    isBybit(venue.kind) ? [...venue.definitions.values()] : []
  )
  const names = new Set(definitions.flatMap(({ base, quote }) => [base, quote]))
  const asked = text(fields, "coin")
  const rows = [...names].filter((coin) => asked === undefined || coin === asked)
  return { rows: rows.map((coin) => ({ name: coin, coin, remainAmount: "0", chains: [] })) }
}

const accountInfo = ({ now }: Asking): unknown => ({
  marginMode: "REGULAR_MARGIN",
  updatedTime: String(Math.floor(now)),
  unifiedMarginStatus: 5,
  dcpStatus: "OFF",
  timeWindow: 0,
  smpGroup: 0,
  isMasterTrader: false,
  spotHedgingStatus: "OFF"
})

const keyInfo = ({ account, now }: Asking): unknown => ({
  id: String(account.uid),
  note: "",
  apiKey: account.key,
  readOnly: 0,
  secret: "",
  permissions: {
    ContractTrade: ["Order", "Position"],
    Spot: ["SpotTrade"],
    Wallet: [],
    Options: [],
    Derivatives: ["DerivativesTrade"]
  },
  ips: ["*"],
  type: 1,
  deadlineDay: 90,
  expiredAt: new Date(now + 7_776_000_000).toISOString().replace(/\.\d+/, ""),
  createdAt: new Date(now).toISOString().replace(/\.\d+/, ""),
  unified: 0,
  uta: 1,
  userID: account.uid,
  inviterID: 0,
  vipLevel: "No VIP",
  mktMakerLevel: "0",
  affiliateID: 0,
  isMaster: true,
  parentUid: "0"
})

const orders =
  (spot: number) =>
  (kind: string): number =>
    kind === "spot" ? spot : 10
const reads = () => 50

export const operations = {
  create: { perSecond: orders(20), request: "place", run: create },
  amend: { perSecond: orders(10), request: "amend", run: amend },
  cancel: { perSecond: orders(20), request: "cancel", run: cancel },
  cancelAll: { perSecond: orders(20), request: "cancel", run: cancelAll },
  realtime: { perSecond: reads, run: realtime },
  history: { perSecond: reads, run: history },
  executions: { perSecond: reads, run: executions },
  positions: { perSecond: reads, run: positions },
  walletBalance: { perSecond: reads, run: walletBalance },
  switchMode: { perSecond: reads, run: switchMode },
  setLeverage: { perSecond: reads, run: setLeverage },
  feeRate: { perSecond: reads, run: feeRate },
  coins: { perSecond: () => 5, run: coins },
  accountInfo: { perSecond: reads, run: accountInfo },
  keyInfo: { perSecond: reads, run: keyInfo }
} as const satisfies Record<string, Operation>
