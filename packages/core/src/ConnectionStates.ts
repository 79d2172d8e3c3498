/**
 * The states of a feed's connections, by name: the current values and their changes, and each move as an event.
 */
import * as Effect from "effect/Effect"
import * as SubscriptionRef from "effect/SubscriptionRef"
import type { Connection } from "./Event.ts"
import type { ConnectionStatus } from "./VenueAdapter.ts"

export type States = ReadonlyMap<string, ConnectionStatus>

export class ConnectionStates {
  readonly ref: SubscriptionRef.SubscriptionRef<States>

  private constructor(ref: SubscriptionRef.SubscriptionRef<States>) {
    this.ref = ref
  }

  static readonly make: Effect.Effect<ConnectionStates> = Effect.map(
    SubscriptionRef.make<States>(new Map()),
    (ref) => new ConnectionStates(ref)
  )

  set(status: ConnectionStatus): void {
    this.#change((states) => states.set(status.name, status))
  }

  delete(name: string): void {
    this.#change((states) => states.delete(name))
  }

  /** Others take the place of all. */
  replace(states: Iterable<readonly [string, ConnectionStatus]>): void {
    this.#write(new Map(states))
  }

  #change(change: (states: Map<string, ConnectionStatus>) => unknown): void {
    const states = new Map(SubscriptionRef.getUnsafe(this.ref))
    change(states)
    this.#write(states)
  }

  #write(states: States): void {
    // nobody else writes, so this never waits
    Effect.runSync(SubscriptionRef.set(this.ref, states))
  }
}

/** A move as the stream tells it. */
export const eventOf = (venue: string, { attempt, name, reason, since, state }: ConnectionStatus): Connection => ({
  type: "connection",
  venue,
  receivedTime: since,
  connection: name,
  state,
  attempt,
  ...(reason !== undefined && { reason })
})
