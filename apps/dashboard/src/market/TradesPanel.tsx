/** The latest trades, newest first. */
import type { Event } from "@tidewire/core"
import { useRef } from "preact/hooks"
import { read } from "../api/client.ts"
import * as Number from "../format/number.ts"
import * as Time from "../format/time.ts"
import { None, Panel } from "../parts/Panel.tsx"
import { Ring } from "../live/Ring.ts"
import { useEvents } from "./useEvents.ts"

const KEPT = 60

interface Properties {
  readonly venue: string
  readonly symbol: string
}

export const TradesPanel = ({ symbol, venue }: Properties) => {
  const kept = useRef<Ring<Event.Trade>>(undefined)
  const trades = (kept.current ??= new Ring<Event.Trade>(KEPT))
  const load = async () => {
    const where = new URLSearchParams({ venue, symbol, channel: "trades", limit: String(KEPT) })
    const past = await read<ReadonlyArray<Event.Event>>(`/api/events?${where}`).catch(
      (): ReadonlyArray<Event.Event> => []
    )
    const all = new Map([...past.filter(isTrade), ...trades.values()].map((trade) => [trade.id, trade]))
    trades.clear()
    for (const trade of [...all.values()].toSorted(inOrder)) trades.add(trade)
  }
  const loading = useRef(load)
  const draw = useEvents({
    venue,
    symbol,
    types: ["trade"],
    begun: () => void loading.current(),
    event: (event) => {
      if (isTrade(event)) trades.add(event)
    }
  })
  loading.current = () => load().then(draw)
  const shown = trades.values().toReversed()
  const price = Number.decimals(shown.map((trade) => trade.price))
  const size = Math.min(6, Number.decimals(shown.map((trade) => trade.size)))
  return (
    <Panel title="Trades" class="trades">
      {shown.length === 0 ? (
        <None>No trade yet.</None>
      ) : (
        <div class="scroll" tabIndex={0} role="group" aria-label="Latest trades">
          <table class="tape">
            <caption class="unseen">Latest trades, newest first</caption>
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">Side</th>
                <th scope="col" class="number">
                  Price
                </th>
                <th scope="col" class="number">
                  Size
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((trade) => (
                <tr key={trade.id} class={trade.side}>
                  <td>{Time.clockMs(trade.exchangeTime ?? trade.receivedTime)}</td>
                  <td class="side">
                    <span aria-hidden="true">{trade.side === "buy" ? "▲" : "▼"}</span> {trade.side}
                  </td>
                  <td class="number">{Number.fixed(trade.price, price)}</td>
                  <td class="number">{Number.fixed(trade.size, size)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  )
}

/** What came in one read has one receive time. */
const inOrder = (one: Event.Trade, other: Event.Trade): number =>
  one.receivedTime - other.receivedTime || (one.exchangeTime ?? 0) - (other.exchangeTime ?? 0)

const isTrade = (event: Event.Event): event is Event.Trade => event.type === "trade"
