/**
 * The baseline: `ws` and `JSON.parse` and nothing else, with the socket options of core's driver. It reads what it needs
 * of a frame and keeps no book.
 */
import { WebSocket } from "ws"
import * as Clock from "../clock.ts"
import { type ClientArguments, ownArguments, type Plan, tellParent } from "../messages.ts"
import { Meter } from "../meter.ts"
import { Tally } from "../tally.ts"

interface Combined<Data> {
  readonly data: Data
}

interface Trade {
  readonly t: number
  readonly p: string
  readonly T: number
}

type Level = readonly [price: string, size: string]

interface Change {
  readonly u: number
  readonly b: ReadonlyArray<Level>
  readonly a: ReadonlyArray<Level>
}

const { clockBase, plan, port } = ownArguments<ClientArguments>()
const now = Clock.make(clockBase)
const tally = new Tally()
const meter = new Meter(plan, () => ({ consumed: tally.consumed(), problems: [] }))

const handlers: Record<Plan["kind"], (data: Buffer) => void> = {
  trades: (data) => {
    const trade = (JSON.parse(data.toString()) as Combined<Trade>).data
    meter.at(tally.trade(trade.t, trade.p))
  },
  depth: (data) => {
    const change = (JSON.parse(data.toString()) as Combined<Change>).data
    meter.at(tally.change(change.u, change.b, change.a))
  },
  latency: (data) => {
    const trade = (JSON.parse(data.toString()) as Combined<Trade>).data
    const frames = tally.trade(trade.t, trade.p)
    meter.delay(frames, now() - trade.T / 1_000)
    meter.at(frames)
  }
}

const socket = new WebSocket(`ws://127.0.0.1:${port}/stream`, { perMessageDeflate: false, skipUTF8Validation: true })
socket.once("open", () => {
  const stream = plan.kind === "depth" ? "btcusdt@depth@100ms" : "btcusdt@trade"
  socket.send(JSON.stringify({ method: "SUBSCRIBE", params: [stream], id: 1 }))
})
// the first message is the acknowledgement
socket.once("message", () => {
  socket.on("message", handlers[plan.kind])
  void tellParent({ type: "ready" })
})
