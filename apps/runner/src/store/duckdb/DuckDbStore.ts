/**
 * Events in Parquet files by table, venue and day; what has just come in a log beside them. docs/storage.md has the layout.
 *
 * Guarantees: a batch is on the disk (`fdatasync`) when `append` is done; from the log to Parquet and from many files to few no
 * row is lost or doubled, whenever the process is killed. One process writes to a folder, any number reads it. Nothing is
 * removed but what it has written. Maintenance runs off the main thread, on one thread.
 */
import * as fs from "node:fs/promises"
import * as path from "node:path"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import type * as Scope from "effect/Scope"
import type { DuckDbEntry } from "../../configuration/StoreEntry.ts"
import * as Segment from "../Segment.ts"
import { type Batch, failed, type Last, type Store, StoreError } from "../Store.ts"
import * as Compaction from "./compaction.ts"
import { convert } from "./convert.ts"
import { type Database, open as openDatabase } from "./database.ts"
import { lastOf } from "./lastOf.ts"
import * as Layout from "./layout.ts"
import * as ParquetFiles from "./parquetFiles.ts"
import { countedFiles } from "./reading.ts"
import * as Retention from "./retention.ts"

/** A segment is rolled when its rows are so many bytes of text: what maintenance has to take in at once. */
const MOST_RAW_BYTES = 128 * 1024 * 1024

const MAINTENANCE_MEMORY = "1GB"

const RETAIN_EVERY = Duration.hours(1)

export type Options = Pick<DuckDbEntry, "rollEvery" | "rowsPerFile" | "retention">

export const open = (folder: string, options: Options): Effect.Effect<Store, StoreError, Scope.Scope> =>
  Effect.gen(function* () {
    const layout = Layout.of(folder)
    yield* Effect.tryPromise({
      try: async () => {
        await fs.mkdir(layout.log, { recursive: true })
        await fs.access(layout.log, fs.constants.W_OK)
      },
      catch: failed(`the folder ${folder} cannot be written to`)
    })
    const database = yield* openDatabase({
      path: layout.lock,
      settings: { threads: "1", memory_limit: MAINTENANCE_MEMORY, temp_directory: layout.temporary }
    }).pipe(Effect.mapError((error) => (/lock/i.test(error.message) ? inUse(folder, error) : error)))
    const store = new DuckDbStore(layout, options, database)
    yield* store.begin
    yield* Effect.addFinalizer(() => store.close)
    return store
  })

const inUse = (folder: string, cause: StoreError): StoreError =>
  new StoreError({
    message: `the store in ${folder} is in use: another run writes to it (${/PID \d+/.exec(cause.message)?.[0] ?? "which one is not known"}); stop that one, or give this one a folder of its own`,
    cause
  })

class DuckDbStore implements Store {
  readonly #layout: Layout.Layout
  readonly #options: Options
  readonly #database: Database
  #segment: Segment.Segment | undefined
  #began = 0
  #next = 1
  #retained = -Infinity
  /** One append at a time, and one maintenance: two would make the same files. */
  readonly #turns = Semaphore.makeUnsafe(1)
  readonly #maintenance = Semaphore.makeUnsafe(1)
  /** The batch that was appended last. */
  #appended = ""
  #bytes: number | undefined

  constructor(layout: Layout.Layout, options: Options, database: Database) {
    this.#layout = layout
    this.#options = options
    this.#database = database
  }

  /** Takes up where the last process was, however that ended. */
  get begin(): Effect.Effect<void, StoreError> {
    return attempt("the store cannot be read", async () => {
      const { folder, log, temporary } = this.#layout
      await fs.rm(temporary, { recursive: true, force: true })
      await fs.mkdir(temporary, { recursive: true })
      const files = await ParquetFiles.list(folder)
      const { superseded } = ParquetFiles.sift(files)
      await ParquetFiles.remove(superseded)
      const segments = await Segment.list(log)
      this.#next = Math.max(0, ...files.map(({ last }) => last), ...segments) + 1
      this.#bytes = await this.#look()
    })
  }

