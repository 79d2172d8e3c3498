/**
 * What is told about one connection: its state, by the pure table of `ConnectionState`, its counts, and since when it has
 * been Active. The supervisor decides, this remembers what was said.
 *
 * Guarantees: an input that means nothing in a state is not told; counts only grow.
 */
import * as ConnectionState from "./ConnectionState.ts"
import type { FeedCounter } from "./FeedCounter.ts"
import { stateTime } from "./receiveTime.ts"
import type { ConnectionStatus } from "./VenueAdapter.ts"

export interface ConnectionTellerSetup {
  readonly name: string
  readonly counter: FeedCounter
  readonly onStatus: (status: ConnectionStatus) => void
  readonly onLatency: (status: ConnectionStatus) => void
}

export class ConnectionTeller {
  /** A session has opened before. */
  hasBeenOpen = false
  readonly #setup: ConnectionTellerSetup
  #state: ConnectionState.State = ConnectionState.initial
  #status: ConnectionStatus

  constructor(setup: ConnectionTellerSetup) {
    this.#setup = setup
    const since = stateTime()
    this.#status = {
      name: setup.name,
      state: "Stopped",
      attempt: 0,
      reason: undefined,
      since,
      reconnects: 0,
      rotations: 0
    }
  }

  get status(): ConnectionStatus {
    return this.#status
  }

  get isWaiting(): boolean {
    return this.#state._tag === "Failed" || this.#state._tag === "Reconnecting"
  }

  move(input: ConnectionState.Input): void {
    const next = ConnectionState.next(this.#state, input)
    if (next === this.#state) return
    this.#state = next
    const attempt = "attempt" in next ? next.attempt : 0
    const reason = "reason" in next ? next.reason : undefined
    this.#tell({ ...this.#status, state: next._tag, attempt, reason, since: stateTime() })
  }

  /** A session of the connection has opened; it is not told by itself. */
  opened(): void {
    if (this.hasBeenOpen) {
      this.#setup.counter.reconnects++
      this.#status = { ...this.#status, reconnects: this.#status.reconnects + 1 }
    }
    this.hasBeenOpen = true
  }

  /** Another session, which carries everything, has taken over where the last one was. */
  replaced(reason: string): void {
    this.move({ _tag: "AllAcknowledged" })
    this.#setup.counter.rotations++
    this.#tell({
      ...this.#status,
      rotations: this.#status.rotations + 1,
      reason: `replaced: ${reason}`,
      since: stateTime()
    })
  }

  measured(latencyMs: number): void {
    this.#status = { ...this.#status, latencyMs }
    this.#setup.onLatency(this.#status)
  }

  /** Says where it is again, with a reason. */
  say(reason: string): void {
    this.#tell({ ...this.#status, reason })
  }

  #tell(status: ConnectionStatus): void {
    this.#status = status
    this.#setup.onStatus(status)
  }
}
