/**
 * What an engine knows at a calm end, its journal and what its strategy last told, held against what really happened on the
 * exchange: every order, fill, position and balance, and every request that reached it.
 */
import { Amount, type PrivateEvent } from "@tidewire/core"
import type { Journal } from "@tidewire/engine"
import type { AccountView, FillView, MarketKind, OrderView } from "@tidewire/simulator"
import * as BigDecimal from "effect/BigDecimal"
import type { Standing } from "./strategy.ts"

export interface Judged {
  readonly venue: string
  readonly market: MarketKind
  readonly wallet: keyof AccountView["balances"]
  /** With how many digits the venue tells a balance, where the exchange keeps more: a profit is a quotient. */
  readonly digits?: number
}

export interface Counts {
  readonly orders: number
  readonly fills: number
  /** That ended as rejected, or of which the exchange knows nothing. */
  readonly refused: number
  readonly placeRequests: number
  readonly positions: number
  readonly balances: number
}

export interface Judgement {
  readonly counts: Counts
  readonly violations: ReadonlyArray<string>
}

export const judge = (
  venues: ReadonlyArray<Judged>,
  entries: ReadonlyArray<Journal.Entry>,
  standing: Standing | undefined,
  truth: AccountView
): Judgement => {
  const violations: Array<string> = []
  const say = (text: string) => void violations.push(text)
  const counts = { orders: 0, fills: 0, refused: 0, placeRequests: 0, positions: 0, balances: 0 }
  if (truth.forgottenOrders > 0 || truth.requestCount > truth.requests.length) say("the exchange has forgotten orders")
  for (const venue of venues) {
    const orders = ordersOf(venue, entries)
    const really = new Map(
      truth.orders.filter(({ market }) => market === venue.market).map((order) => [order.clientId, order])
    )
    for (const [id, known] of orders) {
      counts.orders++
      if (really.get(id) === undefined) counts.refused++
      sameOrder(`${venue.venue} ${id}`, known, really.get(id), say)
    }
    for (const id of really.keys()) if (!orders.has(id)) say(`${venue.venue} ${id}: nobody knows of this order`)
    counts.fills += sameFills(venue, entries, [...really.values()], say)
    counts.placeRequests += sentOnce(venue, truth, orders, say)
  }
  if (standing === undefined) say("the strategy has told nothing")
  else samePossessions(venues, standing, truth, counts, say)
  return { counts, violations }
}

type Say = (text: string) => void

/** The latest report of each order that was meant to be sent; undefined where there is none. */
const ordersOf = (
  { venue }: Judged,
  entries: ReadonlyArray<Journal.Entry>
): ReadonlyMap<string, PrivateEvent.Order | undefined> => {
  const orders = new Map<string, PrivateEvent.Order | undefined>()
  for (const entry of entries) {
    if (entry._tag === "Intent" && entry.venue === venue) orders.set(entry.request.clientOrderId, undefined)
    if (entry._tag === "Order" && entry.order.venue === venue) orders.set(entry.order.clientOrderId, entry.order)
  }
  return orders
}

/** A venue rejects what it never had. */
const sameOrder = (
  name: string,
  known: PrivateEvent.Order | undefined,
  really: OrderView | undefined,
  say: Say
): void => {
  if (known === undefined)
    return say(`${name}: nothing is known of what became of it; really ${really?.status ?? "never there"}`)
  if (really === undefined) {
    if (known.status !== "rejected" || known.filled !== "0") {
      say(`${name}: ${known.status}, ${known.filled} filled; it was never there`)
    }
    return
  }
  // both say of an order that ended by itself that it is expired or cancelled
  const ended = (status: string) => (status === "expired" ? "cancelled" : status)
  const [is, was] = [`${ended(known.status)} ${known.filled}`, `${ended(really.status)} ${really.filled}`]
  if (is !== was) say(`${name}: known as ${is}, really ${was}`)
}

const sameFills = (
  { market, venue }: Judged,
  entries: ReadonlyArray<Journal.Entry>,
  orders: ReadonlyArray<OrderView>,
  say: Say
): number => {
  const really = new Map<string, FillView>()
  for (const order of orders) {
    for (const fill of order.fills) really.set(`${order.symbol} ${fill.tradeId} ${order.clientId}`, fill)
  }
  const known = new Map<string, PrivateEvent.Fill>()
  for (const entry of entries) {
    if (entry._tag !== "Fill" || entry.fill.venue !== venue) continue
    const { clientOrderId, id, symbol } = entry.fill
    const key = `${symbol} ${id} ${clientOrderId}`
    if (known.has(key)) say(`${venue} ${key}: a fill was counted twice`)
    known.set(key, entry.fill)
    const fill = really.get(key)
    if (fill === undefined) say(`${venue} ${key}: a fill that never was (${market})`)
    else if (fill.price !== entry.fill.price || fill.size !== entry.fill.size || fill.fee !== (entry.fill.fee ?? "0")) {
      const { fee, price, size } = entry.fill
      say(
        `${venue} ${key}: known as ${size} at ${price}, fee ${fee}; really ${fill.size} at ${fill.price}, ${fill.fee}`
      )
    }
  }
  for (const key of really.keys()) if (!known.has(key)) say(`${venue} ${key}: a fill is missing`)
  return known.size
}

const sentOnce = (
  { market, venue }: Judged,
  truth: AccountView,
  orders: ReadonlyMap<string, unknown>,
  say: Say
): number => {
  const placed = truth.requests.filter((each) => each.market === market && each.request === "place")
  const byId = Map.groupBy(placed, ({ clientId = "" }) => clientId)
  for (const [id, requests] of byId) {
    if (requests.length > 1) say(`${venue} ${id}: sent ${requests.length} times`)
    if (!orders.has(id)) say(`${venue} ${id}: sent, and not in the journal`)
  }
  return placed.length
}

const samePossessions = (
  venues: ReadonlyArray<Judged>,
  { balances, open, positions }: Standing,
  truth: AccountView,
  counts: { positions: number; balances: number },
  say: Say
): void => {
  if (open.length > 0) say(`still open by the engine: ${open.join(", ")}`)
  const marketOf = new Map(venues.map((each) => [each.venue, each]))
  for (const [key, size] of Object.entries(positions)) {
    const [venue = "", symbol = ""] = key.split(" ")
    const { market } = marketOf.get(venue)!
    if (market === "spot" || market === "bybit-spot") continue
    counts.positions++
    const really = truth.positions.find((each) => each.market === market && each.symbol === symbol)?.size ?? "0"
    if (size !== really) say(`${key}: a position of ${size}, really ${really}`)
  }
  for (const [key, total] of Object.entries(balances)) {
    const [venue = "", asset = ""] = key.split(" ")
    counts.balances++
    const { digits, wallet } = marketOf.get(venue)!
    const really = told(truth.balances[wallet][asset]?.total ?? "0", digits)
    if (total !== really) say(`${key}: ${total}, really ${really}`)
  }
}

const told = (amount: string, digits: number | undefined): Amount.Amount =>
  digits === undefined ? amount : Amount.write(BigDecimal.truncate(BigDecimal.fromStringUnsafe(amount), digits))
