/**
 * The load, in a process of its own: a venue whose stream flows when `main` says so. Frames are encoded before anybody
 * connects and written straight to the TCP socket once the handshake is done; all go to the socket that subscribed last.
 *
 * Guarantees: never more than a write waits in the process (backpressure is honoured); of paced frames a burst leaves at
 * its time, or at once when it is late.
 */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import type { Duplex } from "node:stream"
import { once } from "node:events"
import { setImmediate, setTimeout } from "node:timers/promises"
import { WebSocketServer } from "ws"
import * as Clock from "../clock.ts"
import * as Frames from "../frames/Frames.ts"
import { type LoadArguments, ownArguments, tellParent } from "../messages.ts"
import * as Loads from "./loads.ts"

const BURST_EVERY_MS = 1

/** Between the warm-up and the first burst, for the client to catch up. */
const REST_MS = 500

const { clockBase, plan } = ownArguments<LoadArguments>()
const frames = Frames.make(plan.venue)
const load = Loads.make(plan, frames)
const now = Clock.make(clockBase)
const sleeper = new Int32Array(new SharedArrayBuffer(4))

/** The socket that subscribed last. */
let subscriber: Duplex | undefined

const send = async (socket: Duplex, bytes: Buffer): Promise<void> => {
  if (!socket.write(bytes)) await once(socket, "drain")
}

const flow = async (socket: Duplex): Promise<void> => {
  for (const block of load.blocks) await send(socket, block)
  if (load.bursts.length === 0) return
  await setTimeout(REST_MS)
  const start = now()
  for (const [index, { bytes, stampsAt }] of load.bursts.entries()) {
    const early = start + index * BURST_EVERY_MS - now()
    // a timer's turn is too coarse for a millisecond, spinning would take a core
    if (early > 0) Atomics.wait(sleeper, 0, 0, early)
    const stamp = Loads.stampText(now())
    for (const at of stampsAt) bytes.write(stamp, at, "latin1")
    await send(socket, bytes)
    await setImmediate()
  }
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
      const message = JSON.parse(data.toString()) as Frames.Message
      for (const answer of frames.answers(message)) webSocket.send(answer)
      if (!frames.subscribes(message)) return
      subscriber = socket
      socket.once("close", () => {
        if (subscriber === socket) subscriber = undefined
      })
      void tellParent({ type: "subscribed" })
    })
  })
})

process.on("message", () => {
  if (subscriber === undefined) void tellParent({ type: "failed", reason: "nobody is subscribed" })
  else flow(subscriber).catch((error: unknown) => tellParent({ type: "failed", reason: String(error) }))
})

server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo
  const { bytesPerFrame, consumed, top } = load
  void tellParent({
    type: "listening",
    port,
    source: frames.source,
    bytesPerFrame,
    consumed,
    ...(top !== undefined && { top })
  })
})
