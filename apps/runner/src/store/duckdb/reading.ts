/**
 * A store as a database of views: a view for each table, over the Parquet files that count and the log, so that everything that
 * is acknowledged is in it, once, while a run writes or not.
 *
 * Guarantees: nothing of the store is changed; what it shows is how the store was when it was opened. Once it is `closed` to the
 * outside, a statement reaches these files and nothing else: no other file, no network, no extension, no setting.
 */
import * as fs from "node:fs/promises"
import * as os from "node:os"
import * as path from "node:path"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Segment from "../Segment.ts"
import { failed, type StoreError } from "../Store.ts"
import * as Tables from "../tables.ts"
import { unpack } from "./convert.ts"
import { type Database, literal, open as openDatabase, quoted } from "./database.ts"
import * as Layout from "./layout.ts"
import * as ParquetFiles from "./parquetFiles.ts"
import * as Select from "./select.ts"

/** How often a look is begun again because a file went while it was taken: each time the store has moved on. */
const ATTEMPTS = 20

interface Snapshot {
  readonly lines: ReadonlyMap<string, string>
  readonly files: ReadonlyArray<ParquetFiles.ParquetFile>
}

/** Which files count beside segments that are not Parquet yet: none of what these have been made into so far. */
export const countedFiles = (
  files: ReadonlyArray<ParquetFiles.ParquetFile>,
  segments: ReadonlyArray<number>
): ReadonlyArray<ParquetFiles.ParquetFile> =>
  ParquetFiles.sift(files).live.filter(({ first, last }) => !segments.some((each) => each >= first && each <= last))

/** The log first: what has become Parquet meanwhile is not counted twice, and not put together with what was there before. */
const look = async (layout: Layout.Layout, place: string): Promise<Snapshot> => {
  const segments = await Segment.list(layout.log)
  const lines = await unpack(
    segments.map((number) => path.join(layout.log, Segment.nameOf(number))),
    place
  )
  const files = countedFiles(await ParquetFiles.list(layout.folder), segments)
  const still = await Segment.list(layout.log)
  if (segments.some((each) => !still.includes(each)))
    throw Object.assign(new Error("a segment went"), { code: "ENOENT" })
  return { lines, files }
}

export interface Options {
  /** Statements reach nothing but the views. */
  readonly closed: boolean
  /** Of these tables only, and of these days (`2026-01-31`) on. */
  readonly tables?: ReadonlyArray<string>
  readonly from?: string
  readonly settings?: Readonly<Record<string, string>>
  readonly progress?: boolean
}

export const open = (
  folder: string,
  { closed, from = "", progress = false, settings = {}, tables }: Options
): Effect.Effect<Database, StoreError, Scope.Scope> =>
  Effect.gen(function* () {
    const layout = Layout.of(folder)
    const place = yield* Effect.acquireRelease(
      Effect.promise(() => fs.mkdtemp(path.join(os.tmpdir(), "tidewire-store-"))),
      (made) => Effect.promise(() => fs.rm(made, { recursive: true, force: true }))
    )
    const database = yield* openDatabase({ progress, settings: { temp_directory: place, ...settings } })
    const wanted = Tables.tables.filter(({ name }) => tables?.includes(name) ?? true)
    const files = yield* views(database, { layout, place, wanted, from }, ATTEMPTS)
    if (closed) {
      yield* database.run(`SET allowed_paths = [${files.map(({ path }) => literal(path)).join(", ")}]`)
      yield* database.run("SET enable_external_access = false")
      yield* database.run("SET lock_configuration = true")
    }
    return database
  })

interface Wanted {
  readonly layout: Layout.Layout
  readonly place: string
  readonly wanted: ReadonlyArray<Tables.Table>
  readonly from: string
}

const views = (
  database: Database,
  { from, layout, place, wanted }: Wanted,
  attempts: number
): Effect.Effect<ReadonlyArray<ParquetFiles.ParquetFile>, StoreError> =>
  Effect.gen(function* () {
    const { files, lines } = yield* Effect.tryPromise({
      try: () => look(layout, path.join(place, "log")),
      catch: failed("it cannot be looked at")
    })
    yield* database.run("CREATE SCHEMA IF NOT EXISTS log")
    for (const table of wanted) {
      const logged = lines.get(table.name)
      yield* database.run(
        `CREATE OR REPLACE TABLE log.${quoted(table.name)} AS ${logged === undefined ? Select.none(table) : Select.fromLines(table, logged)}`
      )
      const own = files.filter((file) => file.table === table.name && file.date >= from)
      const rows = `SELECT * FROM log.${quoted(table.name)}${own.length === 0 ? "" : ` UNION ALL ${Select.fromFiles(table, own)}`}`
      yield* database.run(`CREATE OR REPLACE VIEW ${quoted(table.name)} AS ${Select.distinct(table, rows)}`)
    }
    return files
  }).pipe(
    Effect.catch((error) =>
      attempts > 1 && isGone(error)
        ? views(database, { layout, place, wanted, from }, attempts - 1)
        : Effect.fail(failed(`the store in ${layout.folder} cannot be read`)(error))
    )
  )

/** A segment became Parquet, or files were put together, between the look and the reading. */
export const isGone = ({ cause, message }: StoreError): boolean =>
  (cause as NodeJS.ErrnoException | undefined)?.code === "ENOENT" ||
  /No files found|No such file|Cannot open file/.test(message)
