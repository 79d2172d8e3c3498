/**
 * Takes in WebSocket connections: route, faults of the handshake, attempts per window. Guarantees that every open
 * connection is known until it ends and that `closeAll` leaves no socket behind.
 */
import type { IncomingMessage } from "node:http"
import type { Socket } from "node:net"
import { WebSocketServer } from "ws"
import type { Clock } from "../clock.ts"
import type { FaultRegistry, Target } from "../faults/FaultRegistry.ts"
import type { MarketKind } from "../market/definition.ts"
import type { Resolved } from "../SimulatorOptions.ts"
import type { Topics } from "../wire/topics.ts"
import { Ring } from "../market/ring.ts"
import { Connection, type ConnectionStats } from "./Connection.ts"
import { parse, type SocketPath } from "./path.ts"
import { SentLog } from "./SentLog.ts"

const ATTEMPT_WINDOW_MS = 300_000

const ENDED_KEPT = 1000

/** Nothing of the documented size comes near this. */
const MAX_MESSAGE = 1 << 20

const reject = (socket: Socket, status: number, reason: string): void => {
  socket.end(`HTTP/1.1 ${status} ${reason}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}

const reasons: Readonly<Record<number, string>> = {
  403: "Forbidden",
  404: "Not Found",
  418: "I'm a teapot",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable"
}

export class SocketServer {
  readonly connections = new Set<Connection>()
  /** The last connections that ended. */
  readonly ended = new Ring<ConnectionStats>(ENDED_KEPT)
  readonly log: SentLog
  /** Told of each connection that ends, once it is no longer among the open ones. */
  readonly watchers = new Set<(ended: Connection) => void>()
  private readonly clock: Clock
  private readonly faults: FaultRegistry
  private readonly topics: Record<MarketKind, Topics>
  private readonly options: Resolved
  private readonly server = new WebSocketServer({
    noServer: true,
    autoPong: false,
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE
  })
  private readonly attempts: Record<MarketKind, Array<number>> = { spot: [], usdm: [] }
  private nextId = 1

  constructor(clock: Clock, faults: FaultRegistry, topics: Record<MarketKind, Topics>, options: Resolved) {
    this.clock = clock
    this.faults = faults
    this.topics = topics
    this.options = options
    this.log = new SentLog(options.keepSentFrames)
  }

  upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    socket.on("error", () => socket.destroy())
    const path = parse(request.url ?? "")
    if (path === undefined) return reject(socket, 404, "Not Found")
    if (!this.mayTry(path.market)) return reject(socket, 429, "Too Many Requests")
    const target: Target = { id: undefined, market: path.market, route: path.route, streams: path.streams }
    let delayMs = 0
    for (const entry of this.faults.meant(["refuse", "slowHandshake"], target)) {
      if (!this.faults.use(entry)) continue
      const { fault } = entry
      if (fault.kind === "slowHandshake") delayMs += fault.delayMs
      else if (fault.status === undefined) return void socket.resetAndDestroy()
      else return reject(socket, fault.status, reasons[fault.status] ?? "Refused")
    }
    if (delayMs > 0) this.clock.after(delayMs, () => this.accept(request, socket, head, path))
    else this.accept(request, socket, head, path)
  }

  closeAll(): void {
    for (const connection of this.connections) connection.close(1001, "")
    for (const client of this.server.clients) client.terminate()
    this.server.close()
  }

  private accept(request: IncomingMessage, socket: Socket, head: Buffer, path: SocketPath): void {
    if (socket.destroyed) return
    this.server.handleUpgrade(request, socket, head, (client) => {
      const { clockScale, errorShape, socketRules } = this.options
      const connection = new Connection(this.nextId++, client, socket, path, {
        clock: this.clock,
        faults: this.faults,
        topics: this.topics[path.market],
        rules: socketRules[path.market],
        log: this.log,
        errorShape,
        clockScale,
        onEnd: (ended) => {
          if (!this.connections.delete(ended)) return
          this.ended.push(ended.stats())
          for (const watcher of this.watchers) watcher(ended)
        }
      })
      this.connections.add(connection)
    })
  }

  /** The venue lets an address try 300 times in five minutes. */
  private mayTry(market: MarketKind): boolean {
    const now = this.clock.now()
    const since = now - ATTEMPT_WINDOW_MS / this.options.clockScale
    const attempts = this.attempts[market]
    while (attempts.length > 0 && attempts[0]! <= since) attempts.shift()
    if (attempts.length >= this.options.socketRules[market].attemptsPerWindow) return false
    attempts.push(now)
    return true
  }
}
