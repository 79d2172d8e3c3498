/**
 * Writes a recording: entries into blocks in memory, blocks compressed off the main thread and appended to files.
 *
 * Guarantees: `add` never waits and never throws: when the disk is behind by `MOST_WAITING` blocks, or the recording is full
 * or broken, entries are dropped, counted, and told in the recording as soon as there is room. What was added is on its way to
 * the disk within `FLUSH_EVERY`. Files are only ever appended to, and made anew (never overwritten). The end of the scope
 * writes all that waits.
 */
import * as fs from "node:fs/promises"
import * as path from "node:path"
import * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as Block from "./Block.ts"
import * as Compression from "./Compression.ts"
import { EntryWriter } from "./EntryWriter.ts"
import * as SegmentFiles from "./SegmentFiles.ts"
import { type Header, Kind, type Lost } from "./Tape.ts"

const BLOCK_BYTES = 1024 * 1024
const MOST_WAITING = 64
const FLUSH_EVERY = "250 millis"

/** How long the end may take to write what waits. */
const END_WITHIN = "10 seconds"

/** Room for a block of a frame, before it has to grow. */
const FIRST_CAPACITY = 64 * 1024

export interface TapeOptions {
  readonly folder: string
  readonly header: Omit<Header, "segment">
  readonly codec?: Compression.Codec
  /** A new file begins after so many bytes. */
  readonly segmentBytes: number
  /** No more is written once it would pass this. */
  readonly maxBytes: number
  /** Epoch ms. */
  readonly now: () => number
}

export interface TapeCounts {
  readonly entries: number
  readonly rawBytes: number
  readonly writtenBytes: number
  readonly files: number
  /** Entries that were not recorded. */
  readonly lost: number
}

export interface TapeWriter {
  readonly add: (kind: Kind, flags: number, time: number, connection: number, payload: string | Uint8Array) => void
  readonly counts: () => TapeCounts
  /** Completes when nothing more can be recorded: why. */
  readonly ended: Effect.Effect<string>
}

/** Nothing more can be written. */
class TapeFailed extends Data.TaggedError("TapeFailed")<{ readonly message: string; readonly cause?: unknown }> {}

interface Sealed {
  readonly head: Omit<Block.Head, "bodyBytes" | "bodyChecksum">
  readonly raw: Buffer
}

export const make = (options: TapeOptions): Effect.Effect<TapeWriter, never, Scope.Scope> =>
  Effect.gen(function* () {
    const tape = new RunningTape(options, yield* Queue.dropping<Sealed, Cause.Done>(MOST_WAITING))
    yield* tape.open
    return tape
  })

class RunningTape implements TapeWriter {
  readonly #options: TapeOptions
  readonly #queue: Queue.Queue<Sealed, Cause.Done>
  readonly #codec: Compression.Codec
  readonly #ended = Deferred.makeUnsafe<string>()
  #block = new EntryWriter(FIRST_CAPACITY)
  #file: fs.FileHandle | undefined
  #fileBytes = 0
  #isEnded = false
  /** Not told yet. */
  #missing = { entries: 0, bytes: 0 }
  readonly #counts = { entries: 0, rawBytes: 0, writtenBytes: 0, files: 0, lost: 0 }

  constructor(options: TapeOptions, queue: Queue.Queue<Sealed, Cause.Done>) {
    this.#options = options
    this.#queue = queue
    this.#codec = options.codec ?? Compression.best
  }

