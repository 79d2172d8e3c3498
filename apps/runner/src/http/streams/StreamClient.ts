/**
 * One who listens: what waits for it, and where that goes.
 *
 * Guarantees: holds at most `MOST_BYTES` and `MOST_EVENTS` beside what its socket has taken; the oldest gives way, is counted, and
 * the client is told how many before it gets the next.
 */
import type { EventFilter } from "./EventFilter.ts"
import type { Wire } from "./Wire.ts"

export const MOST_BYTES = 1024 * 1024
export const MOST_EVENTS = 5_000

/** Several events as one write; shared by all clients that want the same. */
export interface Chunk {
  readonly bytes: Uint8Array
  readonly events: number
}

/** A socket or a response. */
export interface Sink {
  /** False when nothing more is to be written until `drained` is called. */
  readonly write: (bytes: Uint8Array) => boolean
  /** Ends it: in order where it is read, at once where it is not. */
  readonly end: (isStuck: boolean) => void
}

export class StreamClient {
  readonly wire: Wire
  /** Changed by the hub alone. */
  filters: ReadonlyArray<EventFilter>
  /** Events it has lost. */
  lost = 0
  readonly #sink: Sink
  readonly #chunks: Array<Chunk> = []
  #bytes = 0
  #events = 0
  #untold = 0
  #isBlocked = false

  constructor(wire: Wire, sink: Sink, filters: ReadonlyArray<EventFilter>) {
    this.wire = wire
    this.#sink = sink
    this.filters = filters
  }

  /** Whether there is something to write, and it may be written. */
  get isReady(): boolean {
    return !this.#isBlocked && (this.#chunks.length > 0 || this.#untold > 0)
  }

  /** Whether its socket takes nothing at present. */
  get isBlocked(): boolean {
    return this.#isBlocked
  }

  /** Bytes that wait. */
  get waiting(): number {
    return this.#bytes
  }

  take(chunk: Chunk): void {
    this.#chunks.push(chunk)
    this.#bytes += chunk.bytes.length
    this.#events += chunk.events
    while (this.#chunks.length > 1 && (this.#bytes > MOST_BYTES || this.#events > MOST_EVENTS)) {
      const gone = this.#forget()
      this.lose(gone.events)
    }
  }

  lose(events: number): void {
    this.lost += events
    this.#untold += events
  }

  /** Writes what waits, as far as it is taken. */
  write(): void {
    if (this.#untold > 0 && !this.#isBlocked) {
      this.#put(this.wire.lost(this.#untold))
      this.#untold = 0
    }
    while (!this.#isBlocked && this.#chunks.length > 0) this.#put(this.#forget().bytes)
  }

  /** Shows that the connection is there; nothing while something waits. */
  keepAlive(): void {
    if (!this.#isBlocked && this.#chunks.length === 0) this.#put(this.wire.alive)
  }

  drained(): void {
    this.#isBlocked = false
  }

  end(): void {
    this.write()
    this.#sink.end(this.#isBlocked)
  }

  #put(bytes: Uint8Array): void {
    if (!this.#sink.write(bytes)) this.#isBlocked = true
  }

  #forget(): Chunk {
    const chunk = this.#chunks.shift()!
    this.#bytes -= chunk.bytes.length
    this.#events -= chunk.events
    return chunk
  }
}
