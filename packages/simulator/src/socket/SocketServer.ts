/**
 * Takes in WebSocket connections: route, faults of the handshake, attempts per window. Guarantees that every open
 * connection is known until it ends and that `closeAll` leaves no socket behind.
 */
import type { IncomingMessage } from "node:http"
import type { Socket } from "node:net"
import { WebSocketServer } from "ws"
import type { Clock } from "../clock.ts"
import type { FaultOf } from "../faults/Fault.ts"
import type { FaultRegistry, Target } from "../faults/FaultRegistry.ts"
import type { MarketKind } from "../market/definition.ts"
import type { Resolved } from "../SimulatorOptions.ts"
import type { Protocol } from "../Protocol.ts"
import { protocolOf, protocols } from "../protocols.ts"
import type { Frame } from "../topics/Frame.ts"
import type { Topics } from "../topics/Topics.ts"
import type { RestContext } from "../rest/Endpoint.ts"
import type { RateLimit } from "../rest/RateLimit.ts"
import { Ring } from "../market/ring.ts"
import { Connection, type ConnectionStats } from "./Connection.ts"
import { Dials } from "./Dials.ts"
import type { SocketPath } from "./SocketPath.ts"
import { SentLog } from "./SentLog.ts"

const ENDED_KEPT = 1000

/** Nothing of the documented size comes near this. */
const MAX_MESSAGE = 1 << 20

const reject = (socket: Socket, status: number, retryAfterS?: number): void => {
  const retry = retryAfterS === undefined ? "" : `retry-after: ${retryAfterS}\r\n`
  const first = `HTTP/1.1 ${status} ${reasons[status] ?? "Refused"}\r\n`
  socket.end(`${first}${retry}connection: close\r\ncontent-length: 0\r\n\r\n`)
}

const reasons: Readonly<Record<number, string>> = {
  403: "Forbidden",
  404: "Not Found",
  418: "I'm a teapot",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable"
}

const pathOf = (url: string): SocketPath | undefined => {
  for (const protocol of protocols) {
    const path = protocol.path(url)
    if (path !== undefined) return path
  }
  return undefined
}

export class SocketServer {
  readonly connections = new Set<Connection>()
  /** The last connections that ended. */
  readonly ended = new Ring<ConnectionStats>(ENDED_KEPT)
  readonly log: SentLog
  readonly dials: Dials
  /** Told of each connection that ends, once it is no longer among the open ones. */
  readonly watchers = new Set<(ended: Connection) => void>()
  /** Told of each frame that a fault kept from a connection, or made unreadable. */
  readonly withheld = new Set<(market: MarketKind, frame: Frame) => void>()
  private readonly clock: Clock
  private readonly faults: FaultRegistry
  private readonly topics: Record<MarketKind, Topics>
  private readonly contexts: Record<MarketKind, RestContext>
  private readonly limits: (market: MarketKind) => RateLimit
  private readonly options: Resolved
  private readonly server = new WebSocketServer({
    noServer: true,
    autoPong: false,
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE
  })
  private nextId = 1

  constructor(
    clock: Clock,
    faults: FaultRegistry,
    topics: Record<MarketKind, Topics>,
    contexts: Record<MarketKind, RestContext>,
    limits: (market: MarketKind) => RateLimit,
    options: Resolved
  ) {
    this.contexts = contexts
    this.limits = limits
    this.clock = clock
    this.faults = faults
    this.topics = topics
    this.options = options
    this.log = new SentLog(options.keepSentFrames)
    this.dials = new Dials(clock, options.clockScale)
  }

  upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    socket.on("error", () => socket.destroy())
    const path = pathOf(request.url ?? "")
    if (path === undefined) return reject(socket, 404)
    const { market, route, streams } = path
    const protocol = protocolOf[market]
    const { attemptsPerWindow } = this.options.socketRules[market]
    if (!this.dials.mayTry(protocol.hostOf(market), attemptsPerWindow) || this.isFull(market)) {
      this.dials.record(market, route, "overLimit")
      return reject(socket, protocol.overLimitStatus)
    }
    const symbols = streams.flatMap((stream) => protocol.symbolOf(stream) ?? [])
    const target: Target = { id: undefined, market, route, streams, symbols }
    let delayMs = 0
    let trap: FaultOf<"acceptThenClose"> | undefined
    for (const entry of this.faults.meant(["refuse", "slowHandshake", "acceptThenClose"], target)) {
      if (!this.faults.use(entry)) continue
      const { fault } = entry
      if (fault.kind === "slowHandshake") delayMs += fault.delayMs
      else if (fault.kind === "acceptThenClose") trap ??= fault
      else {
        this.dials.record(market, route, "refused")
        const { retryAfterS, status = retryAfterS === undefined ? undefined : 429 } = fault
        return status === undefined ? void socket.resetAndDestroy() : reject(socket, status, retryAfterS)
      }
    }
    this.dials.record(market, route, "accepted")
    const open = () => this.accept(request, socket, head, path, protocol, trap)
    if (delayMs > 0) this.clock.after(delayMs, open)
    else open()
  }

  closeAll(): void {
    for (const connection of this.connections) connection.close(1001, "")
    for (const client of this.server.clients) client.terminate()
    this.server.close()
  }

  private isFull(market: MarketKind): boolean {
    const { connectionsPerMarket } = this.options.socketRules[market]
    if (connectionsPerMarket === Infinity) return false
    return [...this.connections].filter(({ path }) => path.market === market).length >= connectionsPerMarket
  }

  private accept(
    request: IncomingMessage,
    socket: Socket,
    head: Buffer,
    path: SocketPath,
    protocol: Protocol,
    trap: FaultOf<"acceptThenClose"> | undefined
  ): void {
    if (socket.destroyed) return
    this.server.handleUpgrade(request, socket, head, (client) => {
      const { clockScale, errorShape, shuffleKeys, socketRules } = this.options
      const connection = new Connection(this.nextId++, client, socket, path, {
        clock: this.clock,
        faults: this.faults,
        protocol,
        topics: this.topics[path.market],
        rest: this.contexts[path.market],
        limit: this.limits(path.market),
        rules: socketRules[path.market],
        log: this.log,
        errorShape,
        shuffleKeys,
        clockScale,
        onWithheld: (frame) => {
          for (const watcher of this.withheld) watcher(path.market, frame)
        },
        onEnd: (ended) => {
          if (!this.connections.delete(ended)) return
          this.ended.push(ended.stats())
          for (const watcher of this.watchers) watcher(ended)
        }
      })
      if (!connection.isOpen) return this.ended.push(connection.stats())
      this.connections.add(connection)
      if (trap !== undefined) connection.closeAfter(trap.afterMs ?? 0, trap.code ?? 1001, trap.reason ?? "")
      for (const entry of this.faults.meant(["slowReader"], connection.target)) entry.undo.push(connection.stall())
    })
  }
}
