/**
 * What nobody should send: 10 000 seeded requests and frames. The door and every route answer with what they mean to, and the
 * stream does not notice.
 */
import * as http from "node:http"
import * as net from "node:net"
import { assert, describe, it } from "@effect/vitest"
import { parseLines } from "../tidewire.ts"
import { serve, type Served, TOKEN } from "./served.ts"
import { eventually } from "./sse.ts"

const REQUESTS = 10_000
const AT_ONCE = 16
const SEED = 20_261_122

/** A small generator of numbers in [0, 1): mulberry32. */
const random = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
}

const paths = [
  "/health",
  "/health/ready",
  "/api/status",
  "/api/connections",
  "/api/connections/history",
  "/api/streams",
  "/api/latency",
  "/api/gaps",
  "/api/instruments",
  "/api/books/binance/BTCUSDT",
  "/api/events",
  "/api/bars/binance/BTCUSDT/1m",
  "/api/subscriptions",
  "/api/subscriptions/preview",
  "/api/connections/rotate",
  "/api/connections/reset",
  "/api/engine",
  "/api/engine/kill",
  "/api/engine/resume",
  "/api/orders",
  "/api/fills",
  "/api/pnl",
  "/api/alerts",
  "/api/store",
  "/api/ws",
  "/metrics",
  "/collectors/status",
  "/collectors/status/binance",
  "/collectors/storage/stats",
  "/collectors/trades",
  "/debug/tasks",
  "/debug/storage",
  "/openapi.json",
  "/docs",
  "/",
  "/ui/assets/a.js"
]
const methods = ["GET", "GET", "GET", "POST", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "PROPFIND"]
const pieces = [
  "%00",
  "%2e%2e%2f",
  "..",
  "//",
  "%",
  "%zz",
  "%ff",
  "é",
  "?",
  "&&",
  "=",
  "#",
  "[]",
  "{}",
  ";",
  "\\",
  "'",
  "*",
  "%F0%9F%92%A9"
]
const names = [
  "venue",
  "symbol",
  "channel",
  "type",
  "limit",
  "since",
  "depth",
  "query",
  "__proto__",
  "constructor",
  "x[]"
]
const values = [
  "binance",
  "BTCUSDT",
  "trades",
  "-1",
  "0",
  "1e999",
  "NaN",
  "9".repeat(40),
  "",
  "%00",
  "a".repeat(300),
  "*",
  "true",
  "[object Object]"
]
const headers: ReadonlyArray<readonly [string, string]> = [
  ["authorization", "Bearer"],
  ["authorization", `Bearer ${TOKEN}x`],
  ["authorization", "Basic YTpi"],
  ["content-type", "text/xml"],
  ["content-type", "application/json; charset=utf-7"],
  ["content-type", "multipart/form-data; boundary=x"],
  ["content-encoding", "gzip"],
  ["origin", "null"],
  ["origin", "http://["],
  ["host", "evil"],
  ["host", ""],
  ["range", "bytes=9-1"],
  ["if-none-match", "*"],
  ["upgrade", "websocket"],
  ["upgrade", "h2c"],
  ["sec-websocket-protocol", ",,,tidewire.bearer.,"],
  ["expect", "100-continue"],
  ["x-forwarded-for", "1.2.3.4"],
  ["accept", "é"],
  ["cookie", "a=b; ".repeat(50)]
]
const bodies: ReadonlyArray<string> = [
  "",
  "null",
  "[]",
  "{}",
  "{",
  '"x"',
  "\u0000",
  '{"venue":"binance"}',
  '{"venue":{"toString":1}}',
  '{"__proto__":{"venue":"binance"}}',
  '{"reason":5,"withinMs":"soon"}',
  '{"venue":"binance","add":[{"symbol":"*","channel":"trades"}]}',
  '{"venue":"binance","add":[{"symbol":"BTCUSDT","channel":"book:7"}],"remove":[{}]}',
  `{"venue":"binance","remove":${JSON.stringify(Array.from({ length: 600 }, () => ({ symbol: "a", channel: "b" })))}}`,
  "[".repeat(20_000),
  "x".repeat(70_000)
]

interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

const made = (next: () => number): Asked => {
  const one = <A>(all: ReadonlyArray<A>): A => all[Math.floor(next() * all.length)]!
  const some = <A>(most: number, make: () => A): ReadonlyArray<A> =>
    Array.from({ length: Math.floor(next() * (most + 1)) }, make)
  const broken = some(2, () => one(pieces)).join("")
  const query = some(4, () => `${one(names)}=${one(values)}`).join("&")
  const method = one(methods)
  // with the token, so that what is behind the door is met as well
  const token = next() < 0.85 ? { authorization: `Bearer ${TOKEN}` } : {}
  const path = `${one(paths)}${next() < 0.4 ? broken : ""}${query === "" ? "" : `?${query}`}`
  return {
    method,
    path: encodeURI(next() < 0.01 ? `${path}?${"x".repeat(9_000)}` : path).replaceAll("%25", "%"),
    headers: {
      "content-type": "application/json",
      ...token,
      ...Object.fromEntries(some(2, () => one(headers)).filter(([, value]) => !/[^\x20-\x7e]/.test(value)))
    },
    body: method === "GET" || method === "HEAD" ? undefined : one(bodies)
  }
}