  get open(): Effect.Effect<void, never, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      const writing = yield* Queue.take(this.#queue).pipe(
        Effect.flatMap((sealed) => this.#write(sealed)),
        Effect.forever({ disableYield: true }),
        Effect.catchCause((cause) =>
          Cause.hasInterruptsOnly(cause) || Cause.isDone(Cause.squash(cause))
            ? Effect.void
            : Effect.sync(() => this.#end(messageOf(Cause.squash(cause))))
        ),
        Effect.forkDetach
      )
      const flush = Effect.sync(() => this.#seal())
      const flushing = yield* flush.pipe(Effect.repeat(Schedule.spaced(FLUSH_EVERY)), Effect.forkDetach)
      yield* Effect.addFinalizer(() =>
        Effect.gen({ self: this }, function* () {
          yield* Fiber.interrupt(flushing)
          this.#seal()
          yield* Queue.end(this.#queue)
          yield* Fiber.await(writing).pipe(Effect.timeoutOption(END_WITHIN))
          yield* Effect.promise(async () => this.#file?.close())
        })
      )
    })
  }

  get ended(): Effect.Effect<string> {
    return Deferred.await(this.#ended)
  }

  add(kind: Kind, flags: number, time: number, connection: number, payload: string | Uint8Array): void {
    if (this.#isEnded || (this.#block.length >= BLOCK_BYTES && !this.#seal())) {
      this.#missing.entries++
      this.#missing.bytes += payload.length
      this.#counts.lost++
      return
    }
    const micros = Math.round(time * 1_000)
    if (this.#missing.entries > 0) {
      const lost: Lost = { ...this.#missing, reason: "the disk did not keep up" }
      this.#missing = { entries: 0, bytes: 0 }
      this.#block.add(Kind.lost, 0, micros, 0, JSON.stringify(lost))
    }
    this.#counts.entries++
    this.#block.add(kind, flags, micros, connection, payload)
  }

  readonly counts = (): TapeCounts => {
    return { ...this.#counts }
  }

  /** Hands the block over; false when there is no room for it. */
  #seal(): boolean {
    const block = this.#block
    if (block.entries === 0 || this.#isEnded) return true
    const { entries, firstMicros, lastMicros, length } = block
    const head = { codec: this.#codec, rawBytes: length, entries, firstMicros, lastMicros }
    if (!Queue.offerUnsafe(this.#queue, { head, raw: block.take() })) return false
    this.#block = new EntryWriter(Math.min(Math.max(FIRST_CAPACITY, length * 2), BLOCK_BYTES))
    return true
  }

  #write(sealed: Sealed): Effect.Effect<void, TapeFailed> {
    return Effect.gen({ self: this }, function* () {
      const body = yield* Compression.compress(sealed.head.codec, sealed.raw).pipe(
        Effect.mapError((cause) => new TapeFailed({ message: cause.message, cause }))
      )
      const bytes = Block.HEAD_BYTES + body.length
      if (this.#counts.writtenBytes + bytes > this.#options.maxBytes) {
        return yield* new TapeFailed({ message: `it has the ${this.#options.maxBytes} bytes that it may have` })
      }
      if (this.#file === undefined || this.#fileBytes + bytes > this.#options.segmentBytes) yield* this.#begin
      yield* this.#append(sealed.head, body)
      this.#counts.rawBytes += sealed.raw.length
    })
  }

  /** Begins the next file, with the header of the recording. */
  get #begin(): Effect.Effect<void, TapeFailed> {
    return Effect.gen({ self: this }, function* () {
      const segment = this.#counts.files + 1
      const before = this.#file
      this.#file = yield* attempt(async () => {
        await before?.close()
        return fs.open(path.join(this.#options.folder, SegmentFiles.nameOf(segment)), "ax")
      })
      this.#counts.files = segment
      this.#fileBytes = 0
      const header: Header = { ...this.#options.header, segment }
      const entry = new EntryWriter(FIRST_CAPACITY)
      entry.add(Kind.header, 0, Math.round(this.#options.now() * 1_000), 0, JSON.stringify(header))
      const { entries, firstMicros, lastMicros, length } = entry
      const file = this.#file
      yield* attempt(() => file.appendFile(Block.FILE_MAGIC))
      yield* this.#append({ codec: "none", rawBytes: length, entries, firstMicros, lastMicros }, entry.take())
    })
  }

  #append(head: Sealed["head"], body: Buffer): Effect.Effect<void, TapeFailed> {
    const bytes = Buffer.concat([Block.write(head, body), body])
    return Effect.map(
      attempt(() => this.#file!.appendFile(bytes)),
      () => {
        this.#fileBytes += bytes.length
        this.#counts.writtenBytes += bytes.length
      }
    )
  }

  #end(reason: string): void {
    this.#isEnded = true
    this.#missing.entries = 0
    Deferred.doneUnsafe(this.#ended, Exit.succeed(reason))
  }
}

const attempt = <A>(write: () => Promise<A>): Effect.Effect<A, TapeFailed> =>
  Effect.tryPromise({
    try: write,
    catch: (cause) => new TapeFailed({ message: cause instanceof Error ? cause.message : String(cause), cause })
  })

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
