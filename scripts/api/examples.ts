/** One command for every route of the API, by its id; in the order of the document each works on a demo that has just begun. */

export interface Example {
  /** With its parameters. */
  readonly path: string
  /** What is sent; a route that changes something has one. */
  readonly body?: unknown
  /** In place of curl. */
  readonly command?: string
}

/** Where the demo is, as the document says it. */
export const URL = "http://127.0.0.1:8080"

const btc = { venue: "binance", connection: "BTCUSDT" }
const sol = { venue: "binance", add: [{ symbol: "SOL/USDT", channel: "trades" }] }

const talk = `node -e '
const socket = new WebSocket("ws://127.0.0.1:8080/api/ws")
socket.onopen = () => socket.send(JSON.stringify({ op: "subscribe", type: "trade", symbol: "BTCUSDT" }))
let left = 3
socket.onmessage = ({ data }) => {
  console.log(data)
  if (--left === 0) socket.close()
}'`

export const examples: Readonly<Record<string, Example>> = {
  "health.health": { path: "/health" },
  "health.ready": { path: "/health/ready" },
  "health.live": { path: "/health/live" },
  "status.status": { path: "/api/status" },
  "status.connections": { path: "/api/connections" },
  "status.connectionHistory": { path: "/api/connections/history?limit=2" },
  "status.streams": { path: "/api/streams" },
  "status.latency": { path: "/api/latency" },
  "status.gaps": { path: "/api/gaps?limit=10" },
  "market.instruments": { path: "/api/instruments?venue=binance&query=*USDT&limit=1" },
  "market.book": { path: "/api/books/binance/BTCUSDT?depth=2" },
  "market.events": { path: "/api/events?venue=bybit&symbol=BTCUSDT&channel=trades&limit=1" },
  "market.bars": { path: "/api/bars/binance/BTCUSDT/1m?limit=2" },
  "streams.sse": { path: "/api/stream?type=trade&symbol=BTCUSDT", command: "head" },
  "streams.ws": { path: "/api/ws", command: talk },
  "subscriptions.subscriptions": { path: "/api/subscriptions" },
  "subscriptions.preview": { path: "/api/subscriptions/preview", body: sol },
  "subscriptions.change": { path: "/api/subscriptions", body: sol },
  "connections.rotate": { path: "/api/connections/rotate", body: btc },
  "connections.reconnect": { path: "/api/connections/reconnect", body: { ...btc, connection: "ETHUSDT" } },
  "connections.reset": { path: "/api/connections/reset", body: {} },
  "engine.engine": { path: "/api/engine" },
  "engine.orders": { path: "/api/orders" },
  "engine.positions": { path: "/api/positions" },
  "engine.balances": { path: "/api/balances" },
  "engine.fills": { path: "/api/fills?limit=1" },
  "engine.pnl": { path: "/api/pnl" },
  "engine.kill": { path: "/api/engine/kill", body: { reason: "looks wrong", withinMs: 5_000 } },
  "engine.resume": { path: "/api/engine/resume", body: { reason: "looks right" } },
  "operation.alerts": { path: "/api/alerts" },
  "operation.store": { path: "/api/store" },
  "operation.metrics": { path: "/metrics" },
  "collectors.collectors": { path: "/collectors/status" },
  "collectors.collector": { path: "/collectors/status/binance" },
  "collectors.storage": { path: "/collectors/storage/stats" },
  "collectors.trades": { path: "/collectors/trades?symbol=BTCUSDT&limit=1" },
  "collectors.tasks": { path: "/debug/tasks" },
  "collectors.memory": { path: "/debug/storage" }
}

/** As it is typed; `TIDEWIRE_TOKEN` is what the configuration's `token` names. */
export const commandOf = (method: string, { body, command, path }: Example): string => {
  const url = /[?&*]/.test(path) ? `'${URL}${path}'` : `${URL}${path}`
  if (command === "head") return `curl -sN ${url} | head -n 5`
  if (command !== undefined) return command
  if (body === undefined) return `curl -s ${url}`
  return [
    `curl -s -X ${method.toUpperCase()} -H "authorization: Bearer $TIDEWIRE_TOKEN" -H 'content-type: application/json' \\`,
    `  -d '${JSON.stringify(body)}' ${url}`
  ].join("\n")
}
