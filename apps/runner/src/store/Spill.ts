/**
 * Batches on the disk while a database is away: segments (`Segment.ts`) in a folder, read back oldest first.
 *
 * Guarantees: a batch that `add` took survives `kill -9`, and is given out again by the next run if this one did not get to it;
 * what is given out twice has the same `writer` and `sequence`, by which the store knows it. Takes `size` bytes, and the end of
 * the batch that reaches them.
 */
import * as fs from "node:fs/promises"
import * as path from "node:path"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Segment from "./Segment.ts"
import { type Batch, failed, type StoreError } from "./Store.ts"

/** A file is done with when all of it is stored: small ones, so that room comes back soon. */
const SEGMENT_BYTES = 16 * 1024 * 1024

export interface Options {
  readonly folder: string
  readonly size: number
}

/** What is next, and what to call when it is stored. */
interface Next {
  readonly batch: Batch
  readonly done: Effect.Effect<void, StoreError>
}

export const open = (options: Options): Effect.Effect<Spill, StoreError, Scope.Scope> =>
  Effect.gen(function* () {
    const spill = new Spill(options)
    yield* attempt(`the spill in ${options.folder} cannot be used`, () => spill.begin())
    yield* Effect.addFinalizer(() => Effect.promise(() => spill.close()))
    return spill
  })

export class Spill {
  batches = 0
  rows = 0
  readonly #options: Options
  /** Closed ones, oldest first, and the one that is written to. */
  readonly #waiting: Array<{ readonly number: number; readonly bytes: number }> = []
  #segment: Segment.Segment | undefined
  #next = 1
  #reading: { readonly number: number; readonly blocks: AsyncGenerator<Segment.Logged> } | undefined

  constructor(options: Options) {
    this.#options = options
  }

  async begin(): Promise<void> {
    const { folder } = this.#options
    await fs.mkdir(folder, { recursive: true })
    await fs.access(folder, fs.constants.W_OK)
    for (const number of await Segment.list(folder)) {
      const file = this.#pathOf(number)
      for await (const { head } of Segment.blocks(file)) {
        this.batches++
        this.rows += Number(head.split(" ")[3] ?? 0)
      }
      this.#waiting.push({ number, bytes: (await fs.stat(file)).size })
      this.#next = number + 1
    }
  }

  async close(): Promise<void> {
    await this.#reading?.blocks.return(undefined)
    await this.#segment?.close()
  }

  get hasRoom(): boolean {
    const closed = this.#waiting.reduce((sum, { bytes }) => sum + bytes, 0)
    return closed + (this.#segment?.bytes ?? 0) < this.#options.size
  }

  add(batch: Batch): Effect.Effect<void, StoreError> {
    return Effect.gen({ self: this }, function* () {
      const segment = this.#segment ?? new Segment.Segment(this.#options.folder, this.#next++)
      this.#segment = segment
      yield* segment.append(batch)
      this.batches++
      this.rows += batch.rows
      if (segment.bytes >= SEGMENT_BYTES) yield* attempt("the spill", () => this.#seal())
    })
  }

  /** The oldest that this run has not been given; `undefined` when there is none. */
  get next(): Effect.Effect<Next | undefined, StoreError> {
    return Effect.map(
      attempt("what was spilled cannot be read", () => this.#read()),
      (logged) => {
        if (logged === undefined) return undefined
        const batch = Segment.batchOf(logged)
        const done = Effect.sync(() => {
          this.batches--
          this.rows -= batch.rows
        })
        return { batch, done }
      }
    )
  }

  async #read(): Promise<Segment.Logged | undefined> {
    while (true) {
      if (this.#reading === undefined) {
        if (this.#waiting.length === 0) await this.#seal()
        const [first] = this.#waiting
        if (first === undefined) return undefined
        this.#reading = { number: first.number, blocks: Segment.blocks(this.#pathOf(first.number)) }
      }
      const { done, value } = await this.#reading.blocks.next()
      if (done !== true) return value as Segment.Logged
      await fs.rm(this.#pathOf(this.#reading.number), { force: true })
      this.#reading = undefined
      this.#waiting.shift()
    }
  }

  async #seal(): Promise<void> {
    const segment = this.#segment
    if (segment === undefined) return
    this.#segment = undefined
    await segment.close()
    this.#waiting.push({ number: segment.number, bytes: segment.bytes })
  }

  #pathOf(number: number): string {
    return path.join(this.#options.folder, Segment.nameOf(number))
  }
}

const attempt = <A>(doing: string, ask: () => Promise<A>): Effect.Effect<A, StoreError> =>
  Effect.tryPromise({ try: ask, catch: failed(doing) })
