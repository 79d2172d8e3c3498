/**
 * From the bus to all who listen.
 *
 * Guarantees: in the bus's call an event is put in a list and nothing else, and only while somebody listens; it is encoded once
 * for all clients, and what is sent once for all clients of the same filters; both happen in turns of the event loop of their own,
 * each of a bounded length. What waits is bounded for each client (`StreamClient`) and here (`MOST_PENDING`).
 */
import type { EventBus } from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import type { Told } from "../../output/Output.ts"
import * as EventFilter from "./EventFilter.ts"
import type { Chunk, StreamClient } from "./StreamClient.ts"
import type { Wire } from "./Wire.ts"

/** How long events gather before they are sent: the writes of 20 ms are one. */
const GATHER = "20 millis"

/** Events that wait to be encoded. */
const MOST_PENDING = 65_536

/** Events that are encoded, and clients that are written to, before frames of venues have their turn: some tens of µs each. */
const EVENTS_A_TURN = 32
const CLIENTS_A_TURN = 2

/** An eighth of what waits. */
const SHARE_SHIFT = 3

/** A chunk has at most about so many bytes, so that a loss is not of thousands. */
const CHUNK_BYTES = 32 * 1024

/** Clients that want the same in the same form. */
interface Group {
  readonly wire: Wire
  readonly filters: ReadonlyArray<EventFilter.EventFilter>
  readonly clients: Set<StreamClient>
  parts: Array<Uint8Array>
  bytes: number
}

export class Hub {
  /** Events that clients lost, those that are gone among them. */
  #lost = 0
  readonly #bus: EventBus.EventBus<Told>
  readonly #clients = new Set<StreamClient>()
  readonly #groups = new Map<string, Group>()
  readonly #wake = Latch.makeUnsafe(false)
  #pending: Array<Told> = []
  #isAwake = false
  #unlisten: (() => void) | undefined

  constructor(bus: EventBus.EventBus<Told>) {
    this.#bus = bus
  }

  get lost(): number {
    let lost = this.#lost
    for (const client of this.#clients) lost += client.lost
    return lost
  }

  get size(): number {
    return this.#clients.size
  }

  count(name: Wire["name"]): number {
    return [...this.#clients].filter(({ wire }) => wire.name === name).length
  }

  add(client: StreamClient): void {
    this.#clients.add(client)
    this.#join(client)
    this.#unlisten ??= this.#bus.onAny(this.#take, "clients of the API")
  }

  remove(client: StreamClient): void {
    if (!this.#clients.delete(client)) return
    this.#leave(client)
    this.#lost += client.lost
    if (this.#clients.size > 0) return
    this.#unlisten?.()
    this.#unlisten = undefined
    this.#pending = []
  }

  /** From the next event on. */
  change(client: StreamClient, filters: ReadonlyArray<EventFilter.EventFilter>): void {
    if (!this.#clients.has(client)) return
    this.#leave(client)
    client.filters = filters
    this.#join(client)
  }

  /** There is something to write, or room for it again. */
  wake(): void {
    if (this.#isAwake) return
    this.#isAwake = true
    this.#wake.openUnsafe()
  }

  keepAlive(): void {
    for (const client of this.#clients) client.keepAlive()
  }

  /** Lets out what there is, and ends every client. */
  end(): void {
    while (this.#pending.length > 0) this.#encode()
    for (const client of this.#clients) client.end()
  }

  /** Sends until it is interrupted. */
  readonly run: Effect.Effect<never> = Effect.suspend(() => {
    const once = Effect.gen({ self: this }, function* () {
      yield* this.#wake.await
      this.#wake.closeUnsafe()
      yield* Effect.sleep(GATHER)
      this.#isAwake = false
      while (this.#pending.length > 0) {
        this.#encode()
        yield* nextTurn
      }
      let written = 0
      for (const client of this.#clients) {
        if (!client.isReady) continue
        client.write()
        if (++written % CLIENTS_A_TURN === 0) yield* nextTurn
      }
    })
    return Effect.forever(once)
  })

  readonly #take = (event: Told): void => {
    if (this.#pending.length < MOST_PENDING) this.#pending.push(event)
    else for (const client of this.#clients) client.lose(1)
    if (!this.#isAwake) this.wake()
  }

  /** A turn's share of what waits. */
  #encode(): void {
    // where more comes with every turn, more goes
    const share = Math.max(EVENTS_A_TURN, this.#pending.length >> SHARE_SHIFT)
    const events = this.#pending.splice(0, share)
    for (const event of events) {
      const channel = EventFilter.channelOf(event)
      let json: string | undefined
      const encoded = new Map<Wire, Uint8Array>()
      for (const group of this.#groups.values()) {
        if (!group.filters.some((filter) => EventFilter.matches(filter, event, channel))) continue
        json ??= JSON.stringify(event)
        let bytes = encoded.get(group.wire)
        if (bytes === undefined) encoded.set(group.wire, (bytes = group.wire.event(event.type, json)))
        group.parts.push(bytes)
        group.bytes += bytes.length
        if (group.bytes >= CHUNK_BYTES) handOut(group)
      }
    }
    for (const group of this.#groups.values()) handOut(group)
  }

  #join(client: StreamClient): void {
    const key = keyOf(client)
    let group = this.#groups.get(key)
    if (group === undefined) {
      group = { wire: client.wire, filters: client.filters, clients: new Set(), parts: [], bytes: 0 }
      this.#groups.set(key, group)
    }
    group.clients.add(client)
  }

  #leave(client: StreamClient): void {
    const key = keyOf(client)
    const group = this.#groups.get(key)
    group?.clients.delete(client)
    if (group?.clients.size === 0) this.#groups.delete(key)
  }
}

const keyOf = ({ filters, wire }: StreamClient): string =>
  `${wire.name} ${filters.map(EventFilter.keyOf).toSorted().join(" ")}`

const handOut = (group: Group): void => {
  if (group.parts.length === 0) return
  const chunk: Chunk = { bytes: joined(group), events: group.parts.length }
  group.parts = []
  group.bytes = 0
  for (const client of group.clients) client.take(chunk)
}

const joined = ({ bytes, parts }: Group): Uint8Array => {
  const all = new Uint8Array(bytes)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** Others come first: frames of venues among them. */
const nextTurn: Effect.Effect<void> = Effect.callback<void>((resume) => {
  const turn = setImmediate(() => resume(Effect.void))
  return Effect.sync(() => clearImmediate(turn))
})
