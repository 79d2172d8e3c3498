/**
 * A plain client for the tests: raw `ws` and `fetch`, everything it receives kept in order. Waiting is always for a
 * condition, never for a time.
 */
import { WebSocket } from "ws"
import { manualClock, type ManualClock, Simulator, type SimulatorOptions } from "../src/index.ts"

export type Json = Record<string, unknown>

/** 2026-11-21T12:00:00.250Z: off every boundary but near a minute's start. */
export const START = Date.UTC(2026, 10, 21, 12, 0, 0, 250)

export const eventually = async <A>(check: () => A | undefined | false, what = "condition"): Promise<A> => {
  for (const deadline = performance.now() + 10_000; performance.now() < deadline;) {
    const found = check()
    if (found !== undefined && found !== false) return found
    await new Promise((done) => setTimeout(done, 2))
  }
  throw new Error(`timed out waiting for ${what}`)
}

export interface Client {
  readonly socket: WebSocket
  /** Parsed JSON, or the raw text or bytes of what is not JSON. */
  readonly received: Array<unknown>
  readonly raw: Array<string>
  readonly pings: Array<string>
  readonly closed: () => { readonly code: number; readonly reason: string } | undefined
  readonly send: (message: unknown) => void
  /** Sends a request and waits for its answer. */
  readonly ask: (message: Json) => Promise<Json>
  /** Payloads of one stream on a combined connection. */
  readonly data: (stream: string) => Array<Json>
}

const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null

export const connect = async (url: string, options: { readonly autoPong?: boolean } = {}): Promise<Client> => {
  const socket = new WebSocket(url, options)
  const received: Array<unknown> = []
  const raw: Array<string> = []
  const pings: Array<string> = []
  let end: { readonly code: number; readonly reason: string } | undefined
  socket.on("message", (data: Buffer) => {
    const text = data.toString()
    raw.push(text)
    try {
      received.push(JSON.parse(text))
    } catch {
      received.push(text)
    }
  })
  socket.on("ping", (data) => pings.push(data.toString()))
  socket.on("close", (code, reason) => {
    end = { code, reason: reason.toString() }
  })
  await new Promise<void>((done, fail) => {
    socket.once("open", done)
    socket.once("error", fail)
  })
  socket.on("error", () => {})
  const send = (message: unknown) => socket.send(typeof message === "string" ? message : JSON.stringify(message))
  return {
    socket,
    received,
    raw,
    pings,
    closed: () => end,
    send,
    ask: (message) => {
      const from = received.length
      send(message)
      return eventually(
        () =>
          received.slice(from).find((one): one is Json => isJson(one) && one["id"] === message["id"] && !("e" in one)),
        `an answer to ${JSON.stringify(message)}`
      )
    },
    data: (stream) =>
      received.flatMap((one) => (isJson(one) && one["stream"] === stream && isJson(one["data"]) ? [one["data"]] : []))
  }
}

/** Why a connection could not be opened. */
export const refusal = (url: string): Promise<string> =>
  connect(url).then(
    () => "opened",
    (cause: unknown) => (cause instanceof Error ? cause.message : String(cause))
  )

export interface Stage {
  readonly simulator: Simulator.Simulator
  readonly clock: ManualClock
  readonly ws: (path: string, options?: { readonly autoPong?: boolean }) => Promise<Client>
  readonly get: (
    path: string
  ) => Promise<{ readonly status: number; readonly headers: Headers; readonly body: unknown }>
  readonly post: (path: string, body: unknown) => Promise<{ readonly status: number; readonly body: unknown }>
}

/** A simulator on a clock of its own for the length of one test. */
export const onStage = async (options: SimulatorOptions, run: (stage: Stage) => Promise<void>): Promise<void> => {
  const clock = manualClock(START)
  const simulator = await Simulator.start({ clock, historyMinutes: 30, ...options })
  const get: Stage["get"] = async (path) => {
    const response = await fetch(simulator.url + path)
    const text = await response.text()
    const body: unknown =
      response.headers.get("content-type")?.startsWith("application/json") === true ? JSON.parse(text) : text
    return { status: response.status, headers: response.headers, body }
  }
  const post: Stage["post"] = async (path, body) => {
    const text = typeof body === "string" ? body : JSON.stringify(body)
    const response = await fetch(simulator.url + path, { method: "POST", body: text })
    return { status: response.status, body: await response.json() }
  }
  try {
    await run({ simulator, clock, ws: (path, options) => connect(simulator.wsUrl + path, options), get, post })
  } finally {
    await simulator.stop()
  }
}
