/**
 * The last frames that were handed to sockets, of all connections, faults included: what a client could have seen.
 * Bounded by its capacity; a capacity of 0 keeps nothing and costs nothing.
 */
import { Ring } from "../market/ring.ts"

export interface SentFrame {
  readonly connection: number
  readonly stream: string
  /** Epoch milliseconds. */
  readonly time: number
  /** As sent; bytes that are not text are shown in base64. */
  readonly text: string
}

export class SentLog {
  private readonly ring: Ring<SentFrame>

  constructor(capacity: number) {
    this.ring = new Ring(capacity)
  }

  record(connection: number, stream: string, time: number, data: string | Uint8Array): void {
    if (this.ring.capacity === 0) return
    const text = typeof data === "string" ? data : Buffer.from(data).toString("base64")
    this.ring.push({ connection, stream, time: Math.floor(time), text })
  }

  /** Oldest first. */
  list(connection?: number): Array<SentFrame> {
    const all = this.ring.slice(0, this.ring.length)
    return connection === undefined ? all : all.filter((frame) => frame.connection === connection)
  }
}
