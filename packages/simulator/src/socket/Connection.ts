/**
 * One client's socket. Guarantees that every frame passes the faults in force and is counted, that the rules of the
 * venue's sockets are kept (pings, idleness, messages a second, lifetime), and that after `end` nothing is sent. What is
 * said beside the frames is the venue's conversation.
 */
import type { Socket } from "node:net"
import type { WebSocket } from "ws"
import type { Trading } from "../account/Trading.ts"
import type { Cancel, Clock } from "../clock.ts"
import type { FaultRegistry, Target } from "../faults/FaultRegistry.ts"
import type { NoticeShape } from "../faults/Fault.ts"
import { applyTo, delayOf, type HeldBack, isHalfOpen } from "../faults/frameFaults.ts"
import type { MarketKind } from "../market/definition.ts"
import type { Conversation, Line, Protocol } from "../Protocol.ts"
import type { RestContext } from "../rest/Endpoint.ts"
import type { RateLimit } from "../rest/RateLimit.ts"
import type { SocketRules } from "../SimulatorOptions.ts"
import type { Feed } from "../topics/Feed.ts"
import type { Frame } from "../topics/Frame.ts"
import type { Subscriber, Subscription, Topics } from "../topics/Topics.ts"
import { Heartbeat } from "./heartbeat.ts"
import { Idleness } from "./Idleness.ts"
import { InboundLimit } from "./InboundLimit.ts"
import { Outbox } from "./Outbox.ts"
import type { SentLog } from "./SentLog.ts"
import type { Route, SocketPath } from "./SocketPath.ts"

export interface ConnectionStats {
  readonly id: number
  readonly market: MarketKind
  readonly route: Route
  readonly combined: boolean
  readonly openedAt: number
  /** As asked for, whether or not they deliver. */
  readonly streams: ReadonlyArray<string>
  /** Market frames handed to the socket, in total and by stream. */
  readonly sent: number
  readonly sentByStream: Readonly<Record<string, number>>
  /** Messages handed to the socket that are no market frames: answers to requests, notices. */
  readonly said: number
  /** Messages from the client, control frames included. */
  readonly received: number
  readonly bufferedBytes: number
}

export interface ConnectionContext {
  readonly clock: Clock
  readonly faults: FaultRegistry
  readonly protocol: Protocol
  readonly topics: Topics
  readonly rest: RestContext
  readonly limit: RateLimit
  readonly rules: SocketRules
  readonly log: SentLog
  readonly errorShape: "documented" | "observed"
  readonly shuffleKeys: boolean
  readonly clockScale: number
  /** A fault keeps a frame from this connection, or makes it unreadable. */
  readonly onWithheld: (frame: Frame) => void
  readonly onEnd: (connection: Connection) => void
}

/** A day in a minute would want a pong within 42 ms; a client that is busy for a moment is not dead. */
const LEAST_PING_MS = 500
const LEAST_PONG_MS = 2_000

export class Connection implements Subscriber, Line {
  readonly id: number
  readonly path: SocketPath
  private readonly socket: WebSocket
  private readonly tcp: Socket
  private readonly surroundings: ConnectionContext
  private readonly openedAt: number
  readonly streams = new Map<string, Subscription | undefined>()
  private readonly conversation: Conversation
  private readonly sentByStream = new Map<string, number>()
  private readonly held: HeldBack = new Map()
  private readonly heartbeat: Heartbeat
  private readonly idleness: Idleness
  /** Streams whose greeting comes after their next frame, or never. */
  private readonly ungreeted = new Map<string, "late" | "never">()
  private readonly out: Outbox
  /** The ends that are appointed: the venue's day, and those of faults. */
  private readonly ends: Array<Cancel> = []
  private readonly inbound: InboundLimit
  private seen: Target | undefined
  private received = 0
  private said = 0
  private ended = false

  constructor(id: number, socket: WebSocket, tcp: Socket, path: SocketPath, context: ConnectionContext) {
    const { clock, clockScale, rules } = context
    this.id = id
    this.socket = socket
    this.tcp = tcp
    this.path = path
    this.surroundings = context
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
    this.idleness = new Idleness(
      clock,
      scaled(rules.idleMs, LEAST_PONG_MS),
      () => this.speaks() && this.close(1001, "")
    )
    // The code of the venue's 24-hour cut is not documented; 1001 is ours.
    if (rules.lifetimeMs < Infinity) this.closeAfter(rules.lifetimeMs / clockScale, 1001, "")
    socket.on("message", (data: Buffer, binary) => {
      if (this.admit(path.route === "api")) this.conversation.hear(binary ? "" : data.toString())
    })
    socket.on("pong", (payload) => this.admit() && this.heartbeat.pong(payload.toString()))
    socket.on("ping", (payload) => this.admit() && this.out.pong(payload))
    socket.on("close", () => this.end())
    socket.on("error", () => tcp.destroy())
    this.conversation = context.protocol.converse(this)
    this.conversation.begin()
  }

  /** What filters see; made anew when the subscriptions change. */
  get target(): Target {
    this.seen ??= this.look()
    return this.seen
  }

  get isOpen(): boolean {
    return !this.ended
  }

  get rules(): SocketRules {
    return this.surroundings.rules
  }

  get faults(): FaultRegistry {
    return this.surroundings.faults
  }

  get errorShape(): "documented" | "observed" {
    return this.surroundings.errorShape
  }

  get shuffleKeys(): boolean {
    return this.surroundings.shuffleKeys
  }

  get trading(): Trading {
    return this.surroundings.rest.trading
  }

  get limit(): RateLimit {
    return this.surroundings.limit
  }

