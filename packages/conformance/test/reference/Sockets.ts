/**
 * The made-up exchange's side of its sockets, without a network: who is connected, to which topics, and every fault that
 * a connection or a message can have. A topic is `<symbol>.<channel>`.
 */
import { Socket, VenueError } from "@tidewire/core"
import * as Effect from "effect/Effect"

interface Client {
  readonly handlers: Socket.SocketHandlers
  readonly topics: Set<string>
  /** Nothing is sent on it any more, and it stays open. */
  isSilent: boolean
  /** What it would have read; `undefined` while it reads. */
  held: Array<string> | undefined
}

/** Frames that a paused client may leave unread. */
const MOST_HELD = 10_000

const HANDSHAKE_MS = 5

const symbolOf = (topic: string): string => topic.slice(0, topic.indexOf("."))

export class Sockets {
  dials = 0
  refusedUntil = 0
  unconfirmedUntil = 0
  /** Topics whose next message is not sent. */
  readonly dropped = new Set<string>()
  /** Messages about a symbol that are still to be sent twice. */
  readonly doubled = new Map<string, number>()
  /** Symbols about which something unreadable is to be sent. */
  readonly mangled = new Set<string>()
  readonly #clients = new Set<Client>()
  readonly #symbols: ReadonlyArray<string>
  readonly #now: () => number
  #waiting: Array<{ readonly at: number; readonly run: () => void }> = []

  constructor(symbols: ReadonlyArray<string>, now: () => number) {
    this.#symbols = symbols
    this.#now = now
  }

  get open(): number {
    return this.#clients.size
  }

  /** Sends what has been withheld and is due. */
  tick(): void {
    const now = this.#now()
    const due = this.#waiting.filter(({ at }) => at <= now)
    this.#waiting = this.#waiting.filter(({ at }) => at > now)
    for (const { run } of due) run()
  }

  publish(topic: string, data: unknown): void {
    if (this.dropped.delete(topic)) return
    const symbol = symbolOf(topic)
    const readers = [...this.#clients].filter(({ topics }) => topics.has(topic))
    if (readers.length === 0) return
    const left = this.doubled.get(symbol) ?? 0
    if (left > 0) this.doubled.set(symbol, left - 1)
    const isMangled = this.mangled.delete(symbol)
    const frame = JSON.stringify({ topic, data })
    for (const client of readers) {
      if (isMangled) this.#send(client, `{"topic":"${topic}","da`)
      this.#send(client, frame)
      if (left > 0) this.#send(client, frame)
    }
  }

  kill(symbol: string): void {
    for (const client of this.#carrying(symbol)) {
      this.#clients.delete(client)
      client.handlers.onClose(1006, "")
    }
  }

  silence(symbol: string): void {
    for (const client of this.#carrying(symbol)) client.isSilent = true
  }

  readonly driver: Socket.SocketDriver["Service"] = {
    canPause: true,
    open: (_url, handlers) =>
      Effect.andThen(
        this.#way,
        Effect.acquireRelease(
          Effect.suspend(() => {
            if (this.#now() < this.refusedUntil) {
              return Effect.fail(new VenueError.ConnectionFailed({ message: "refused" }))
            }
            const client: Client = { handlers, topics: new Set(), isSilent: false, held: undefined }
            this.#clients.add(client)
            return Effect.succeed(client)
          }),
          (client) => Effect.sync(() => this.#clients.delete(client))
        )
      ).pipe(Effect.map((client) => this.#socketOf(client)))
  }

  /** A handshake takes a moment. */
  readonly #way = Effect.suspend(() => {
    this.dials++
    return Effect.sleep(HANDSHAKE_MS)
  })

  #socketOf(client: Client): Socket.Socket {
    return {
      send: (text) => this.#answer(client, JSON.parse(text)),
      ping: () => {
        if (!client.isSilent) client.handlers.onPong()
        return true
      },
      pause: () => {
        client.held ??= []
        return true
      },
      resume: () => {
        const { held = [] } = client
        client.held = undefined
        for (const frame of held) this.#send(client, frame)
      }
    }
  }

  #answer(client: Client, request: { sub?: ReadonlyArray<string>; unsub?: ReadonlyArray<string>; id: number }): void {
    const { id, sub = [], unsub = [] } = request
    if (!sub.every((topic) => this.#symbols.includes(symbolOf(topic)))) {
      return this.#send(client, JSON.stringify({ refused: id }))
    }
    for (const topic of unsub) client.topics.delete(topic)
    const confirm = (): void => {
      for (const topic of sub) client.topics.add(topic)
      this.#send(client, JSON.stringify({ ack: id }))
    }
    if (this.#now() >= this.unconfirmedUntil) confirm()
    else this.#waiting.push({ at: this.unconfirmedUntil, run: confirm })
  }

  #send(client: Client, frame: string): void {
    if (client.isSilent || !this.#clients.has(client)) return
    if (client.held === undefined) return client.handlers.onMessage(frame, true, this.#now())
    if (client.held.length >= MOST_HELD) throw new RangeError("a paused client leaves too much unread")
    client.held.push(frame)
  }

  #carrying(symbol: string): ReadonlyArray<Client> {
    return [...this.#clients].filter(({ topics }) => [...topics].some((topic) => symbolOf(topic) === symbol))
  }
}
