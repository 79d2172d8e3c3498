/** What the baselines read of a frame: each venue's own fields, as a program would that knows what it subscribed to. */
import type { VenueName } from "../messages.ts"

export interface Trade {
  readonly symbol: string
  readonly id: string | number
  readonly price: string
  readonly time: number
}

type Level = readonly [price: string, size: string]

export interface Change {
  readonly last: number
  readonly bids: ReadonlyArray<Level>
  readonly asks: ReadonlyArray<Level>
}

interface BinanceTrade {
  readonly data: { readonly s: string; readonly t: number; readonly p: string; readonly T: number }
}

interface BinanceChange {
  readonly data: { readonly u: number; readonly b: ReadonlyArray<Level>; readonly a: ReadonlyArray<Level> }
}

interface BybitTrade {
  readonly data: ReadonlyArray<{ readonly s: string; readonly i: string; readonly p: string; readonly T: number }>
}

export interface Reader {
  readonly subscription: (symbols: ReadonlyArray<string>, kind: "trades" | "depth") => object
  readonly path: string
  readonly trades: (data: Buffer, each: (trade: Trade) => void) => void
  readonly change: (data: Buffer) => Change
  /** Messages before the first of the load's: the acknowledgement, and the book where it comes on the socket. */
  readonly preliminaries: (kind: "trades" | "depth") => number
}

const readChange = (data: Buffer): Change => {
  const { a, b, u } = (JSON.parse(data.toString()) as BinanceChange).data
  return { last: u, bids: b, asks: a }
}

export const readers: Record<VenueName, Reader> = {
  binance: {
    path: "/stream",
    subscription: (symbols, kind) => {
      const name = kind === "depth" ? "depth@100ms" : "trade"
      return { method: "SUBSCRIBE", params: symbols.map((symbol) => `${symbol.toLowerCase()}@${name}`), id: 1 }
    },
    trades: (data, each) => {
      const { T: time, p: price, s: symbol, t: id } = (JSON.parse(data.toString()) as BinanceTrade).data
      each({ symbol, id, price, time })
    },
    change: readChange,
    preliminaries: () => 1
  },
  "bybit-linear": {
    path: "/v5/public/linear",
    subscription: (symbols, kind) => {
      const name = kind === "depth" ? "orderbook.50" : "publicTrade"
      return { op: "subscribe", args: symbols.map((symbol) => `${name}.${symbol}`), req_id: "1" }
    },
    trades: (data, each) => {
      for (const { T: time, i: id, p: price, s: symbol } of (JSON.parse(data.toString()) as BybitTrade).data) {
        each({ symbol, id, price, time })
      }
    },
    change: readChange,
    preliminaries: (kind) => (kind === "depth" ? 2 : 1)
  }
}
