/**
 * A venue with many busy symbols, in a process of its own: each connection that subscribes has its symbol's frames, all at
 * once, as fast as they are taken, when `main` says so.
 */
import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import type { Duplex } from "node:stream"
import { WebSocketServer } from "ws"
import * as Frames from "../frames/Frames.ts"
import * as Loads from "../load/loads.ts"
import { type Consumed, type FromLoad, type LoadArguments, ownArguments, symbolOf, tellParent } from "./messages.ts"

const { plan } = ownArguments<LoadArguments>()
const frames = Frames.make("binance")
const round = frames.book()

/** The frames as if they were another symbol's. */
const framesOf = (symbol: string): Frames.Frames => {
  const named = (frame: string): string =>
    frame.replace('"btcusdt@', `"${symbol.toLowerCase()}@`).replace('"BTCUSDT"', `"${symbol}"`)
  const changes = round.changes.map((change) => ({ ...change, text: (raised: number) => named(change.text(raised)) }))
  return { ...frames, trade: (place) => frames.trade(place, symbol), book: () => ({ ...round, changes }) }
}

const loads = new Map(
  Array.from({ length: plan.symbols }, (_, index) => {
    const symbol = symbolOf(index)
    const { kind, warm } = plan
    const own = { kind, venue: "binance", symbols: 1, handlers: 0, warm, frames: plan.frames } as const
    return [symbol, Loads.make(own, framesOf(symbol))] as const
  })
)

const subscribers = new Map<string, Duplex>()

const flow = async (socket: Duplex, blocks: ReadonlyArray<Buffer>): Promise<void> => {
  for (const block of blocks) if (!socket.write(block)) await once(socket, "drain")
}

const server = createServer((request, response) => {
  const body = frames.rest(request.url ?? "")
  response.writeHead(body === undefined ? 404 : 200, { "content-type": "application/json" })
  response.end(body ?? "{}")
})
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })

server.on("upgrade", (request, socket, head) => {
  socket.on("error", () => {})
  sockets.handleUpgrade(request, socket, head, (webSocket) => {
    webSocket.on("error", () => {})
    webSocket.on("message", (data: Buffer) => {
      const { id, params } = JSON.parse(data.toString()) as {
        readonly id: number
        readonly params: ReadonlyArray<string>
      }
      for (const topic of params) subscribers.set(topic.split("@")[0]!.toUpperCase(), socket)
      webSocket.send(JSON.stringify({ result: null, id }))
    })
  })
})

process.on("message", () => {
  for (const [symbol, socket] of subscribers) void flow(socket, loads.get(symbol)!.blocks)
})

server.listen(0, "127.0.0.1", () => {
  const consumed: Consumed = Object.fromEntries(
    [...loads].map(([symbol, load]) => [symbol, { lastId: load.consumed.lastId, checksum: load.consumed.checksum }])
  )
  const { port } = server.address() as AddressInfo
  void tellParent({ type: "listening", port, consumed } satisfies FromLoad)
})
