/** The live table as text: a pure function of what it shows and how wide the terminal is. */
import { Decimal } from "@tidewire/core"
import type { ConnectionRow, Model, SymbolRow } from "./Board.ts"
import { columns } from "./columns.ts"
import type { Trading } from "./TradingBoard.ts"

export const render = (model: Model, width: number): string =>
  [
    columns([["CONNECTION", "STATE", "FOR", "TRY", "REASON"], ...model.connections.map(connection)], new Set([2, 3])),
    "",
    columns(
      [["SYMBOL", "EVENTS/S", "LAST", "SIZE", "SIDE", "BID", "ASK", "BOOK", "GAPS"], ...model.symbols.map(symbol)],
      new Set([1, 2, 3, 5, 6, 8])
    ),
    "",
    ...(model.trading === undefined ? [] : [...trading(model.trading), ""]),
    `delivered ${model.delivered}  conflated ${model.conflated}  dropped ${model.dropped}`,
    ...model.messages
  ]
    .join("\n")
    .split("\n")
    .map((line) => clipped(line, width))
    .join("\n")

export const clipped = (line: string, width: number): string =>
  line.length > width ? `${line.slice(0, Math.max(0, width - 1))}…` : line

export const connection = ({ attempt, name, reason, sinceMs, state, venue }: ConnectionRow): ReadonlyArray<string> => [
  name === "" ? venue : `${venue}/${name}`,
  state,
  age(sinceMs),
  attempt === 0 ? "" : String(attempt),
  reason ?? ""
]

const symbol = ({ ask, bid, book, gaps, last, rate, symbol: name, venue }: SymbolRow): ReadonlyArray<string> => [
  `${venue}/${name}`,
  rate.toFixed(rate < 10 ? 1 : 0),
  last === undefined ? "" : Decimal.format(last.price),
  last === undefined ? "" : Decimal.format(last.size),
  last?.side ?? "",
  bid === undefined ? "" : Decimal.format(bid),
  ask === undefined ? "" : Decimal.format(ask),
  book ?? "",
  gaps === 0 ? "" : String(gaps)
]

const strategyRight = new Set([2, 3, 4, 5])

export const trading = ({ fills, halted, orders, strategies }: Trading): ReadonlyArray<string> => [
  ...(halted === undefined ? [] : [`TRADING IS HALTED: ${halted}`]),
  columns(
    [
      ["STRATEGY", "STATE", "OPEN", "ORDERS", "FILLS", "NET PNL", "POSITIONS"],
      ...strategies.map(({ fills: count, name, netPnl, open, orders: sent, positions, state }) => [
        name,
        state,
        String(open),
        sent === undefined ? "" : String(sent),
        String(count),
        netPnl,
        positions
      ])
    ],
    strategyRight
  ),
  ...(orders.length === 0 ? [] : ["", columns([["ORDER", "SIDE", "SIZE", "PRICE", "FILLED", "STATUS"], ...orders])]),
  ...(fills.length === 0 ? [] : ["", columns([["FILL", "SIDE", "SIZE", "PRICE", "FEE", "STRATEGY"], ...fills])])
]

/** `12s`, `3m`, `5h`, `2d`. */
export const age = (ms: number): string => {
  const seconds = Math.floor(ms / 1_000)
  if (seconds < 60) return `${seconds}s`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m`
  return seconds < 86_400 ? `${Math.floor(seconds / 3_600)}h` : `${Math.floor(seconds / 86_400)}d`
}
