/**
 * One session's carrying of one stream: whether the venue confirmed it there, and whether it speaks. A stream has one leg,
 * or two while a connection is replaced, or always with `redundancy: 2`.
 */
import * as Latch from "effect/Latch"
import type { BookDelta, BookSnapshot } from "./BookRule.ts"
import type { ChannelStream } from "./ChannelStream.ts"
import type { MarketEvent } from "./Event.ts"
import type { FeedCounter } from "./FeedCounter.ts"

/** What a session knows of its socket, in the count of `FeedCounter.signs`, which orders the signs of all sockets. */
export interface Carrier {
  readonly counter: FeedCounter
  /**
   * How far it is proved that the venue had nothing more for this socket that has not arrived: when the ping was sent that
   * was answered last. Where pings are not answered, when the last sign of life came.
   */
  readonly lastProof: number
  /** Asks for another proof. */
  readonly prove: () => void
  /** Subscribes anew to the topic of a leg, so that the venue sends the whole of it again. */
  readonly reseed: (leg: Leg) => void
}

export class Leg {
  readonly stream: ChannelStream
  readonly carrier: Carrier
  /** Open once the venue acknowledged it in this session, or delivered something, which is as good. */
  readonly confirmed = Latch.makeUnsafe(false)
  isConfirmed = false
  /** Messages of it that came in this session. */
  messages = 0
  /** How far it has come in what the stream told, as of `ChannelStream.told`. */
  reached = 0
  /** It has brought what another one brought as well: what the venue sends after that comes on both. */
  hasMet = false
  /** When it was confirmed, in signs; everything that the venue sent after that came on this socket. */
  #confirmedAt = Infinity
  /** What the stream had told when it was confirmed. */
  #toldThen = 0

  constructor(stream: ChannelStream, carrier: Carrier) {
    this.stream = stream
    this.carrier = carrier
  }

  event(event: MarketEvent): void {
    this.messages++
    if (!this.isConfirmed) this.confirm()
    this.stream.accept(event, this)
  }

  delta(delta: BookDelta): void {
    this.messages++
    if (!this.isConfirmed) this.confirm()
    this.stream.delta(delta, this)
  }

  snapshot(snapshot: BookSnapshot): void {
    this.messages++
    if (!this.isConfirmed) this.confirm()
    this.stream.snapshot(snapshot, this)
  }

  confirm(): void {
    if (this.isConfirmed) return
    this.isConfirmed = true
    this.#confirmedAt = this.carrier.counter.signs
    this.#toldThen = this.reached = this.stream.told
    this.confirmed.openUnsafe()
    this.stream.confirm()
    for (const other of this.stream.legs) if (other !== this) other.carrier.prove()
  }

  /** It is about to be subscribed again on the same socket. */
  renew(): void {
    this.isConfirmed = false
    this.hasMet = false
    this.#confirmedAt = Infinity
    this.confirmed.closeUnsafe()
  }

  /**
   * Nothing was lost on the way from `before` to this leg: the two have met, or the other socket has brought all that was on
   * its way when this one had begun to carry the stream; and whatever has been told since has come here as well.
   */
  continues(before: Leg): boolean {
    return (this.hasMet || this.#outlives(before)) && this.reached === this.stream.told
  }

  /** It carries the stream as `before` does: it has spoken, if there was anything to say. */
  carriesAs(before: Leg): boolean {
    return this.#outlives(before) && (this.messages > 0 || this.stream.told === this.#toldThen)
  }

  #outlives(before: Leg): boolean {
    return this.isConfirmed && before.carrier.lastProof >= this.#confirmedAt
  }
}
