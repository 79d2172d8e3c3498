/**
 * One client's socket, as strict as the venue: every SUBSCRIBE is acknowledged whether or not it will deliver, pings
 * want the same payload back, too many messages or streams end the connection, and so does the lifetime.
 * Guarantees that every frame passes the faults in force and is counted; after `end` nothing is sent.
 */
import type { Socket } from "node:net"
import type { WebSocket } from "ws"
import type { Cancel, Clock } from "../clock.ts"
import type { FaultRegistry, Target } from "../faults/FaultRegistry.ts"
import type { NoticeShape } from "../faults/Fault.ts"
import { applyTo, delayOf, type HeldBack, isHalfOpen } from "../faults/frameFaults.ts"
import { fateOf } from "../faults/requestFaults.ts"
import type { MarketKind } from "../market/definition.ts"
import type { SocketRules } from "../SimulatorOptions.ts"
import { parse as parseStream } from "../wire/streamName.ts"
import type { Frame, Subscriber, Topics } from "../wire/topics.ts"
import { Heartbeat } from "./heartbeat.ts"
import { InboundLimit } from "./InboundLimit.ts"
import * as notices from "./notices.ts"
import { Outbox } from "./Outbox.ts"
import type { SocketPath } from "./path.ts"
import type { SentLog } from "./SentLog.ts"
import { parse as parseRequest, type Change, type Request, type RequestError, type RequestId } from "./request.ts"

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

/** A day in a minute would want a pong within 42 ms; a client that is busy for a moment is not dead. */
const LEAST_PING_MS = 500
const LEAST_PONG_MS = 2_000

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
  private readonly out: Outbox
  /** The ends that are appointed: the venue's day, and those of faults. */
  private readonly ends: Array<Cancel> = []
  private readonly inbound: InboundLimit
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
    this.out = new Outbox(socket, tcp, {
      clock,
      maxBytes: rules.bufferedBytes,
      lagMs: () => this.lagMs(),
      isMute: () => !this.speaks(),
      overflow: () => this.reset()
    })
    this.inbound = new InboundLimit(rules.inboundPerSecond, clockScale)
    const scaled = (ms: number, least: number) => Math.max(ms / clockScale, Math.min(ms, least))
    this.heartbeat = new Heartbeat(clock, scaled(rules.pingMs, LEAST_PING_MS), scaled(rules.pongMs, LEAST_PONG_MS), {
      ping: (payload) => this.out.ping(payload),
      // what is said on a half-open connection does not arrive, the end of it included
      dead: () => this.speaks() && this.close(1008, "Pong timeout")
    })
    // The code of the venue's 24-hour cut is not documented; 1001 is ours.
    this.closeAfter(rules.lifetimeMs / clockScale, 1001, "")
    socket.on("message", (data: Buffer, binary) => this.admit() && this.onMessage(binary ? "" : data.toString()))
    socket.on("pong", (payload) => this.admit() && this.heartbeat.pong(payload.toString()))
    socket.on("ping", (payload) => this.admit() && this.out.pong(payload))
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

  get isOpen(): boolean {
    return !this.ended
  }

  deliver(frame: Frame): void {
    if (this.ended) return
    const wrap = (text: string) => (this.combined ? `{"stream":${JSON.stringify(frame.stream)},"data":${text}}` : text)
    const { clock, faults, log } = this.context
    const frames = applyTo(faults, this.target, frame, wrap, this.held)
    if (frames.length === 0) return
    const delayMs = delayOf(faults, this.target, frame)
    for (const data of frames) {
      this.out.frame(frame.stream, delayMs, data, () => {
        this.sentByStream.set(frame.stream, (this.sentByStream.get(frame.stream) ?? 0) + 1)
        log.record(this.id, frame.stream, clock.now(), data)
      })
    }
  }

  /** The venue's notice that this connection will soon be closed; its shape follows the envelope unless one is given. */
  notifyShutdown(shape: NoticeShape = this.combined ? "combined" : "raw"): void {
    this.say(notices.serverShutdown(shape, this.context.clock.now()))
  }

  /** What the venue tells on a private connection before it falls silent. */
  notifyListenKeyExpired(): void {
    const { listenKey, route } = this.path
    if (route !== "private") return
    this.say(notices.listenKeyExpired(this.combined, listenKey, this.context.clock.now()))
  }

  /** Neither reads nor writes until the returned function is called. */
  stall(): () => void {
    return this.out.stall()
  }

  closeAfter(delayMs: number, code: number, reason: string): void {
    if (delayMs <= 0) return this.close(code, reason)
    this.ends.push(this.context.clock.after(delayMs, () => this.close(code, reason)))
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
    const { combined, id, openedAt, path, received, sentByStream, streams } = this
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
      bufferedBytes: this.out.bufferedBytes
    }
  }

  private speaks(): boolean {
    return !this.ended && !isHalfOpen(this.context.faults, this.target)
  }

  private lagMs(): number {
    let sum = 0
    for (const entry of this.context.faults.meant(["lag"], this.target)) {
      if (this.context.faults.use(entry)) sum += entry.fault.delayMs
    }
    return sum
  }

  private say(message: unknown, delayMs = 0): void {
    this.out.answer(JSON.stringify(message), delayMs)
  }

  /** Counts an inbound message, control frames included; ends the connection when there are too many. */
  private admit(): boolean {
    if (this.ended) return false
    this.received++
    if (this.inbound.admits(this.context.clock.now())) return true
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
      case "SUBSCRIBE":
      case "UNSUBSCRIBE": {
        const fate = fateOf(this.context.faults, this.target, request)
        if (fate.type === "rejected") return this.refuse({ error: fate.error, id })
        if (!this.change(request)) return this.tooManyStreams(id)
        return fate.answered ? this.say({ result: null, id }, fate.delayMs) : undefined
      }
      case "LIST_SUBSCRIPTIONS":
        return this.say({ result: [...this.streams.keys()], id })
      case "SET_PROPERTY":
        this.combined = request.combined
        return this.say({ result: null, id })
      case "GET_PROPERTY":
        return this.say({ result: this.combined, id })
    }
  }

  /** Does what is asked; false when it would be too many streams. */
  private change({ method, params }: Change): boolean {
    if (method === "SUBSCRIBE") {
      const fresh = new Set(params.filter((stream) => !this.streams.has(stream)))
      if (this.streams.size + fresh.size > this.context.rules.streamsPerConnection) return false
      for (const stream of params) this.subscribe(stream)
      return true
    }
    for (const stream of params) {
      this.streams.get(stream)?.()
      this.streams.delete(stream)
    }
    this.seen = undefined
    return true
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
    this.out.stop()
    for (const cancel of this.ends) cancel()
    for (const leave of this.streams.values()) leave?.()
    this.context.onEnd(this)
  }
}
