/** What is shown of strategies, orders, positions, balances and fills. Amounts are decimal text, and shown as they are. */
import type { PrivateEvent } from "@tidewire/core"
import type { EngineStatus, Portfolio } from "@tidewire/engine"
import * as Number from "../format/number.ts"
import * as Time from "../format/time.ts"
import { State } from "../parts/State.tsx"
import { ofStrategy } from "../parts/Tone.ts"
import type { Column } from "../table/Column.ts"

export interface StrategyRow {
  readonly key: string
  readonly strategy: EngineStatus.StrategyStatus
  readonly row?: Portfolio.Row
}

/** A line for each market that a strategy has traded on, or one without. */
export const strategyRows = (strategies: ReadonlyArray<EngineStatus.StrategyStatus>): ReadonlyArray<StrategyRow> =>
  strategies.flatMap((strategy): ReadonlyArray<StrategyRow> =>
    strategy.pnl.rows.length === 0
      ? [{ key: strategy.name, strategy }]
      : strategy.pnl.rows.map((row) => ({ key: `${strategy.name} ${row.venue} ${row.symbol}`, strategy, row }))
  )

const Side = ({ side }: { readonly side: "buy" | "sell" }) => (
  <span class={`side ${side}`}>
    <span aria-hidden="true">{side === "buy" ? "▲" : "▼"}</span> {side}
  </span>
)

const Profit = ({ value }: { readonly value: string | undefined }) => (
  <span class={value !== undefined && Number.isNegative(value) ? "loss" : ""}>{Number.signed(value, 6)}</span>
)

export const strategies: ReadonlyArray<Column<StrategyRow>> = [
  { title: "Strategy", cell: ({ strategy }) => strategy.name, isLong: true },
  {
    title: "State",
    cell: ({ strategy: { failure, state } }) => (
      <span title={failure}>
        <State tone={ofStrategy[state] ?? "idle"}>{state}</State>
      </span>
    )
  },
  { title: "Market", cell: ({ row }) => row && `${row.venue} ${row.symbol}`, isLong: true, room: "wide" },
  { title: "Position", cell: ({ row }) => Number.amount(row?.size), isNumber: true },
  { title: "Average", cell: ({ row }) => Number.amount(row?.averagePrice, 4), isNumber: true, room: "widest" },
  { title: "Realised", cell: ({ row }) => <Profit value={row?.realizedPnl} />, isNumber: true },
  { title: "Unrealised", cell: ({ row }) => <Profit value={row?.unrealizedPnl} />, isNumber: true, room: "wide" },
  { title: "Fills", cell: ({ row }) => Number.count(row?.fills ?? 0), isNumber: true, room: "wide" }
]

export const orders: ReadonlyArray<Column<PrivateEvent.Order>> = [
  {
    title: "Market",
    cell: ({ symbol, venue }) => `${venue} ${symbol}`,
    order: ({ symbol, venue }) => `${venue} ${symbol}`,
    isLong: true
  },
  { title: "Side", cell: ({ side }) => <Side side={side} />, order: ({ side }) => side },
  { title: "Size", cell: ({ size }) => Number.amount(size), isNumber: true },
  { title: "Price", cell: ({ price }) => Number.amount(price), isNumber: true },
  { title: "Filled", cell: ({ filled }) => Number.amount(filled), isNumber: true, room: "wide" },
  { title: "Status", cell: ({ status }) => status, order: ({ status }) => status },
  { title: "Kind", cell: ({ kind, timeInForce = "" }) => `${kind} ${timeInForce}`, room: "widest" },
  { title: "Strategy", cell: ({ strategy }) => strategy ?? Number.ABSENT, room: "widest" },
  { title: "Id", cell: ({ clientOrderId }) => clientOrderId, isLong: true, room: "widest" }
]

export const positions: ReadonlyArray<Column<PrivateEvent.Position>> = [
  { title: "Market", cell: ({ symbol, venue }) => `${venue} ${symbol}`, isLong: true },
  { title: "Leg", cell: ({ leg }) => leg, room: "wide" },
  { title: "Size", cell: ({ size }) => Number.amount(size), isNumber: true },
  { title: "Entry", cell: ({ entryPrice }) => Number.amount(entryPrice, 4), isNumber: true },
  { title: "Unrealised", cell: ({ unrealizedPnl }) => <Profit value={unrealizedPnl} />, isNumber: true }
]

export const balances: ReadonlyArray<Column<PrivateEvent.Balance>> = [
  { title: "Account", cell: ({ venue }) => venue },
  { title: "Asset", cell: ({ asset }) => asset },
  { title: "Total", cell: ({ total }) => Number.amount(total), isNumber: true },
  { title: "Free", cell: ({ free }) => Number.amount(free), isNumber: true, room: "wide" },
  { title: "Locked", cell: ({ locked }) => Number.amount(locked), isNumber: true, room: "wide" }
]

export const fills: ReadonlyArray<Column<PrivateEvent.Fill>> = [
  {
    title: "Time",
    cell: ({ exchangeTime, receivedTime }) => Time.clockMs(exchangeTime ?? receivedTime)
  },
  { title: "Market", cell: ({ symbol, venue }) => `${venue} ${symbol}`, isLong: true },
  { title: "Side", cell: ({ side }) => <Side side={side} /> },
  { title: "Size", cell: ({ size }) => Number.amount(size), isNumber: true },
  { title: "Price", cell: ({ price }) => Number.amount(price), isNumber: true },
  {
    title: "Fee",
    cell: ({ fee, feeAsset = "" }) => (fee === undefined ? Number.ABSENT : `${Number.amount(fee)} ${feeAsset}`),
    isNumber: true,
    room: "wide"
  },
  { title: "As", cell: ({ liquidity }) => liquidity ?? Number.ABSENT, room: "wide" },
  { title: "Strategy", cell: ({ strategy }) => strategy ?? Number.ABSENT, room: "widest" }
]
