/**
 * A supervised connection: it has sessions, one after another, for as long as its fiber lives. The supervisor is the only
 * one who moves its state.
 *
 * Guarantees: its state is true at every moment (S-B5); each session restores every subscription; a lost session is told
 * to every stream it carried before its socket is even closed; it never gives up for good: an open circuit is probed
 * again after its cool-down (S-C2).
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Backoff from "./Backoff.ts"
import type { ChannelStream } from "./ChannelStream.ts"
import type { ConnectionOptions } from "./ConnectionOptions.ts"
import * as ConnectionState from "./ConnectionState.ts"
import type { FeedCounter } from "./FeedCounter.ts"
import { receiveTime } from "./receiveTime.ts"
import * as Session from "./Session.ts"
import type { SocketDriver } from "./Socket.ts"
import type { SocketVenue } from "./SocketVenue.ts"
import { SymbolStreams } from "./SymbolStreams.ts"
import type { ConnectionStatus } from "./VenueAdapter.ts"
import { describe, type Reason, recovery } from "./VenueError.ts"

export interface ConnectionSetup {
  readonly name: string
  readonly route: string
  readonly venue: SocketVenue
  readonly options: ConnectionOptions
  readonly driver: SocketDriver["Service"]
  readonly counter: FeedCounter
  /** Called at every move. */
  readonly onStatus: (status: ConnectionStatus) => void
}

export class Connection implements Session.Owner {
  readonly name: string
  readonly route: string
  readonly venue: SocketVenue
  readonly options: ConnectionOptions
  readonly driver: SocketDriver["Service"]
  readonly counter: FeedCounter
  readonly streams = new Map<string, SymbolStreams>()
  readonly all = new Set<ChannelStream>()
  isPaused = false
  readonly #onStatus: ConnectionSetup["onStatus"]
  #session: Session.Running | undefined
  #state: ConnectionState.State = ConnectionState.initial
  #status: ConnectionStatus
  #now: () => number = receiveTime
  #hasBeenOpen = false
  /** When this session became Active. */
  #activeSinceMs: number | undefined

  constructor(setup: ConnectionSetup) {
    this.name = setup.name
    this.route = setup.route
    this.venue = setup.venue
    this.options = setup.options
    this.driver = setup.driver
    this.counter = setup.counter
    this.#onStatus = setup.onStatus
    const since = receiveTime()
    this.#status = { name: setup.name, state: "Stopped", attempt: 0, reason: undefined, since, reconnects: 0 }
  }

  get status(): ConnectionStatus {
    return this.#status
  }

  /** Adds streams; a running session subscribes to them. */
  add(streams: ReadonlyArray<ChannelStream>): void {
    for (const stream of streams) {
      const { symbol } = stream.subscription
      const ofSymbol = this.streams.get(symbol) ?? new SymbolStreams()
      this.streams.set(symbol, ofSymbol)
      ofSymbol.add(stream)
      this.all.add(stream)
    }
    this.#session?.subscribe(streams)
  }

  /** Takes streams away; a running session unsubscribes from them. */
  remove(streams: ReadonlyArray<ChannelStream>): void {
    for (const stream of streams) {
      const { symbol } = stream.subscription
      const ofSymbol = this.streams.get(symbol)
      ofSymbol?.remove(stream)
      if (ofSymbol?.isEmpty === true) this.streams.delete(symbol)
      this.all.delete(stream)
    }
    this.#session?.unsubscribe(streams)
  }

  /** Stops reading; false when there is no socket, or it cannot. */
  pause(): boolean {
    this.isPaused = this.#session?.socket.pause() === true
    return this.isPaused
  }

  resume(): void {
    this.isPaused = false
    this.#session?.socket.resume()
  }

  entered(session: Session.Running): void {
    this.#session = session
    if (this.#hasBeenOpen) {
      this.counter.reconnects++
      this.#status = { ...this.#status, reconnects: this.#status.reconnects + 1 }
    }
    this.#hasBeenOpen = true
  }

  left(reason: Reason): void {
    const hadSocket = this.#session !== undefined
    this.#session = undefined
    this.isPaused = false
    this.move({ _tag: "Lost", reason: describe(reason) })
    if (!hadSocket) return
    const gapReason = reason._tag === "Stale" ? "stale" : "disconnect"
    for (const stream of this.all) if (stream.state !== "ended") stream.interrupted(gapReason, describe(reason))
  }

  move(input: ConnectionState.Input): void {
    const next = ConnectionState.next(this.#state, input)
    if (next === this.#state) return
    this.#state = next
    const since = receiveTime()
    const { reconnects } = this.#status
    const attempt = "attempt" in next ? next.attempt : 0
    const reason = "reason" in next ? next.reason : undefined
    if (next._tag === "Active") this.#activeSinceMs ??= this.#now()
    this.#status = { name: this.name, state: next._tag, attempt, reason, since, reconnects }
    this.#onStatus(this.#status)
  }

  /** Sessions without end. */
  readonly run: Effect.Effect<never> = Effect.gen({ self: this }, function* () {
    const { reconnect } = this.options
    let backoff = Backoff.initial
    let probes = 0
    const clock = yield* Clock.Clock
    this.#now = () => clock.currentTimeMillisUnsafe()
    this.move({ _tag: "Start" })
    while (true) {
      this.#activeSinceMs = undefined
      const reason = yield* Effect.flip(Effect.scoped(Session.run(this)))
      const activeForMs = this.#activeSinceMs === undefined ? 0 : this.#now() - this.#activeSinceMs
      if (this.#activeSinceMs !== undefined) probes = 0
      backoff = Backoff.sessionEnded(reconnect, backoff, activeForMs)
      const step = Backoff.next(reconnect, backoff, yield* Random.next)
      if (step === "exhausted") {
        const coolDownMs = Backoff.coolDownMs(reconnect, ++probes)
        this.move({ _tag: "AttemptsUsedUp", reason: describe(reason) })
        yield* Effect.sleep(coolDownMs)
        this.move({ _tag: "CoolDownEnded", attempt: reconnect.attempts + probes })
      } else {
        backoff = step.state
        yield* Effect.sleep(Math.max(step.delayMs, waitAskedFor(reason)))
        this.move({ _tag: "RetryNow", attempt: step.attempt })
      }
    }
  }).pipe(Effect.ensuring(Effect.sync(() => this.move({ _tag: "Stop" }))))
}

/** How long the venue asked to be left alone; 0 when it did not. */
const waitAskedFor = (reason: Reason): number => {
  if (reason._tag === "ConnectionFailed") return reason.retryAfterMs ?? 0
  const action = recovery(reason)
  return action._tag === "Wait" ? (action.retryAfterMs ?? 0) : 0
}
