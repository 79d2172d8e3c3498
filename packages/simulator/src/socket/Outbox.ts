/**
 * Everything that one connection sends. Guarantees that frames of a stream stay in order whatever their delays, that
 * nothing leaves after `stop` or while the connection is mute, and that what waits is bounded: beyond `maxBytes` the
 * connection is given up.
 */
import type { Socket } from "node:net"
import type { WebSocket } from "ws"
import type { Clock } from "../clock.ts"
import type { Outgoing } from "../faults/frameFaults.ts"
import { DelayLine } from "./DelayLine.ts"

export interface OutboxOptions {
  readonly clock: Clock
  readonly maxBytes: number
  /** How late everything is, asked once for each thing that is sent. */
  readonly lagMs: () => number
  readonly isMute: () => boolean
  readonly overflow: () => void
}

export class Outbox {
  private readonly socket: WebSocket
  private readonly tcp: Socket
  private readonly options: OutboxOptions
  private readonly whole: DelayLine
  private readonly answers: DelayLine
  /** Of the streams that are or were late. */
  private readonly streams = new Map<string, DelayLine>()
  private waitingBytes = 0
  private stalls = 0
  private stopped = false

  constructor(socket: WebSocket, tcp: Socket, options: OutboxOptions) {
    this.socket = socket
    this.tcp = tcp
    this.options = options
    this.whole = new DelayLine(options.clock)
    this.answers = new DelayLine(options.clock)
  }

  get bufferedBytes(): number {
    return this.socket.bufferedAmount + this.waitingBytes
  }

  frame(stream: string, delayMs: number, data: Outgoing, sent: () => void): void {
    this.push(this.lineOf(stream, delayMs), delayMs, data.length, () => {
      sent()
      this.socket.send(data)
    })
  }

  answer(text: string, delayMs: number, sent: () => void): void {
    this.push(this.answers, delayMs, text.length, () => {
      sent()
      this.socket.send(text)
    })
  }

  ping(payload: string): void {
    this.push(undefined, 0, payload.length, () => this.socket.ping(payload))
  }

  pong(payload: Buffer): void {
    this.push(undefined, 0, payload.length, () => this.socket.pong(payload))
  }

  /** Neither reads nor writes until the returned function is called; several stalls nest. */
  stall(): () => void {
    if (this.stalls++ === 0) {
      this.socket.pause()
      this.tcp.cork()
    }
    return () => {
      if (--this.stalls > 0 || this.stopped) return
      this.tcp.uncork()
      this.socket.resume()
    }
  }

  /** Forgets what waits; what the socket has already is written. */
  stop(): void {
    this.stopped = true
    for (const line of [this.whole, this.answers, ...this.streams.values()]) line.clear()
    if (this.stalls === 0) return
    this.tcp.uncork()
    this.socket.resume()
  }

  private push(line: DelayLine | undefined, delayMs: number, bytes: number, send: () => void): void {
    const { isMute, lagMs, maxBytes, overflow } = this.options
    if (this.stopped) return
    this.waitingBytes += bytes
    const leave = () => {
      this.waitingBytes -= bytes
      if (!this.stopped && !isMute()) send()
    }
    const late = () => this.whole.push(lagMs(), leave)
    if (line === undefined) late()
    else line.push(delayMs, late)
    // A client that does not read cannot make the server grow without end.
    if (this.bufferedBytes > maxBytes) overflow()
  }

  private lineOf(stream: string, delayMs: number): DelayLine | undefined {
    const line = this.streams.get(stream)
    if (line === undefined ? delayMs === 0 : line.isIdle && delayMs === 0) {
      this.streams.delete(stream)
      return undefined
    }
    const found = line ?? new DelayLine(this.options.clock)
    this.streams.set(stream, found)
    return found
  }
}
