/**
 * What the live table shows of an engine: its strategies with what they hold and have earned, the latest of the open orders,
 * the last fills. Holds the last few fills and counts, nothing else.
 */
import { Amount, type PrivateEvent } from "@tidewire/core"
import type { Engine, Portfolio, StrategyEvent } from "@tidewire/engine"
import * as BigDecimal from "effect/BigDecimal"
import type { Told } from "./Output.ts"

export type OfAccounts = PrivateEvent.PrivateEvent | StrategyEvent.StrategyEvent

export const isOfAccounts = (event: Told): event is OfAccounts => {
  switch (event.type) {
    case "order":
    case "fill":
    case "balance":
    case "position":
    case "funding":
    case "strategy":
      return true
    default:
      return false
  }
}

export interface StrategyRow {
  readonly name: string
  readonly state: string
  /** Orders that are open now, and that were sent since the engine began, where that was followed. */
  readonly open: number
  readonly orders: number | undefined
  readonly fills: number
  /** By asset, fees taken off. */
  readonly netPnl: string
  readonly positions: string
}

export interface Trading {
  readonly halted: string | undefined
  readonly strategies: ReadonlyArray<StrategyRow>
  /** As cells. */
  readonly orders: ReadonlyArray<ReadonlyArray<string>>
  readonly fills: ReadonlyArray<ReadonlyArray<string>>
}

/** As many of the open orders, and of the last fills. */
const SHOWN = 5

export class TradingBoard {
  readonly #fills: Array<PrivateEvent.Fill> = []
  /** Orders sent, by strategy. */
  readonly #orders = new Map<string, number>()

  take(event: OfAccounts): void {
    if (event.type === "order" && event.status === "sent" && event.strategy !== undefined) {
      this.#orders.set(event.strategy, (this.#orders.get(event.strategy) ?? 0) + 1)
    }
    if (event.type !== "fill") return
    this.#fills.push(event)
    if (this.#fills.length > SHOWN) this.#fills.shift()
  }

  model({ halted, orders, strategies }: Engine.EngineStatus): Trading {
    return {
      halted,
      strategies: strategies.map(({ name, pnl, state }) => ({
        name,
        state,
        open: orders.filter((each) => each.strategy === name).length,
        orders: this.#orders.get(name) ?? 0,
        fills: pnl.rows.reduce((sum, { fills }) => sum + fills, 0),
        netPnl: amounts(pnl.netPnl),
        positions: positions(pnl.rows)
      })),
      orders: orders
        .slice(-SHOWN)
        .map(({ filled, price, side, size, status, symbol, venue }) => [
          `${venue}/${symbol}`,
          side,
          size,
          price ?? "market",
          filled,
          status
        ]),
      fills: this.#fills.map(({ fee, feeAsset, price, side, size, strategy, symbol, venue }) => [
        `${venue}/${symbol}`,
        side,
        size,
        price,
        fee === undefined ? "" : `${fee} ${feeAsset ?? ""}`,
        strategy ?? ""
      ])
    }
  }
}

/** Digits behind the point that people are shown: the averages behind a profit have more. */
const DIGITS = 8

/** `-0.52 USDT, 0.001 BTC`. */
export const amounts = (byAsset: Portfolio.ByAsset): string =>
  Object.entries(byAsset)
    .map(([asset, amount]) => `${shown(amount)} ${asset}`)
    .join(", ")

const shown = (amount: Amount.Amount): Amount.Amount =>
  Amount.write(BigDecimal.round(BigDecimal.fromStringUnsafe(amount), { scale: DIGITS, mode: "half-even" }))

const positions = (rows: ReadonlyArray<Portfolio.Row>): string =>
  rows.flatMap(({ size, symbol, venue }) => (size === "0" ? [] : [`${size} ${venue}/${symbol}`])).join(", ")
