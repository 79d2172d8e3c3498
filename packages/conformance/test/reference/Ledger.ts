/**
 * The made-up exchange's ledger of one account: its orders, fills, money and position, and whoever listens. Prices and sizes
 * are few and round, so that plain numbers are exact; they are told as texts.
 */
import type { Order } from "@tidewire/core"
import type { TrueAccount, TrueFill, TrueOrder, TrueRequest } from "../../src/index.ts"
import type { Market } from "./Market.ts"

/** As the made-up venue tells of an account. */
export type Told =
  | { readonly type: "order"; readonly order: BookedOrder; readonly time: number }
  | { readonly type: "fill"; readonly order: BookedOrder; readonly fill: TrueFill; readonly time: number }
  | { readonly type: "holdings"; readonly total: string; readonly positions: TrueAccount["positions"] }

export interface BookedOrder extends Omit<TrueOrder, "price"> {
  readonly request: Order.Request
  readonly price?: string
}

/** A refusal, with the made-up venue's code. */
export class Refused extends Error {
  readonly code: number
  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

interface Entry {
  request: Order.Request
  readonly venueOrderId: string
  status: TrueOrder["status"]
  isWaiting: boolean
  filled: number
  readonly fills: Array<TrueFill & { readonly time: number }>
}

const MONEY = 1_000_000
const FEE = 0.001
const MOST = 10_000

const text = (amount: number): string => String(Number(amount.toFixed(6)))

export class Ledger {
  readonly requests: Array<TrueRequest> = []
  readonly listeners = new Set<(told: Told) => void>()
  readonly #entries: Array<Entry> = []
  readonly #positions = new Map<string, { size: number; entry: number }>()
  readonly #markets: ReadonlyMap<string, Market>
  readonly #now: () => number
  #total = MONEY
  #fills = 0

  constructor(markets: ReadonlyMap<string, Market>, now: () => number) {
    this.#markets = markets
    this.#now = now
  }