  context(): RestContext {
    const { faults, rest } = this.surroundings
    let skewMs = 0
    for (const entry of faults.meant(["skewedClock"], this.target))
      if (faults.use(entry)) skewMs += entry.fault.offsetMs
    return skewMs === 0 ? rest : { ...rest, skewMs, now: () => rest.now() + skewMs }
  }

  after(delayMs: number, run: () => void): void {
    if (delayMs <= 0) return run()
    const cancel = this.surroundings.clock.after(delayMs, () => {
      this.ends.splice(this.ends.indexOf(cancel), 1)
      run()
    })
    this.ends.push(cancel)
  }

  trades(symbol: string): boolean {
    return this.surroundings.topics.venue.market(symbol) !== undefined
  }

  now(): number {
    return this.surroundings.clock.now()
  }

  subscribe(stream: string, feed: Feed | undefined): () => void {
    const { faults, protocol, topics } = this.surroundings
    faults.heal(this.id, stream)
    if (this.streams.has(stream)) return () => {}
    this.seen = undefined
    this.ungreeted.delete(stream)
    const subscription = feed === undefined ? undefined : topics.subscribe(stream, feed, this)
    this.streams.set(stream, subscription)
    if (feed?.isDiff !== true || !protocol.greetsBooks) return () => subscription?.greet()
    const target = { ...this.target, streams: [stream], symbols: [protocol.symbolOf(stream) ?? ""] }
    for (const entry of faults.meant(["deltaFirst"], target)) {
      if (!faults.use(entry)) continue
      this.ungreeted.set(stream, entry.fault.never === true ? "never" : "late")
      return () => {}
    }
    return () => subscription?.greet()
  }

  readonly unsubscribe = (stream: string): void => {
    this.streams.get(stream)?.leave()
    this.streams.delete(stream)
    this.seen = undefined
  }

  deliver(frame: Frame): void {
    this.send(frame)
    if (this.ungreeted.get(frame.stream) !== "late") return
    this.ungreeted.delete(frame.stream)
    this.streams.get(frame.stream)?.greet()
  }

  /** The venue's notice that this connection will soon be closed; its shape follows the envelope unless one is given. */
  notifyShutdown(shape?: NoticeShape): void {
    const { shutdownNotice } = this.conversation
    if (shutdownNotice !== undefined) this.say(shutdownNotice(shape))
  }

  /** What the venue tells on a private connection before it falls silent. */
  notifyListenKeyExpired(): void {
    const { listenKeyExpired } = this.conversation
    listenKeyExpired?.()
  }

  /** Neither reads nor writes until the returned function is called. */
  stall(): () => void {
    return this.out.stall()
  }

  closeAfter(delayMs: number, code: number, reason: string): void {
    if (delayMs <= 0) return this.close(code, reason)
    this.ends.push(this.surroundings.clock.after(delayMs, () => this.close(code, reason)))
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
    const { id, openedAt, path, received, sentByStream, streams } = this
    const sent = [...sentByStream.values()].reduce((sum, count) => sum + count, 0)
    return {
      id,
      market: path.market,
      route: path.route,
      combined: this.conversation.isCombined(),
      openedAt: Math.floor(openedAt),
      streams: [...streams.keys()],
      sent,
      sentByStream: Object.fromEntries(sentByStream),
      said: this.said,
      received,
      bufferedBytes: this.out.bufferedBytes
    }
  }

  private send(frame: Frame): void {
    if (this.ended) return
    const wrap = (text: string) => this.conversation.wrap(frame.stream, text)
    const { clock, faults, log, protocol } = this.surroundings
    const { isCalm } = faults
    const frames = applyTo(faults, this.target, frame, wrap, protocol.frames, this.held)
    if (!isCalm && !frames.includes(wrap(frame.text))) this.surroundings.onWithheld(frame)
    if (frames.length === 0) return
    const delayMs = delayOf(faults, this.target, frame)
    for (const data of frames) {
      this.out.frame(frame.stream, delayMs, data, () => {
        this.idleness.stirred()
        this.sentByStream.set(frame.stream, (this.sentByStream.get(frame.stream) ?? 0) + 1)
        log.record(this.id, frame.stream, clock.now(), data)
      })
    }
  }

  private look(): Target {
    const { market, route } = this.path
    const streams = [...this.streams.keys()]
    const symbols = streams.flatMap((stream) => this.surroundings.protocol.symbolOf(stream) ?? [])
    return { id: this.id, market, route, streams, symbols }
  }

  private speaks(): boolean {
    return !this.ended && !isHalfOpen(this.surroundings.faults, this.target)
  }

  private lagMs(): number {
    let sum = 0
    for (const entry of this.surroundings.faults.meant(["lag"], this.target)) {
      if (this.surroundings.faults.use(entry)) sum += entry.fault.delayMs
    }
    return sum
  }

  say(message: unknown, delayMs = 0): void {
    this.out.answer(JSON.stringify(message), delayMs, () => this.said++)
  }

  /** Counts an inbound message, control frames included; ends the connection when there are too many. */
  private admit(isRequest = false): boolean {
    if (this.ended) return false
    this.received++
    this.idleness.stirred()
    // Requests of the WebSocket APIs have limits of their own; only pings and pongs count there.
    if (isRequest || this.inbound.admits(this.surroundings.clock.now())) return true
    this.close(1008, "Too many requests")
    return false
  }

  private end(): void {
    if (this.ended) return
    this.ended = true
    this.heartbeat.stop()
    this.idleness.stop()
    this.out.stop()
    for (const cancel of this.ends) cancel()
    for (const subscription of this.streams.values()) subscription?.leave()
    this.conversation.end?.()
    this.surroundings.onEnd(this)
  }
}
