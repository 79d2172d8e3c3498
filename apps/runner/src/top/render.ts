/**
 * An instance as text: a pure function of what it told, of what is looked at, and of the room there is. The streams take what the
 * rest leaves.
 */
import { columns } from "../output/columns.ts"
import { age, clipped, connection, trading } from "../output/render.ts"
import { TradingBoard } from "../output/TradingBoard.ts"
import type { Snapshot } from "./Snapshot.ts"
import { cells, chosen, heads, right, type Stream } from "./streamRows.ts"
import type { View } from "./View.ts"

/** Rows and columns; absent: all that is there. */
export interface Room {
  readonly width: number
  readonly height: number
}

/** Where there is little room, or there are many, only those connections are told that are not Active. */
const CONNECTIONS = 12
const ROOMY = 60
const ALERTS = 6
const LEAST_STREAMS = 3

const MB = 1_024 * 1_024

/** `trouble`: why it is not as new as it should be. */
export const render = (snapshot: Snapshot, view: View, room?: Room, trouble?: string): string => {
  const whole = [
    ...head(snapshot),
    ...(trouble === undefined ? [] : ["", `STALE: ${trouble}`]),
    ...section(alerts(snapshot)),
    ...section(venues(snapshot)),
    ...section(connections(snapshot, room)),
    ...section(engine(snapshot)),
    ...section(latency(snapshot))
  ].flatMap((each) => each.split("\n"))
  // a line between, the title, the heads, the keys, and the one that the cursor is in
  const left = room === undefined ? Infinity : room.height - 5
  const above = whole.slice(0, Math.max(0, left - LEAST_STREAMS))
  const rows = chosen(snapshot.streams, view)
  const fitting = Math.min(rows.length, left - above.length)
  const first = Math.min(view.offset, rows.length - fitting)
  const shown = rows.slice(first, first + fitting)
  const text = [
    ...above,
    "",
    title(rows, shown, first, snapshot, view),
    columns([heads, ...shown.map(cells)], right),
    ...(room === undefined ? [] : [hint(view)])
  ].join("\n")
  return room === undefined
    ? text
    : text
        .split("\n")
        .map((line) => clipped(line, room.width))
        .join("\n")
}

const section = (lines: ReadonlyArray<string>): ReadonlyArray<string> => (lines.length === 0 ? [] : ["", ...lines])

const head = ({ health, status, store }: Snapshot): ReadonlyArray<string> => {
  const { clients, process: own } = status
  const { eventLoopDelayMs: delay } = own
  const stale = health.levels.data.stale.length
  const { active, total } = health.levels.connections
  return [
    `tidewire ${status.version}  ${status.source}  ${status.phase} for ${age(status.uptimeMs)}  pid ${own.pid}`,
    `health ${health.status}: ${active} of ${total} connections active, stale streams ${stale}`,
    [
      `cpu ${own.cpuPercent.toFixed(0)} %`,
      `memory ${(own.rssBytes / MB).toFixed(0)} MB, heap ${(own.heapBytes / MB).toFixed(0)}`,
      `event loop p99 ${delay.p99.toFixed(1)} ms, max ${delay.max.toFixed(1)}`,
      `clients ${clients.sse} sse, ${clients.ws} ws, lost ${clients.lost}`,
      ...(store === undefined
        ? []
        : [`store ${store.state}: ${store.stored} stored, ${store.waiting} waiting, ${store.dropped} dropped`])
    ].join("  ")
  ]
}

const venues = ({ status }: Snapshot): ReadonlyArray<string> => [
  columns(
    [
      [
        "VENUE",
        "CONNECTIONS",
        "DELIVERED",
        "CONFLATED",
        "DROPPED",
        "WAITING",
        "GAPS",
        "REPAIRED",
        "RECONNECTS",
        "RESYNCS",
        "FAILURE"
      ],
      ...status.venues.map(({ connections: { active, total }, counts, failure, feed, gaps, gapsRepaired, name }) => [
        name,
        `${active} of ${total}`,
        ...[counts.delivered, counts.conflated, counts.dropped, counts.waiting].map(String),
        ...[gaps, gapsRepaired, feed.reconnects, feed.resyncs].map(String),
        failure ?? ""
      ])
    ],
    new Set([1, 2, 3, 4, 5, 6, 7, 8, 9])
  )
]

