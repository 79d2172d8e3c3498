/**
 * The signs of life of one of CCXT's sockets, seen beside CCXT: every frame, ping and pong, and its end. CCXT itself asks
 * for a pong every few minutes at most, and tells of an end only to whoever waits at that moment.
 */
import { Supervision } from "@tidewire/core"
import { Effect } from "effect"
import type { Client } from "./Exchange.ts"

/** Pings that may wait for an answer. */
const MOST_PINGS = 16

export interface SocketEvents {
  readonly counter: Supervision.FeedCounter
  readonly onFrame: () => void
  /** A ping of ours has been answered after so many ms. */
  readonly onAnswer: (latencyMs: number) => void
  readonly onClose: (code: number) => void
  /** Runs this once CCXT has handed over what it had read. */
  readonly afterwards: (run: () => void) => void
}

export class SocketLife {
  /** Frames so far. */
  frames = 0
  /** When the last sign came, in the count of `FeedCounter.signs`. */
  lastSign = 0
  readonly #client: Client
  readonly #events: SocketEvents
  /** Pings that are not answered yet, in order: when each went out, by the clock and in signs. */
  readonly #pinged: Array<{ readonly atMs: number; readonly sign: number }> = []
  /** In signs, when the ping went out that was answered last. */
  #proof = 0
  #canPing = true

  constructor(client: Client, events: SocketEvents) {
    this.#client = client
    this.#events = events
    const { connection } = client
    // a request that meets a closing socket fails, and CCXT leaves that rejection to nobody
    const send = client.send.bind(client)
    client.send = (message) => {
      const sent = send(message)
      sent.catch(() => {})
      return sent
    }
    if (connection?.on !== undefined) {
      connection.on("message", () => this.#frame())
      connection.on("ping", () => this.#sign())
      connection.on("pong", () => this.#pong())
      connection.on("close", (code) => events.onClose(Number(code)))
    } else {
      connection?.addEventListener?.("message", () => this.#frame())
      connection?.addEventListener?.("pong", () => this.#pong())
      connection?.addEventListener?.("close", ({ code }) => events.onClose(code ?? 1006))
    }
  }

  /** How far it is proved that the venue had nothing more for this socket that has not been handed over. */
  get lastProof(): number {
    return this.#canPing && this.#events.counter.answersPings ? this.#proof : this.lastSign - 1
  }

  /** What core watches a socket by. */
  watched(isPaused: () => boolean): Supervision.WatchedSocket {
    return {
      lastSign: () => this.lastSign,
      sign: () => this.#events.counter.signs,
      lastProof: () => this.lastProof,
      isPaused,
      answersPings: () => this.#events.counter.answersPings,
      ping: this.ping
    }
  }

  readonly ping: Effect.Effect<boolean> = Effect.sync(() => {
    const { connection } = this.#client
    this.#canPing = connection?.ping !== undefined
    if (connection?.ping === undefined) return false
    try {
      connection.ping()
    } catch {
      // it is about to close, which is told otherwise
      return false
    }
    const sent = { atMs: Supervision.receiveTime(), sign: this.#events.counter.signs }
    if (this.#pinged.length < MOST_PINGS) this.#pinged.push(sent)
    return true
  })

  #sign(): void {
    this.lastSign = ++this.#events.counter.signs
  }

  #frame(): void {
    this.frames++
    this.#events.counter.frames++
    this.#sign()
    this.#events.onFrame()
  }

  #pong(): void {
    this.#sign()
    this.#events.counter.answersPings = true
    const answered = this.#pinged.shift()
    if (answered === undefined) return
    const { atMs, sign } = answered
    this.#events.onAnswer(Supervision.receiveTime() - atMs)
    this.#events.afterwards(() => (this.#proof = sign))
  }
}
