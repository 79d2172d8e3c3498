/**
 * Reads the frames of one session: the venue's decoder says what is in a frame, and each thing goes to its stream. This
 * is the hot path: plain synchronous code from the socket's callback to the queue.
 *
 * Guarantees: nothing that a venue sends throws out of here or stops the stream; what cannot be read is counted, sampled
 * and skipped, and when nothing else comes for `MALFORMED_IN_A_ROW` frames the session is given up.
 */
import type { BookDelta, BookSnapshot } from "./BookRule.ts"
import * as DecodeStamp from "./DecodeStamp.ts"
import type { MarketEvent } from "./Event.ts"
import * as Frame from "./Frame.ts"
import type { FeedCounter } from "./FeedCounter.ts"
import type { Decode, DecodeSink } from "./SocketVenue.ts"
import type { SymbolLegs } from "./SymbolLegs.ts"
import { DecodeFailed, type Reason, type SubscriptionRejected } from "./VenueError.ts"

/** Unreadable frames in a row after which a new session is worth a try. */
const MALFORMED_IN_A_ROW = 100

export interface FrameReaderOptions {
  readonly decode: Decode
  readonly legs: ReadonlyMap<string, SymbolLegs>
  readonly counter: FeedCounter
  readonly acknowledged: (requestId: number | undefined) => void
  readonly rejected: (requestId: number | undefined, reason: SubscriptionRejected) => void
  readonly shutdownNotice: () => void
  readonly giveUp: (reason: Reason) => void
}

export class FrameReader implements DecodeSink {
  readonly #options: FrameReaderOptions
  readonly #counter: FeedCounter
  #frame: Frame.Frame = ""
  #malformedInARow = 0
  #wasMalformed = false
  /** Somebody wanted something of the frame, and what nobody wanted of it. */
  #isWanted = false
  #unwanted: string | undefined

  constructor(options: FrameReaderOptions) {
    this.#options = options
    this.#counter = options.counter
  }

  read(frame: Frame.Frame, isText: boolean, receivedTime: number): void {
    this.#counter.frames++
    this.#frame = frame
    if (!isText) return this.#binary()
    this.#wasMalformed = false
    this.#isWanted = false
    this.#unwanted = undefined
    try {
      this.#options.decode(frame, receivedTime, this)
    } catch (error) {
      this.malformed(error instanceof Error ? error.message : String(error))
    }
    if (this.#unwanted !== undefined && !this.#isWanted) this.unknown(this.#unwanted)
    if (!this.#wasMalformed) this.#malformedInARow = 0
    else if (++this.#malformedInARow >= MALFORMED_IN_A_ROW) this.#giveUp(frame)
  }

  event(event: MarketEvent): void {
    const leg = this.#options.legs.get(event.symbol)?.find(event)
    if (leg === undefined || leg.stream.state === "ended") {
      this.#unwanted = `${event.type} of ${event.symbol}`
      return
    }
    this.#isWanted = true
    if (DecodeStamp.stamp.isWanted) DecodeStamp.answer(event.receivedTime)
    leg.event(event)
  }

  delta(delta: BookDelta): void {
    const leg = this.#options.legs.get(delta.symbol)?.checkedBook
    if (leg === undefined) {
      this.#unwanted = `book change of ${delta.symbol}`
      return
    }
    this.#isWanted = true
    if (DecodeStamp.stamp.isWanted) DecodeStamp.answer(delta.receivedTime)
    leg.delta(delta)
  }

  snapshot(snapshot: BookSnapshot): void {
    const leg = this.#options.legs.get(snapshot.symbol)?.checkedBook
    if (leg === undefined) {
      this.#unwanted = `book of ${snapshot.symbol}`
      return
    }
    this.#isWanted = true
    leg.snapshot(snapshot)
  }

  acknowledged(requestId: number | undefined): void {
    this.#options.acknowledged(requestId)
  }

  rejected(requestId: number | undefined, reason: SubscriptionRejected): void {
    this.#options.rejected(requestId, reason)
  }

  shutdownNotice(): void {
    this.#options.shutdownNotice()
  }

  ignored(): void {}

  inexact(): void {
    this.#counter.inexact++
  }

  fallback(): void {
    this.#counter.fallbacks++
  }

  unknown(kind: string): void {
    this.#counter.unknown++
    this.#counter.sample(`unknown: ${kind}`, Frame.text(this.#frame))
  }

  malformed(reason: string): void {
    this.#wasMalformed = true
    this.#counter.malformed++
    this.#counter.sample(`malformed: ${reason}`, Frame.text(this.#frame))
  }

  #binary(): void {
    this.#counter.unknown++
    this.#counter.sample("unknown: binary frame", hexadecimal(Frame.bytes(this.#frame)))
  }

  #giveUp(frame: Frame.Frame): void {
    this.#malformedInARow = 0
    this.#options.giveUp(
      new DecodeFailed({
        message: `${MALFORMED_IN_A_ROW} unreadable frames in a row`,
        sample: Frame.text(frame).slice(0, 200)
      })
    )
  }
}

/** The beginning of what is no text. */
const hexadecimal = (bytes: Uint8Array): string => {
  const start = Array.from(bytes.subarray(0, 32), (byte) => byte.toString(16).padStart(2, "0")).join(" ")
  return `${bytes.length} bytes: ${start}`
}
