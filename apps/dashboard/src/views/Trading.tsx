/** The engine: whether it trades, what with, what has come of it, and its switch. */
import type { EngineStatus } from "@tidewire/engine"
import { KillSwitch } from "../actions/KillSwitch.tsx"
import { ApiError } from "../api/client.ts"
import * as Number from "../format/number.ts"
import { usePoll } from "../live/usePoll.ts"
import { None, Panel } from "../parts/Panel.tsx"
import { State } from "../parts/State.tsx"
import { Table } from "../table/Table.tsx"
import * as Columns from "../trading/columns.tsx"
import { Fills } from "../trading/Fills.tsx"
import { PnlCurve } from "../trading/PnlCurve.tsx"

export const Trading = () => {
  const polled = usePoll<EngineStatus.EngineStatus>("/api/engine", 1_000)
  const { data: engine, failure } = polled
  if (engine === undefined) {
    return <None>{failure instanceof ApiError ? failure.message : "Asking the engine."}</None>
  }
  const balances = engine.venues.flatMap((venue) => venue.balances)
  const positions = engine.venues.flatMap((venue) => venue.positions)
  const { daily, halted, orders, pnl, strategies, venues } = engine
  return (
    <>
      <Panel
        title={halted === undefined ? "Engine" : "Engine, halted"}
        of={polled}
        class="engine"
        aside={<KillSwitch isHalted={halted !== undefined} orders={orders.length} />}
      >
        <ul class="facts">
          <li>
            <State tone={halted === undefined ? "ok" : "bad"}>
              {halted === undefined ? "trading" : `halted: ${halted}`}
            </State>
          </li>
          {venues
            .filter(({ execution }) => execution !== "None")
            .map(({ closed, execution, venue }) => (
              <li key={venue}>
                <State tone={closed === undefined ? "ok" : "warn"}>
                  {venue}, {execution.toLowerCase()}
                  {closed !== undefined && `: ${closed}`}
                </State>
              </li>
            ))}
        </ul>
        <dl class="sums">
          <Sum title={`Today, ${daily.currency}`} value={daily.pnl} />
          {Object.entries(pnl.netPnl).map(([asset, value]) => (
            <Sum key={asset} title={`Net, ${asset}`} value={value} />
          ))}
          {Object.entries(pnl.fees).map(([asset, value]) => (
            <Sum key={asset} title={`Fees, ${asset}`} value={value} isPlain />
          ))}
        </dl>
      </Panel>
      <div class="stack">
        <PnlCurve />
        <Panel title="Strategies" of={polled}>
          <Table
            caption="Strategies"
            columns={Columns.strategies}
            rows={Columns.strategyRows(strategies)}
            rowKey={({ key }) => key}
          />
        </Panel>
        <Panel title="Open orders" of={polled} aside={<span>{orders.length}</span>}>
          <Table
            caption="Open orders"
            columns={Columns.orders}
            rows={orders}
            rowKey={({ clientOrderId }) => clientOrderId}
            none="No order is open."
            isTall
          />
        </Panel>
      </div>
      <div class="stack">
        <Panel title="Positions" of={polled}>
          <Table
            caption="Positions"
            columns={Columns.positions}
            rows={positions}
            rowKey={({ leg, symbol, venue }) => `${venue} ${symbol} ${leg}`}
            none="Flat everywhere."
          />
        </Panel>
        <Panel title="Balances" of={polled}>
          <Table
            caption="Balances"
            columns={Columns.balances}
            rows={balances}
            rowKey={({ asset, venue }) => `${venue} ${asset}`}
          />
        </Panel>
        <Fills />
      </div>
    </>
  )
}

const Sum = ({
  isPlain,
  title,
  value
}: {
  readonly title: string
  readonly value: string
  readonly isPlain?: boolean
}) => (
  <div class={!isPlain && Number.isNegative(value) ? "loss" : ""}>
    <dt>{title}</dt>
    <dd>{isPlain ? Number.amount(value, 4) : Number.signed(value, 4)}</dd>
  </div>
)
