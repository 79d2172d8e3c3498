/**
 * One client's socket, as strict as the venue: every SUBSCRIBE is acknowledged whether or not it will deliver, pings
 * want the same payload back, too many messages or streams end the connection, and so does the lifetime.
 * Guarantees that every frame passes the faults in force and is counted; after `end` nothing is sent.
 */
import type { Socket } from "node:net"
import type { WebSocket } from "ws"
import type { Cancel, Clock } from "../clock.ts"
import type { FaultRegistry, Target } from "../faults/FaultRegistry.ts"
import { applyTo, type HeldBack, isHalfOpen, type Outgoing } from "../faults/frameFaults.ts"
import type { MarketKind } from "../market/definition.ts"
import type { SocketRules } from "../SimulatorOptions.ts"
import { parse as parseStream } from "../wire/streamName.ts"
import type { Frame, Subscriber, Topics } from "../wire/topics.ts"
import { Heartbeat } from "./heartbeat.ts"
import type { SocketPath } from "./path.ts"
import type { SentLog } from "./SentLog.ts"
import { parse as parseRequest, type Request, type RequestError, type RequestId } from "./request.ts"

export interface ConnectionStats {
  readonly id: number
  readonly market: MarketKind
  readonly route: SocketPath["route"]
  readonly combined: boolean
  readonly openedAt: number
  /** As asked for, whether or not they deliver. */
  readonly streams: ReadonlyArray<string>
  /** Market frames handed to the socket, in total and by stream. */
  readonly sent: number
  readonly sentByStream: Readonly<Record<string, number>>
  /** Messages from the client, control frames included. */
  readonly received: number
  readonly bufferedBytes: number
}

export interface ConnectionContext {
  readonly clock: Clock
  readonly faults: FaultRegistry
  readonly topics: Topics
  readonly rules: SocketRules
  readonly log: SentLog
  readonly errorShape: "documented" | "observed"
  readonly clockScale: number
  readonly onEnd: (connection: Connection) => void
}

export class Connection implements Subscriber {
  readonly id: number
  readonly path: SocketPath
  private readonly socket: WebSocket
  private readonly tcp: Socket
  private readonly context: ConnectionContext
  private readonly openedAt: number
  private readonly streams = new Map<string, (() => void) | undefined>()
  private readonly sentByStream = new Map<string, number>()
  private readonly held: HeldBack = new Map()
  private readonly heartbeat: Heartbeat
  private readonly lifetime: Cancel
  /** Arrival times of the client's latest messages. */
  private readonly arrivals: Array<number> = []
  private combined: boolean
  private seen: Target | undefined
  private received = 0
  private ended = false

  constructor(id: number, socket: WebSocket, tcp: Socket, path: SocketPath, context: ConnectionContext) {
    const { clock, clockScale, rules } = context
    this.id = id
    this.socket = socket
    this.tcp = tcp
    this.path = path
    this.combined = path.combined
    this.context = context
    this.openedAt = clock.now()
    this.heartbeat = new Heartbeat(clock, rules.pingMs / clockScale, rules.pongMs / clockScale, {
      ping: (payload) => this.speaks() && socket.ping(payload),
      // what is said on a half-open connection does not arrive, the end of it included
      dead: () => this.speaks() && this.close(1008, "Pong timeout")
    })
    // The code of the venue's 24-hour cut is not documented; 1001 is ours.
    this.lifetime = clock.after(rules.lifetimeMs / clockScale, () => this.close(1001, ""))
    socket.on("message", (data: Buffer, binary) => this.admit() && this.onMessage(binary ? "" : data.toString()))
    socket.on("pong", (payload) => this.admit() && this.heartbeat.pong(payload.toString()))
    socket.on("ping", (payload) => this.admit() && this.speaks() && socket.pong(payload))
    socket.on("close", () => this.end())
    socket.on("error", () => tcp.destroy())
    if (path.streams.length > rules.streamsPerConnection) this.tooManyStreams(null)
    else for (const stream of path.streams) this.subscribe(stream)
  }

  /** What filters see; made anew when the subscriptions change. */
  get target(): Target {
    this.seen ??= { id: this.id, market: this.path.market, route: this.path.route, streams: [...this.streams.keys()] }
    return this.seen
  }

