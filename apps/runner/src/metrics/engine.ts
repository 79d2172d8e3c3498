/** Strategies, orders and what came of them; shown where there is an engine. */
import { type EventBus, Order, type PrivateEvent, RecentKeys } from "@tidewire/core"
import type { EngineStatus, Refusal } from "@tidewire/engine"
import type { Composition } from "../engine/compose.ts"
import type { Told } from "../output/Output.ts"
import type { Page } from "./Page.ts"

const ended = ["filled", "cancelled", "expired", "rejected"] as const satisfies ReadonlyArray<Order.Status>

const limits = {
  instrument: 0,
  notional: 0,
  position: 0,
  openOrders: 0,
  orderRate: 0,
  priceBand: 0,
  dailyLoss: 0,
  balance: 0
} as const satisfies Readonly<Record<Refusal.RiskLimit["limit"], number>>

const causes = {
  disconnected: 0,
  reconciling: 0,
  positionMode: 0,
  halted: 0,
  journal: 0,
  stopping: 0,
  stopped: 0
} as const satisfies Readonly<Record<Refusal.NotTrading["cause"], number>>

/** Every reason there is, so that the first refusal of a kind is seen as one. */
const refusals: ReadonlyArray<string> = [
  "InvalidOrder",
  "NoSuchOrder",
  ...Object.keys(limits).map((limit) => `RiskLimit:${limit}`),
  ...Object.keys(causes).map((cause) => `NotTrading:${cause}`)
]

/** Counts orders and fills as they are told. */
export class OrderCounts {
  readonly #counts = new Map<string, number>()
  /** So that what is told of an order again, a late fill, say, is not counted again. */
  readonly #sent = new RecentKeys.RecentKeys()
  readonly #ended = new RecentKeys.RecentKeys()

  constructor(bus: EventBus.EventBus<Told>) {
    bus.on("order", (order) => this.#order(order), "metrics")
    bus.on("fill", ({ venue }) => this.#add(`${venue}\nfill`), "metrics")
  }

  of(venue: string, what: "sent" | "fill" | (typeof ended)[number]): number {
    return this.#counts.get(`${venue}\n${what}`) ?? 0
  }

  #order({ clientOrderId, status, venue }: PrivateEvent.Order): void {
    const key = `${venue}\n${clientOrderId}`
    const [counted, what] = status === "sent" ? [this.#sent, "sent"] : [this.#ended, status]
    if ((status !== "sent" && !Order.isEnded(status)) || counted.has(key)) return
    counted.add(key)
    this.#add(`${venue}\n${what}`)
  }

  #add(key: string): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
  }
}

export const show = (page: Page, { engine, traded }: Composition, orders: OrderCounts): void => {
  const status = engine.status()
  for (const venue of traded) {
    page.add("tidewire_orders_sent_total", { venue }, orders.of(venue, "sent"))
    for (const each of ended) page.add("tidewire_orders_ended_total", { venue, status: each }, orders.of(venue, each))
    page.add("tidewire_fills_total", { venue }, orders.of(venue, "fill"))
    page.add("tidewire_open_orders", { venue }, status.orders.filter((order) => order.venue === venue).length)
  }
  for (const { closed, execution, positions, venue } of status.venues) {
    if (execution === "None") continue
    page.add("tidewire_account_open", { venue }, closed === undefined ? 1 : 0)
    page.add("tidewire_open_positions", { venue }, positions.length)
  }
  showMoney(page, status)
  page.add("tidewire_halted", {}, status.halted === undefined ? 0 : 1)
  page.add("tidewire_journal_writes_total", {}, status.journalWrites)
  page.add("tidewire_engine_dropped_total", {}, status.dropped)
  page.add("tidewire_unvalued_fills_total", {}, status.unvalued)
  for (const reason of refusals) {
    page.add("tidewire_order_refusals_total", { reason }, status.refusals[reason] ?? 0)
  }
  for (const [notice, count] of Object.entries(status.notices)) {
    page.add("tidewire_engine_notices_total", { notice }, count)
  }
  for (const state of ["waiting", "running", "stopped", "failed"]) page.add("tidewire_strategies", { state }, 0)
  for (const { handled, name: strategy, state } of status.strategies) {
    page.add("tidewire_strategies", { state }, 1)
    page.add("tidewire_strategy_events_total", { strategy }, handled)
  }
}

/** Amounts are exact in the engine; here they are for pictures. */
const showMoney = (page: Page, { daily, pnl }: EngineStatus.EngineStatus): void => {
  page.add("tidewire_daily_pnl", { currency: daily.currency }, Number(daily.pnl))
  const parts = {
    realized: pnl.realizedPnl,
    unrealized: pnl.unrealizedPnl,
    fees: pnl.fees,
    funding: pnl.funding,
    net: pnl.netPnl
  }
  for (const [part, amounts] of Object.entries(parts)) {
    for (const [asset, amount] of Object.entries(amounts)) page.add("tidewire_pnl", { asset, part }, Number(amount))
  }
}