  get account(): TrueAccount {
    return {
      orders: this.orders.map(unasked),
      balances: [{ asset: "USD", total: text(this.#total) }],
      positions: this.positions,
      positionMode: "oneWay",
      requests: [...this.requests]
    }
  }

  get orders(): ReadonlyArray<BookedOrder> {
    return this.#entries.map(booked)
  }

  get positions(): TrueAccount["positions"] {
    return [...this.#positions]
      .filter(([, { size }]) => size !== 0)
      .map(([symbol, { size }]) => ({ symbol, leg: "net", size: text(size) }))
  }

  fills(symbol: string, since: number) {
    return this.#entries
      .filter(({ request }) => request.symbol === symbol)
      .flatMap((entry) => entry.fills.map(({ time, ...fill }) => ({ fill, time, order: booked(entry) })))
      .filter(({ time }) => time >= since)
      .toSorted((one, other) => one.time - other.time)
  }

  place(request: Order.Request): BookedOrder {
    const market = this.#marketOf(request.symbol)
    if (this.#entries.length >= MOST) throw new RangeError("the made-up ledger is full")
    const price = request.price === undefined ? undefined : Number(request.price)
    const [best = 0] = this.#offers(market, request)[0] ?? []
    const takes = price === undefined || (request.side === "buy" ? price >= best : price <= best)
    if (request.timeInForce === "postOnly" && takes) throw new Refused(11, "it would take")
    const room = request.reduceOnly === true ? this.#room(request) : Number(request.size)
    if (room === 0) throw new Refused(12, "there is nothing to reduce")
    const size = text(Math.min(Number(request.size), room))
    const entry: Entry = {
      request: { ...request, size },
      venueOrderId: String(9_000 + this.#entries.length),
      status: "open",
      isWaiting: request.triggerPrice !== undefined,
      filled: 0,
      fills: []
    }
    this.#entries.push(entry)
    this.#tell(entry)
    if (!entry.isWaiting) this.#work(entry)
    return booked(entry)
  }

  cancel(clientOrderId: string): void {
    const entry = this.#open(clientOrderId)
    if (entry === undefined) throw new Refused(13, "it is not open")
    this.#end(entry, "cancelled")
  }

  amend(clientOrderId: string, change: { readonly price?: string; readonly size?: string }): void {
    const entry = this.#open(clientOrderId)
    if (entry === undefined) throw new Refused(13, "it is not open")
    entry.request = { ...entry.request, ...change }
    this.#tell(entry)
  }

  /** Others trade against an order that rests, at its price. */
  meet(clientOrderId: string, size: number): void {
    const entry = this.#open(clientOrderId)
    if (entry === undefined) throw new RangeError(`${clientOrderId} does not rest`)
    this.#fill(entry, Number(entry.request.price), size, "maker")
  }

  /** Whatever waits for a price between here and there has found it. */
  moveTo(symbol: string): void {
    for (const entry of this.#entries) {
      if (!entry.isWaiting || entry.status !== "open" || entry.request.symbol !== symbol) continue
      entry.isWaiting = false
      this.#work(entry)
    }
  }

  #work(entry: Entry): void {
    const { request } = entry
    const limit = request.price === undefined ? undefined : Number(request.price)
    const isWithin = (price: number) =>
      limit === undefined || (request.side === "buy" ? price <= limit : price >= limit)
    const offers = this.#offers(this.#marketOf(request.symbol), request).filter(([price]) => isWithin(price))
    const there = offers.reduce((sum, [, size]) => sum + size, 0)
    if (request.timeInForce === "fok" && there < Number(request.size)) return this.#end(entry, "expired")
    for (const [price, size] of offers) {
      const left = Number(entry.request.size) - entry.filled
      if (left > 0) this.#fill(entry, price, Math.min(left, size), "taker")
    }
    const mayRest = limit !== undefined && request.timeInForce !== "ioc"
    if (entry.status === "open" && !mayRest) this.#end(entry, "expired")
  }

  #fill(entry: Entry, price: number, size: number, liquidity: TrueFill["liquidity"]): void {
    const { request } = entry
    const fee = price * size * FEE
    const fill = {
      id: String(70_000 + this.#fills++),
      price: text(price),
      size: text(size),
      fee: text(fee),
      feeAsset: "USD",
      liquidity,
      time: this.#now()
    }
    entry.fills.push(fill)
    entry.filled += size
    if (entry.filled === Number(request.size)) entry.status = "filled"
    const position = this.#positions.get(request.symbol) ?? { size: 0, entry: 0 }
    const by = request.side === "buy" ? size : -size
    const isOpening = position.size === 0 || Math.sign(position.size) === Math.sign(by)
    const worth = position.entry * position.size + price * by
    if (!isOpening) this.#total += -by * (price - position.entry)
    this.#total -= fee
    const now = position.size + by
    this.#positions.set(request.symbol, { size: now, entry: isOpening ? worth / now : position.entry })
    this.#tell(entry)
    this.#say({ type: "fill", order: booked(entry), fill, time: fill.time })
    this.#sayHoldings(request.symbol)
  }

  #end(entry: Entry, status: "cancelled" | "expired"): void {
    entry.status = status
    this.#tell(entry)
  }

  #tell(entry: Entry): void {
    this.#say({ type: "order", order: booked(entry), time: this.#now() })
  }

  #sayHoldings(symbol: string): void {
    const size = text(this.#positions.get(symbol)?.size ?? 0)
    this.#say({ type: "holdings", total: text(this.#total), positions: [{ symbol, leg: "net", size }] })
  }

  #say(told: Told): void {
    for (const listener of this.listeners) listener(told)
  }

  /** What an order of this side may take, best first. */
  #offers({ book }: Market, { side }: Order.Request): ReadonlyArray<readonly [number, number]> {
    return (side === "buy" ? book.asks : book.bids).map(([price, size]) => [price, size])
  }

  #room({ side, symbol }: Order.Request): number {
    const { size } = this.#positions.get(symbol) ?? { size: 0 }
    return Math.max(0, side === "sell" ? size : -size)
  }

  #open(clientOrderId: string): Entry | undefined {
    return this.#entries.find(({ request, status }) => request.clientOrderId === clientOrderId && status === "open")
  }

  #marketOf(symbol: string): Market {
    const market = this.#markets.get(symbol)
    if (market === undefined) throw new Refused(10, `no symbol ${symbol}`)
    return market
  }
}

const unasked = (order: BookedOrder): TrueOrder => {
  const { request: _, ...known } = order
  return known
}

const untimed = (entered: Entry["fills"][number]): TrueFill => {
  const { time: _, ...fill } = entered
  return fill
}

const booked = ({ fills, filled, request, status, venueOrderId }: Entry): BookedOrder => ({
  request,
  symbol: request.symbol,
  clientOrderId: request.clientOrderId,
  venueOrderId,
  side: request.side,
  size: request.size,
  ...(request.price !== undefined && { price: request.price }),
  status,
  filled: text(filled),
  fills: fills.map(untimed)
})