const connections = ({ connections: all, status }: Snapshot, room: Room | undefined): ReadonlyArray<string> => {
  const now = status.startedAt + status.uptimeMs
  const isWhole = all.length <= CONNECTIONS && (room === undefined || room.height >= ROOMY)
  const shown = isWhole ? all : all.filter(({ state }) => state !== "Active").slice(0, CONNECTIONS)
  const active = all.filter(({ state }) => state === "Active").length
  const rows = shown.map(({ latencyMs, reason, reconnects, rotations, since, ...each }) => {
    const [name = "", state = "", since_ = "", attempt = "", why = ""] = connection({
      ...each,
      sinceMs: Math.max(0, now - since),
      reason
    })
    const ping = latencyMs === undefined ? "" : `${latencyMs.toFixed(1)} ms`
    return [name, state, since_, attempt, ping, String(reconnects), String(rotations), why]
  })
  return [
    ...(rows.length === 0
      ? []
      : [
          columns(
            [["CONNECTION", "STATE", "FOR", "TRY", "PING", "RECONNECTS", "ROTATIONS", "REASON"], ...rows],
            new Set([2, 3, 4, 5, 6])
          )
        ]),
    ...(isWhole ? [] : [`${active} of ${all.length} connections Active`])
  ]
}

/** A row a venue, a column a hop: the median, and the 99th percentile. */
const latency = ({ latency: rows }: Snapshot): ReadonlyArray<string> => {
  if (rows.length === 0) return []
  const hops = [...new Set(rows.map(({ hop }) => hop))]
  const ms = (value: number) => value.toFixed(value < 10 ? 2 : 0)
  const table = [...Map.groupBy(rows, ({ venue }) => venue)].map(([venue, of]) => [
    venue,
    ...hops.map((hop) => {
      const found = of.find((each) => each.hop === hop)
      return found === undefined ? "" : `${ms(found.p50)} / ${ms(found.p99)}`
    })
  ])
  return [columns([["P50 / P99, MS", ...hops], ...table], new Set(hops.map((_, index) => index + 1)))]
}

const engine = ({ engine: status, fills, status: { mode } }: Snapshot): ReadonlyArray<string> => {
  if (status === undefined) return []
  const board = new TradingBoard()
  for (const fill of fills) board.take(fill)
  const model = board.model(status)
  const { daily, orders, venues: traded } = status
  const positions = traded.reduce((sum, { positions: held }) => sum + held.length, 0)
  const closed = traded.flatMap(({ closed: why, venue }) =>
    why === undefined ? [] : [`NOT TRADED ON: ${venue}: ${why}`]
  )
  return [
    `engine ${mode}  today ${daily.pnl} ${daily.currency}  open orders ${orders.length}  positions ${positions}`,
    ...closed,
    // how many were sent is not told
    ...trading({ ...model, strategies: model.strategies.map((each) => ({ ...each, orders: undefined })) })
  ]
}

const alerts = ({ alerts: active, status }: Snapshot): ReadonlyArray<string> => {
  const now = status.startedAt + status.uptimeMs
  const rows = active
    .slice(0, ALERTS)
    .map(({ message, severity, since, subject }) => [severity, age(Math.max(0, now - since)), subject, message])
  return [
    ...(rows.length === 0 ? [] : [columns([["ALERT", "FOR", "ABOUT", "MESSAGE"], ...rows], new Set([1]))]),
    ...(active.length > ALERTS ? [`${active.length - ALERTS} more alerts`] : [])
  ]
}

const title = (
  rows: ReadonlyArray<Stream>,
  shown: ReadonlyArray<Stream>,
  first: number,
  { streams }: Snapshot,
  { filter, isReversed, isTyping, sort }: View
): string => {
  const range =
    shown.length === rows.length ? `${rows.length}` : `${first + 1} to ${first + shown.length} of ${rows.length}`
  const of = rows.length === streams.length ? "" : `, of ${streams.length} in all`
  const by = sort === "name" && !isReversed ? "" : `, by ${sort}${isReversed ? " reversed" : ""}`
  const matching = filter === "" && !isTyping ? "" : `, with "${filter}${isTyping ? "_" : ""}"`
  return `streams ${range}${of}${by}${matching}`
}

const hint = ({ isPaused, isTyping }: View): string => {
  if (isTyping) return "type a part of a name; enter keeps it, escape drops it"
  return `${isPaused ? "PAUSED  " : ""}q quit  s sort  r reverse  / filter  up, down scroll  space pause`
}