/** The status; `cut` where the connection was closed instead. */
const ask = (served: Served, agent: http.Agent, { body, headers, method, path }: Asked): Promise<number | "cut"> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(served.url)
    const request = http.request({ hostname, port, method, path, headers, agent, timeout: 20_000 }, (response) => {
      response.resume()
      response.on("end", () => resolve(response.statusCode!))
      response.on("error", () => resolve("cut"))
    })
    request.on("upgrade", (response, socket) => {
      socket.destroy()
      resolve(response.statusCode!)
    })
    request.on("timeout", () => request.destroy(new Error("hangs")))
    request.on("error", (error) => (error.message === "hangs" ? resolve(0) : resolve("cut")))
    request.end(body)
  })

/** Bytes that are no HTTP. */
const garbage = (served: Served, next: () => number): Promise<void> =>
  new Promise((resolve) => {
    const socket = net.connect(Number(new URL(served.url).port), "127.0.0.1", () => {
      socket.end(Buffer.from(Array.from({ length: 200 }, () => Math.floor(next() * 256))))
    })
    socket.resume()
    socket.on("error", () => resolve())
    socket.on("close", () => resolve())
  })

/** Frames of a WebSocket that are no commands, then one that is. */
const frames = async (served: Served, next: () => number): Promise<void> => {
  const socket = new WebSocket(`${served.url.replace("http", "ws")}/api/ws`)
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve)
    socket.addEventListener("error", reject)
  })
  for (let index = 0; index < 20; index++) {
    const bytes = Uint8Array.from({ length: Math.floor(next() * 300) }, () => Math.floor(next() * 256))
    socket.send(next() < 0.5 ? bytes : bodies[Math.floor(next() * 13)]!)
  }
  const heard = new Promise<void>((resolve) =>
    socket.addEventListener("message", ({ data }) => String(data).includes('"subscribed"') && resolve())
  )
  socket.send('{"op":"subscribe","type":"gap"}')
  await heard
  socket.close()
}

describe("what nobody should send", () => {
  it(
    "is answered without a 500, a crash or a hang, and the stream goes on untouched",
    { timeout: 240_000 },
    async () => {
      const served = await serve({ http: { clients: 1_000 } })
      await using _ = served
      const next = random(SEED)
      const agent = new http.Agent({ keepAlive: true, maxSockets: AT_ONCE })
      const statuses = new Map<number | "cut", number>()
      const bad: Array<unknown> = []
      const worker = async (): Promise<void> => {
        for (;;) {
          if ([...statuses.values()].reduce((sum, each) => sum + each, 0) >= REQUESTS) return
          const asked = made(next)
          const status = await ask(served, agent, asked)
          statuses.set(status, (statuses.get(status) ?? 0) + 1)
          if (status === 0 || status === 500) bad.push([status, asked])
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, worker))
      for (let index = 0; index < 50; index++) await garbage(served, next)
      for (let index = 0; index < 10; index++) await frames(served, next)
      agent.destroy()
      assert.deepStrictEqual(bad.slice(0, 3), [], JSON.stringify([...statuses]))
      assert.isAbove(statuses.get(200) ?? 0, 1_000)
      // behind the door and before it
      assert.includeMembers(
        [...statuses.keys()],
        [400, 401, 403, 404, 413, 414, 415, 426],
        JSON.stringify([...statuses])
      )
      // it still runs, whole: what was subscribed is live, and nothing was lost on the way to standard output
      type Streams = ReadonlyArray<{ state: string; dropped: number; gaps: number }>
      const streams = await served.until<Streams>("/api/streams", (all) => all.every(({ state }) => state === "live"))
      assert.deepStrictEqual(
        streams.filter(({ dropped, gaps }) => dropped + gaps > 0),
        []
      )
      const before = served.output().length
      await eventually(() => served.output().length > before + 2_000)
      const { code, stderr, stdout } = await served.stop()
      const ids = parseLines(stdout).flatMap(({ id, symbol, type, venue }) =>
        type === "trade" && symbol === "BTCUSDT" && venue === "binance" ? [Number(id)] : []
      )
      const holes = ids.filter((id, index) => index > 0 && id !== ids[index - 1]! + 1)
      assert.deepStrictEqual([code, holes], [0, []])
      assert.notInclude(stderr, "a request failed")
      assert.notInclude(stderr, TOKEN)
    }
  )
})
