/**
 * A segment of the log becomes Parquet: a file for each table, venue and day that it has rows of.
 *
 * Guarantees: killed at any moment it can be done again, with the same files in the same places; the segment goes when all of
 * them are on the disk, and until then it is the segment that counts.
 */
import * as fs from "node:fs/promises"
import * as path from "node:path"
import * as Effect from "effect/Effect"
import * as Segment from "../Segment.ts"
import { failed, type StoreError } from "../Store.ts"
import * as Tables from "../tables.ts"
import { type Database, literal } from "./database.ts"
import type { Layout } from "./layout.ts"
import * as ParquetFiles from "./parquetFiles.ts"
import * as Select from "./select.ts"

export const convert = (database: Database, layout: Layout, number: number): Effect.Effect<void, StoreError> =>
  Effect.gen(function* () {
    const segment = path.join(layout.log, Segment.nameOf(number))
    const place = path.join(layout.temporary, `segment-${number}`)
    const lines = yield* attempt(() => unpack([segment], place))
    for (const [name, file] of lines) {
      const table = Tables.named(name)
      if (table === undefined) continue
      yield* convertTable(database, layout, { number, place, table, file })
    }
    yield* attempt(async () => {
      await fs.rm(segment, { force: true })
      await Segment.syncFolder(layout.log)
      await fs.rm(place, { recursive: true, force: true })
    })
  })

/** The lines of segments, in a file for each table that has any. */
export const unpack = async (segments: ReadonlyArray<string>, place: string): Promise<ReadonlyMap<string, string>> => {
  await fs.rm(place, { recursive: true, force: true })
  await fs.mkdir(place, { recursive: true })
  const files = new Map<string, fs.FileHandle>()
  try {
    for (const segment of segments) {
      for await (const { sections } of Segment.blocks(segment)) {
        for (const { lines, table } of sections) {
          if (!files.has(table)) files.set(table, await fs.open(path.join(place, `${table}.ndjson`), "w"))
          await files.get(table)!.appendFile(lines)
        }
      }
    }
  } finally {
    for (const file of files.values()) await file.close()
  }
  return new Map([...files.keys()].map((table) => [table, path.join(place, `${table}.ndjson`)]))
}

interface Converted {
  readonly number: number
  readonly place: string
  readonly table: Tables.Table
  readonly file: string
}

const convertTable = (database: Database, layout: Layout, { file, number, place, table }: Converted) =>
  Effect.gen(function* () {
    yield* database.run(`CREATE OR REPLACE TEMP TABLE segment AS ${Select.fromLines(table, file)}`)
    const partitions = yield* database.rows(
      "SELECT DISTINCT venue, CAST(date AS VARCHAR) AS date FROM segment ORDER BY ALL"
    )
    for (const [index, { date, venue }] of partitions.entries()) {
      const temporary = path.join(place, `${table.name}-${index}.parquet`)
      // what is told in the same millisecond stays in the order it was told
      const rows = `SELECT rowid AS line, * FROM segment WHERE venue = ${literal(String(venue))} AND date = DATE ${literal(String(date))}`
      yield* database.run(
        `COPY (SELECT ${Select.stored(table)} FROM (${rows}) ORDER BY ${Select.order(table)}, line) TO ${literal(temporary)} (${Select.parquet})`
      )
      const partition = path.join(
        layout.folder,
        table.name,
        ParquetFiles.venueFolder(String(venue)),
        `date=${String(date)}`
      )
      yield* attempt(() => ParquetFiles.place(temporary, path.join(partition, ParquetFiles.nameOf(number, number))))
    }
    yield* database.run("DROP TABLE segment")
  })

const attempt = <A>(write: () => Promise<A>): Effect.Effect<A, StoreError> =>
  Effect.tryPromise({ try: write, catch: failed("the log could not be made into Parquet") })
