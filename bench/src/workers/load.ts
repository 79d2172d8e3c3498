/**
 * A venue with many busy symbols, in a process of its own: each connection that subscribes has its symbol's frames, all at
 * once, as fast as they are taken, when `main` says so.
 */
import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import type { Duplex } from "node:stream"
import { WebSocketServer } from "ws"
import * as Loads from "../loads.ts"

import * as SourceFrames from "../sourceFrames.ts"
import { type Consumed, type FromLoad, type LoadArguments, ownArguments, symbolOf, tellParent } from "./messages.ts"

const { plan } = ownArguments<LoadArguments>()
const { changes, snapshot, source, trades } = SourceFrames.read()

const loads = new Map(
  Array.from({ length: plan.symbols }, (_, index) => {
    const symbol = symbolOf(index)
    const named = (frame: string): string =>
      frame.replace('"btcusdt@', `"${symbol.toLowerCase()}@`).replace('"BTCUSDT"', `"${symbol}"`)
    const own = { source, snapshot, trades: trades.map(named), changes: changes.map(named) }
    return [symbol, Loads.make({ kind: plan.kind, warm: plan.warm, frames: plan.frames }, own)] as const
  })
)

const subscribers = new Map<string, Duplex>()

const flow = async (socket: Duplex, blocks: ReadonlyArray<Buffer>): Promise<void> => {
  for (const block of blocks) if (!socket.write(block)) await once(socket, "drain")
}

const server = createServer((request, response) => {
  const isSnapshot = request.url?.startsWith("/api/v3/depth") === true
  response.writeHead(isSnapshot ? 200 : 404, { "content-type": "application/json" })
  response.end(isSnapshot ? snapshot : "{}")
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
process.on("disconnect", () => process.exit())

server.listen(0, "127.0.0.1", () => {
  const consumed: Consumed = Object.fromEntries(
    [...loads].map(([symbol, load]) => [symbol, { lastId: load.consumed.lastId, checksum: load.consumed.checksum }])
  )
  const { port } = server.address() as AddressInfo
  void tellParent({ type: "listening", port, consumed } satisfies FromLoad)
})