  deliver(frame: Frame): void {
    if (this.ended) return
    const wrap = (text: string) => (this.combined ? `{"stream":${JSON.stringify(frame.stream)},"data":${text}}` : text)
    for (const out of applyTo(this.context.faults, this.target, frame, wrap, this.held)) {
      this.sentByStream.set(frame.stream, (this.sentByStream.get(frame.stream) ?? 0) + 1)
      this.context.log.record(this.id, frame.stream, this.context.clock.now(), out)
      this.send(out)
    }
  }

  /** The venue's notice that this connection will soon be closed; its shape follows the envelope. */
  notifyShutdown(): void {
    const notice = { e: "serverShutdown", E: this.context.clock.now() }
    this.say(this.combined ? { stream: "!serverShutdown", data: notice } : notice)
  }

  close(code: number, reason: string): void {
    if (this.ended) return
    this.end()
    this.socket.close(code, reason)
  }

  /** Resets the TCP connection: the client sees no close frame. */
  reset(): void {
    this.end()
    this.tcp.resetAndDestroy()
  }

  stats(): ConnectionStats {
    const { combined, id, openedAt, path, received, sentByStream, socket, streams } = this
    const sent = [...sentByStream.values()].reduce((sum, count) => sum + count, 0)
    return {
      id,
      market: path.market,
      route: path.route,
      combined,
      openedAt: Math.floor(openedAt),
      streams: [...streams.keys()],
      sent,
      sentByStream: Object.fromEntries(sentByStream),
      received,
      bufferedBytes: socket.bufferedAmount
    }
  }

  private speaks(): boolean {
    return !this.ended && !isHalfOpen(this.context.faults, this.target)
  }

  private say(message: unknown): void {
    if (this.speaks()) this.send(JSON.stringify(message))
  }

  private send(data: Outgoing): void {
    this.socket.send(data)
    // A client that does not read cannot make the server grow without end.
    if (this.socket.bufferedAmount > this.context.rules.bufferedBytes) this.reset()
  }

  /** Counts an inbound message, control frames included; ends the connection when there are too many. */
  private admit(): boolean {
    if (this.ended) return false
    this.received++
    const { clock, clockScale, rules } = this.context
    const now = clock.now()
    this.arrivals.push(now)
    if (this.arrivals.length <= rules.inboundPerSecond) return true
    if (now - this.arrivals.shift()! >= 1000 / clockScale) return true
    this.close(1008, "Too many requests")
    return false
  }

  private onMessage(text: string): void {
    const request = parseRequest(this.path.market, text)
    if ("error" in request) this.refuse(request)
    else this.answer(request)
  }

  private refuse({ error, id }: RequestError): void {
    const tail = id === undefined ? {} : { id }
    this.say(this.context.errorShape === "documented" ? { ...error, ...tail } : { error, ...tail })
  }

  private answer(request: Request): void {
    const { id } = request
    switch (request.method) {
      case "SUBSCRIBE": {
        const fresh = new Set(request.params.filter((stream) => !this.streams.has(stream)))
        if (this.streams.size + fresh.size > this.context.rules.streamsPerConnection) return this.tooManyStreams(id)
        for (const stream of request.params) this.subscribe(stream)
        return this.say({ result: null, id })
      }
      case "UNSUBSCRIBE":
        for (const stream of request.params) {
          this.streams.get(stream)?.()
          this.streams.delete(stream)
        }
        this.seen = undefined
        return this.say({ result: null, id })
      case "LIST_SUBSCRIPTIONS":
        return this.say({ result: [...this.streams.keys()], id })
      case "SET_PROPERTY":
        this.combined = request.combined
        return this.say({ result: null, id })
      case "GET_PROPERTY":
        return this.say({ result: this.combined, id })
    }
  }

  private subscribe(stream: string): void {
    const { faults, topics } = this.context
    faults.heal(this.id, stream)
    if (this.streams.has(stream)) return
    this.seen = undefined
    const name = parseStream(this.path.market, this.path.route, stream)
    this.streams.set(stream, name === undefined ? undefined : topics.subscribe(stream, name, this.path.unit, this))
  }

  private tooManyStreams(id: RequestId): void {
    this.refuse({ error: { code: 4, msg: "Too many subscriptions" }, id })
    this.close(1008, "Invalid request")
  }

  private end(): void {
    if (this.ended) return
    this.ended = true
    this.heartbeat.stop()
    this.lifetime()
    for (const leave of this.streams.values()) leave?.()
    this.context.onEnd(this)
  }
}
