/** Orders, fills and reports with as little written as matters. */
import { Order, PrivateEvent } from "@tidewire/core"
import type { OrderState } from "@tidewire/engine"

export const request = (change: Partial<Order.Request> = {}): Order.Request => ({
  clientOrderId: "a-1",
  symbol: "BTCUSDT",
  side: "buy",
  kind: "limit",
  size: "1",
  price: "100",
  ...change
})

export const report = (change: Partial<PrivateEvent.Order> = {}): PrivateEvent.Order => ({
  type: "order",
  venue: "paper",
  receivedTime: 1_000,
  symbol: "BTCUSDT",
  clientOrderId: "a-1",
  venueOrderId: "v-1",
  side: "buy",
  kind: "limit",
  size: "1",
  price: "100",
  status: "open",
  filled: "0",
  ...change
})

export const fill = (id: string, change: Partial<PrivateEvent.Fill> = {}): PrivateEvent.Fill => ({
  type: "fill",
  venue: "paper",
  receivedTime: 1_000,
  symbol: "BTCUSDT",
  id,
  clientOrderId: "a-1",
  venueOrderId: "v-1",
  side: "buy",
  price: "100",
  size: "0.5",
  ...change
})

export const intent = (change: Partial<Order.Request> = {}): OrderState.Input => ({
  _tag: "Intent",
  intent: { time: 1, venue: "paper", strategy: "s", request: request(change) }
})
export const reported = (change: Partial<PrivateEvent.Order>): OrderState.Input => ({
  _tag: "Report",
  order: report(change)
})
export const filledBy = (id: string, change: Partial<PrivateEvent.Fill> = {}): OrderState.Input => ({
  _tag: "Fill",
  fill: fill(id, change)
})
