/**
 * A report as one HTML page: no scripts, nothing from elsewhere, charts drawn here, light or dark as the reader has it.
 *
 * Guarantees: the same report gives the same page; every text of it is escaped.
 */
import type { PrivateEvent } from "@tidewire/core"
import { chart, escape, type Mark } from "./chart.ts"
import type { Report } from "./Report.ts"

/** Rows of a table; a page is for looking at, the JSON has all. */
const MOST_ROWS = 500

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #687385; --line: #dde2ea; --paper: #fff; --up: #12805c; --down: #c23b3b; --main: #2458c5 }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ef; --soft: #93a0b4; --line: #2c3542; --paper: #12171f; --up: #41c795; --down: #f07575; --main: #7aa5ff } }
body { margin: 2rem auto; max-width: 68rem; padding: 0 1rem; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem } p, figcaption, th { color: var(--soft) }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: 1rem; margin: 1.5rem 0 }
dt { color: var(--soft); font-size: .85rem } dd { margin: 0; font-size: 1.2rem; font-variant-numeric: tabular-nums; overflow-wrap: anywhere }
figure { margin: 1.5rem 0 } svg { width: 100%; height: auto } svg text { fill: var(--soft); font-size: 12px }
.grid { stroke: var(--line) } .equity, .price { fill: none; stroke: var(--main); stroke-width: 1.5 }
.drawdown { fill: var(--down); fill-opacity: .25; stroke: var(--down) } .buy { fill: var(--up) } .sell { fill: var(--down) }
.scroll { overflow-x: auto } table { border-collapse: collapse; width: 100%; font-size: .85rem; font-variant-numeric: tabular-nums }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--line); white-space: nowrap }
`

export const page = (report: Report): string => {
  const { currency, equity, recording } = report
  const from = equity[0]?.time ?? recording.startedAt
  const to = equity.at(-1)?.time ?? recording.endedAt
  const span = { from, to }
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">`,
    `<title>Replay</title><style>${STYLE}</style></head><body>`,
    `<h1>Replay</h1><p>${day(recording.startedAt)} to ${day(recording.endedAt)} (UTC), ${recording.frames} frames${damage(report)}</p>`,
    figures(report),
    chart({
      ...span,
      title: `Profit and loss, ${currency}`,
      lines: [{ kind: "equity", points: equity.map(({ time, value }) => [time, Number(value)]) }]
    }),
    chart({
      ...span,
      title: `Drawdown, ${currency}`,
      lines: [
        { kind: "drawdown", isFilled: true, points: equity.map(({ drawdown, time }) => [time, -Number(drawdown)]) }
      ]
    }),
    ...prices(report, span),
    "<h2>Strategies</h2>",
    table(
      [
        "strategy",
        "state",
        "venue",
        "symbol",
        "position",
        "average",
        "realised",
        "unrealised",
        "in",
        "turnover",
        "fills"
      ],
      report.strategies.flatMap(({ name, pnl, state }) =>
        pnl.rows.length === 0
          ? [[name, state, "", "", "", "", "", "", "", "", "0"]]
          : pnl.rows.map((row) => [
              name,
              state,
              row.venue,
              row.symbol,
              row.size,
              row.averagePrice ?? "",
              row.realizedPnl,
              row.unrealizedPnl ?? "",
              row.asset,
              row.turnover,
              String(row.fills)
            ])
      )
    ),
    "<h2>Sums</h2>",
    table(
      ["asset", "realised", "unrealised", "fees", "funding", "net"],
      assets(report).map((asset) => [
        asset,
        ...(["realizedPnl", "unrealizedPnl", "fees", "funding", "netPnl"] as const).map(
          (sum) => report.pnl[sum][asset] ?? "0"
        )
      ])
    ),
    `<h2>Fills</h2>${shownOf(report.fills.length, report.omitted.fills)}`,
    table(
      ["time", "venue", "symbol", "side", "size", "price", "fee", "liquidity", "strategy"],
      report.fills
        .slice(-MOST_ROWS)
        .map((fill) => [
          day(fill.receivedTime),
          fill.venue,
          fill.symbol,
          fill.side,
          fill.size,
          fill.price,
          fill.fee === undefined ? "" : `${fill.fee} ${fill.feeAsset ?? ""}`,
          fill.liquidity ?? "",
          fill.strategy ?? ""
        ])
    ),
    `<h2>Orders</h2>${shownOf(report.orders.length, report.omitted.orders)}`,
    table(
      ["time", "venue", "symbol", "side", "kind", "size", "price", "filled", "status", "reason", "strategy"],
      report.orders
        .slice(-MOST_ROWS)
        .map((order) => [
          day(order.receivedTime),
          order.venue,
          order.symbol,
          order.side,
          order.kind,
          order.size,
          order.price ?? "",
          order.filled,
          order.status,
          order.reason ?? "",
          order.strategy ?? ""
        ])
    ),
    "</body></html>",
    ""
  ].join("\n")
}

