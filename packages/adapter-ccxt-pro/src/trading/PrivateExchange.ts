/**
 * What of CCXT an account uses, as far as it is used. Amounts are texts, because such an exchange is made with `number` set to
 * `String`: no float comes between the exchange's digits and ours.
 */
import type { Exchange } from "../Exchange.ts"

export interface PrivateOrder {
  readonly id?: string
  readonly clientOrderId?: string
  readonly symbol?: string
  readonly timestamp?: number
  readonly lastUpdateTimestamp?: number
  readonly lastTradeTimestamp?: number
  readonly status?: string
  readonly type?: string
  readonly timeInForce?: string
  readonly postOnly?: boolean
  readonly reduceOnly?: boolean
  readonly side?: string
  readonly price?: unknown
  readonly triggerPrice?: unknown
  readonly average?: unknown
  readonly amount?: unknown
  readonly filled?: unknown
  /** As the exchange sent it. */
  readonly info?: unknown
}

export interface PrivateTrade {
  readonly id?: string
  readonly order?: string
  readonly timestamp?: number
  readonly symbol?: string
  readonly side?: string
  readonly takerOrMaker?: string
  readonly price?: unknown
  readonly amount?: unknown
  readonly fee?: { readonly cost?: unknown; readonly currency?: string }
}

export interface PrivatePosition {
  readonly symbol?: string
  readonly side?: string
  readonly contracts?: unknown
  readonly entryPrice?: unknown
  readonly unrealizedPnl?: unknown
  readonly hedged?: boolean
  readonly timestamp?: number
}

type ByAsset = Readonly<Record<string, unknown>>

export interface PrivateBalance {
  readonly free?: ByAsset
  readonly used?: ByAsset
  readonly total?: ByAsset
  readonly timestamp?: number
  /** As the exchange sent it. */
  readonly info?: unknown
}

/** What CCXT says of `createOrder` of a kind of market. */
export interface OrderFeatures {
  readonly timeInForce?: Readonly<Record<string, unknown>>
  readonly marketBuyRequiresPrice?: boolean
  readonly triggerPrice?: boolean
  readonly triggerDirection?: boolean
  readonly stopLossPrice?: boolean
  readonly takeProfitPrice?: boolean
}

type Orders = Promise<ReadonlyArray<PrivateOrder>>
type Trades = Promise<ReadonlyArray<PrivateTrade>>
type Positions = Promise<ReadonlyArray<PrivatePosition>>

export interface PrivateExchange extends Exchange {
  number?: unknown
  /** By kind of market, and of contracts by what they settle in. */
  readonly features?: Readonly<Record<string, Readonly<Record<string, unknown>> | null | undefined>>
  readonly watchOrders: () => Orders
  readonly watchMyTrades: () => Trades
  readonly watchBalance: () => Promise<PrivateBalance>
  readonly watchPositions: () => Positions
  readonly createOrder: (
    symbol: string,
    type: string,
    side: string,
    amount: string,
    price: string | undefined,
    params: object
  ) => Promise<PrivateOrder>
  readonly editOrder: (
    id: string,
    symbol: string,
    type: string,
    side: string,
    amount: string,
    price: string | undefined
  ) => Promise<PrivateOrder>
  readonly createOrderWs: PrivateExchange["createOrder"]
  readonly cancelOrderWs: PrivateExchange["cancelOrder"]
  readonly cancelOrder: (id: string | undefined, symbol: string, params?: object) => Promise<unknown>
  readonly cancelAllOrders: (symbol: string) => Promise<unknown>
  readonly fetchOrder: (id: string, symbol: string, params?: object) => Promise<PrivateOrder>
  readonly fetchOpenOrders: (symbol: string) => Orders
  readonly fetchClosedOrders: (symbol: string) => Orders
  readonly fetchCanceledOrders: (symbol: string) => Orders
  readonly fetchOrders: (symbol: string) => Orders
  readonly fetchMyTrades: (symbol: string, since?: number, limit?: number) => Trades
  readonly fetchBalance: () => Promise<PrivateBalance>
  readonly fetchPositions: () => Positions
  readonly fetchPositionMode: () => Promise<{ readonly hedged?: boolean }>
}
