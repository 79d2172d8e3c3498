/** One filled order as an engine knows it and as it really was, with what may be wrong of either: for the proof of the judge. */
import type { Journal } from "@tidewire/engine"
import type { AccountView } from "@tidewire/simulator"
import type { Standing } from "./strategy.ts"

export interface Knowledge {
  readonly status?: "filled" | "cancelled"
  readonly hasReport?: boolean
  /** How often its one fill is in the journal. */
  readonly fills?: number
  readonly price?: string
  readonly position?: string
  readonly balance?: string
}

const venue = "binance-usdm"
const symbol = "BTCUSDT"
const stamps = { venue, receivedTime: 1 }

export const known = ({
  balance = "10",
  fills = 1,
  hasReport = true,
  position = "1",
  price = "100",
  status = "filled"
}: Knowledge): { readonly entries: ReadonlyArray<Journal.Entry>; readonly standing: Standing } => {
  const request = { clientOrderId: "a", symbol, side: "buy", kind: "market", size: "1" } as const
  const fill = { type: "fill", ...stamps, symbol, id: "7", clientOrderId: "a", side: "buy", price, size: "1" } as const
  return {
    entries: [
      { _tag: "Intent", time: 1, venue, strategy: "chaos", request },
      ...Array.from({ length: fills }, () => ({
        _tag: "Fill" as const,
        fill: { ...fill, fee: "0.04", feeAsset: "USDT" }
      })),
      ...(hasReport
        ? [{ _tag: "Order" as const, order: { type: "order" as const, ...stamps, ...request, status, filled: "1" } }]
        : [])
    ],
    standing: {
      isCalm: true,
      open: [],
      positions: { [`${venue} ${symbol}`]: position },
      balances: { [`${venue} USDT`]: balance }
    }
  }
}

export const truth = ({
  placed = 1,
  stranger = false
}: {
  /** How often its request came. */
  readonly placed?: number
  /** Whether there is an order that the engine does not know. */
  readonly stranger?: boolean
}): AccountView => {
  const fill = { tradeId: "7", price: "100", size: "1", fee: "0.04", feeAsset: "USDT", isMaker: false, time: 1 }
  const order: AccountView["orders"][number] = {
    market: "usdm",
    symbol,
    orderId: "1",
    clientId: "a",
    side: "buy",
    leg: "net",
    lifetime: "ioc",
    size: "1",
    filled: "1",
    reduceOnly: false,
    status: "filled",
    createdTime: 1,
    updatedTime: 1,
    fills: [fill]
  }
  const request = { time: 1, market: "usdm", by: "rest", request: "place", symbol, clientId: "a", outcome: "" } as const
  return {
    key: "chaos-key",
    positionMode: "oneWay",
    balances: { spot: {}, usdm: { USDT: { total: "10", free: "10", locked: "0" } }, bybit: {} },
    positions: [{ market: "usdm", symbol, leg: "net", size: "1", entryPrice: "100", realised: "0" }],
    orders: stranger ? [order, { ...order, clientId: "b", orderId: "2", fills: [] }] : [order],
    forgottenOrders: 0,
    requests: Array.from({ length: placed }, () => ({ ...request, orderId: undefined })),
    requestCount: placed
  }
}