const figures = ({ currency, maxDrawdown, netValue, statistics, unvalued }: Report): string => {
  const ends = Object.entries(statistics.byStatus).map(([status, count]) => `${count} ${status}`)
  const rows: ReadonlyArray<readonly [string, string]> = [
    ["net result", `${netValue} ${currency}`],
    ["largest drawdown", `${maxDrawdown.amount} ${currency}`],
    ["orders", `${statistics.orders}${ends.length === 0 ? "" : ` (${ends.join(", ")})`}`],
    ["fills", `${statistics.fills} (${statistics.makerFills} made, ${statistics.takerFills} taken)`],
    ...(unvalued.length === 0 ? [] : [["without a price", unvalued.join(", ")] as const])
  ]
  return `<dl>${rows.map(([name, value]) => `<div><dt>${name}</dt><dd>${escape(value)}</dd></div>`).join("")}</dl>`
}

/** Those symbols that were traded on, with their fills. */
const prices = ({ fills, prices: series }: Report, span: { readonly from: number; readonly to: number }) =>
  series.flatMap(({ points, symbol, venue }) => {
    const own = fills.filter((fill) => fill.venue === venue && fill.symbol === symbol)
    if (own.length === 0) return []
    const inside = points.filter(([time]) => time >= span.from && time <= span.to)
    return [
      chart({
        ...span,
        title: `${venue} ${symbol}`,
        lines: [{ kind: "price", points: inside }],
        marks: own.slice(-MOST_ROWS).map(markOf)
      })
    ]
  })

const markOf = ({ price, receivedTime, side, size, strategy }: PrivateEvent.Fill): Mark => ({
  time: receivedTime,
  value: Number(price),
  kind: side,
  title: `${side} ${size} at ${price}${strategy === undefined ? "" : ` (${strategy})`}`
})

const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  if (rows.length === 0) return "<p>None.</p>"
  const row = (cells: ReadonlyArray<string>, tag: "td" | "th") =>
    `<tr>${cells.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join("")}</tr>`
  return `<div class="scroll"><table>${row(head, "th")}${rows.map((cells) => row(cells, "td")).join("\n")}</table></div>`
}

const shownOf = (kept: number, omitted: number): string =>
  kept + omitted <= MOST_ROWS ? "" : `<p>The latest ${Math.min(kept, MOST_ROWS)} of ${kept + omitted}.</p>`

const damage = ({ recording: { damages, lost } }: Report): string =>
  damages + lost === 0 ? "" : `; ${lost} were lost when it was recorded, ${damages} places could not be read`

const assets = ({ pnl }: Report): ReadonlyArray<string> =>
  [
    ...new Set(
      [pnl.realizedPnl, pnl.unrealizedPnl, pnl.fees, pnl.funding, pnl.netPnl].flatMap((sums) => Object.keys(sums))
    )
  ].toSorted()

const day = (time: number): string => new Date(time).toISOString().slice(0, 23).replace("T", " ")