  get close(): Effect.Effect<void> {
    return Effect.promise(async () => {
      await this.#segment?.close().catch(() => undefined)
      await fs.rm(this.#layout.temporary, { recursive: true, force: true }).catch(() => undefined)
    })
  }

  append(batch: Batch): Effect.Effect<void, StoreError> {
    return Effect.gen({ self: this }, function* () {
      // given again by one who did not wait for its end
      const id = `${batch.writer} ${batch.sequence}`
      if (id === this.#appended) return
      const now = yield* Clock.currentTimeMillis
      const segment = this.#segment ?? new Segment.Segment(this.#layout.log, this.#next++)
      if (this.#segment === undefined) this.#began = now
      this.#segment = segment
      yield* segment.append(batch)
      this.#appended = id
      const isOver =
        segment.rows >= this.#options.rowsPerFile ||
        segment.rawBytes >= MOST_RAW_BYTES ||
        now - this.#began >= Duration.toMillis(this.#options.rollEvery)
      if (isOver) yield* this.#roll
    }).pipe(Effect.uninterruptible, this.#turns.withPermits(1))
  }

  last(range: Parameters<Store["last"]>[0]): Effect.Effect<Last, StoreError> {
    return lastOf(this.#layout.folder, range)
  }

  readonly bytes = (): number | undefined => this.#bytes

  get maintain(): Effect.Effect<void, StoreError> {
    return Effect.gen({ self: this }, function* () {
      const now = yield* Clock.currentTimeMillis
      yield* this.#convert
      const today = new Date(now).toISOString().slice(0, 10)
      for (const run of Compaction.plan(yield* this.#live, today)) {
        yield* Compaction.compact(this.#database, this.#layout, run)
      }
      if (now - this.#retained >= Duration.toMillis(RETAIN_EVERY)) {
        yield* this.#retain(now)
        this.#retained = now
      }
      this.#bytes = yield* attempt("the store cannot be read", () => this.#look())
    }).pipe(this.#maintenance.withPermits(1))
  }

  get settle(): Effect.Effect<void, StoreError> {
    return Effect.andThen(this.#turns.withPermits(1)(this.#roll), this.#maintenance.withPermits(1)(this.#convert))
  }

  /** The segment is written no more; maintenance makes it Parquet. */
  get #roll(): Effect.Effect<void, StoreError> {
    return attempt("the log cannot be written", async () => {
      const segment = this.#segment
      this.#segment = undefined
      await segment?.close()
    })
  }

  /** In their order: what is Parquet and what is log never overlap. */
  get #convert(): Effect.Effect<void, StoreError> {
    return Effect.gen({ self: this }, function* () {
      const segments = yield* attempt("the log cannot be read", () => Segment.list(this.#layout.log))
      for (const number of segments) {
        if (number === this.#segment?.number) return
        yield* convert(this.#database, this.#layout, number)
      }
    })
  }

  get #live(): Effect.Effect<ReadonlyArray<ParquetFiles.ParquetFile>, StoreError> {
    return attempt("the store cannot be read", async () =>
      countedFiles(await ParquetFiles.list(this.#layout.folder), await Segment.list(this.#layout.log))
    )
  }

  #retain(now: number): Effect.Effect<void, StoreError> {
    return Effect.gen({ self: this }, function* () {
      const { age, size } = this.#options.retention
      if (age === undefined && size === undefined) return
      const oldest = age === undefined ? undefined : new Date(now - Duration.toMillis(age)).toISOString().slice(0, 10)
      const files = Retention.select(yield* this.#live, { oldest, bytes: size })
      if (files.length === 0) return
      yield* attempt("what is too old cannot be removed", () => ParquetFiles.remove(files))
      yield* Effect.logInfo("the store has let go of its oldest").pipe(
        Effect.annotateLogs({
          files: files.length,
          bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
          from: files[0]!.date,
          to: files.at(-1)!.date
        })
      )
    })
  }

  /** Bytes of all that is its own. */
  async #look(): Promise<number> {
    const files = await ParquetFiles.list(this.#layout.folder)
    let bytes = files.reduce((sum, file) => sum + file.bytes, 0)
    for (const number of await Segment.list(this.#layout.log)) {
      const stat = await fs.stat(path.join(this.#layout.log, Segment.nameOf(number))).catch(() => undefined)
      bytes += stat?.size ?? 0
    }
    return bytes
  }
}

const attempt = <A>(doing: string, ask: () => Promise<A>): Effect.Effect<A, StoreError> =>
  Effect.tryPromise({ try: ask, catch: failed(doing) })
