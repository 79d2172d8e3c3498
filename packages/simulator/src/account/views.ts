/** An account as it really is: plain copies, amounts as texts without needless zeros. */
import type { MarketKind } from "../market/definition.ts"
import type { Account, OrderRecord } from "./Account.ts"
import { walletNames, type WalletName } from "./AccountDefinition.ts"
import { isZero, type Money, ofUnits, quotient, text } from "./money.ts"
import type { Position } from "./Position.ts"
import type { Direction, Leg, Lifetime, OrderStatus, UserFill, UserOrder } from "./UserOrder.ts"

export interface FillView {
  /** As the venue tells it. */
  readonly tradeId: string
  readonly price: string
  readonly size: string
  readonly fee: string
  readonly feeAsset: string
  readonly isMaker: boolean
  readonly time: number
}

export interface OrderView {
  readonly market: MarketKind
  readonly symbol: string
  /** As the venue tells it. */
  readonly orderId: string
  readonly clientId: string
  readonly side: Direction
  readonly leg: Leg
  readonly lifetime: Lifetime
  readonly price?: string
  readonly triggerPrice?: string
  readonly size: string
  readonly filled: string
  readonly averagePrice?: string
  readonly reduceOnly: boolean
  readonly status: OrderStatus
  readonly createdTime: number
  readonly updatedTime: number
  readonly fills: ReadonlyArray<FillView>
}

export interface PositionView {
  readonly market: MarketKind
  readonly symbol: string
  readonly leg: Leg
  /** Signed. */
  readonly size: string
  readonly entryPrice: string
  readonly realised: string
}

export interface AccountView {
  readonly key: string
  readonly positionMode: "oneWay" | "hedge"
  readonly balances: Readonly<
    Record<
      WalletName,
      Readonly<Record<string, { readonly total: string; readonly free: string; readonly locked: string }>>
    >
  >
  /** Those that are not flat. */
  readonly positions: ReadonlyArray<PositionView>
  /** Every order that was ever taken in, oldest first; what is forgotten is counted. */
  readonly orders: ReadonlyArray<OrderView>
  readonly forgottenOrders: number
  /** Order requests as they came, oldest first; `requestCount` of all times. */
  readonly requests: ReadonlyArray<OrderRecord>
  readonly requestCount: number
}

const fillOf =
  ({ market }: UserOrder) =>
  (fill: UserFill): FillView => ({
    tradeId: market.rules.tradeId(market.seed, fill.tradeId),
    price: text(ofUnits(market.priceGrid, fill.price)),
    size: text(ofUnits(market.sizeGrid, fill.size)),
    fee: text(fill.fee),
    feeAsset: fill.feeAsset,
    isMaker: fill.isMaker,
    time: fill.time
  })

const AVERAGE_DIGITS = 16

const averageOf = ({ filled, market, worth }: UserOrder): Money => {
  const size = ofUnits(market.sizeGrid, filled)
  return market.rules.isInverse ? quotient(size, worth, AVERAGE_DIGITS) : quotient(worth, size, AVERAGE_DIGITS)
}

const orderOf = (order: UserOrder, idOf: (order: UserOrder) => string): OrderView => {
  const { definition, priceGrid, sizeGrid } = order.market
  return {
    market: definition.market,
    symbol: definition.symbol,
    orderId: idOf(order),
    clientId: order.clientId,
    side: order.direction,
    leg: order.leg,
    lifetime: order.lifetime,
    ...(order.price === undefined ? {} : { price: text(ofUnits(priceGrid, order.price)) }),
    ...(order.trigger === undefined ? {} : { triggerPrice: text(ofUnits(priceGrid, order.trigger.price)) }),
    size: text(ofUnits(sizeGrid, order.size)),
    filled: text(ofUnits(sizeGrid, order.filled)),
    ...(isZero(order.worth) ? {} : { averagePrice: text(averageOf(order)) }),
    reduceOnly: order.reduceOnly,
    status: order.status,
    createdTime: order.createdAt,
    updatedTime: order.updatedAt,
    fills: order.fills.map(fillOf(order))
  }
}

const positionOf = ({ entryPrice, leg, market, realised, size }: Position): PositionView => ({
  market: market.definition.market,
  symbol: market.definition.symbol,
  leg,
  size: text(ofUnits(market.sizeGrid, size)),
  entryPrice: text(entryPrice),
  realised: text(realised)
})

const walletOf = (account: Account, name: WalletName) =>
  Object.fromEntries(
    account.wallets[name]
      .list()
      .map(({ asset, free, locked, total }) => [asset, { total: text(total), free: text(free), locked: text(locked) }])
  )

export const viewOf = (account: Account, idOf: (order: UserOrder) => string): AccountView => {
  const [spot, usdm, bybit] = walletNames.map((name) => walletOf(account, name))
  return {
    key: account.key,
    positionMode: account.positionMode,
    balances: { spot: spot!, usdm: usdm!, bybit: bybit! },
    positions: [...account.positions.values()].filter(({ size }) => size !== 0).map(positionOf),
    orders: [...account.orders.values()].map((order) => orderOf(order, idOf)),
    forgottenOrders: account.forgottenOrders,
    requests: account.requests.slice(0, account.requests.length).map((record) => ({ ...record })),
    requestCount: account.requestCount
  }
}
