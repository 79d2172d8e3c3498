/**
 * Few files rather than many: those of a day that is over become one, those of today become one as soon as there are a dozen.
 *
 * Guarantees: a row is neither lost nor doubled, also when the process is killed in the middle: the new file has the name of all
 * that it stands for before the first of them goes (`parquetFiles.ts`). Files of a partition are only put together with their
 * neighbours, so that a name never covers a file that is not in it.
 */
import * as path from "node:path"
import * as Effect from "effect/Effect"
import { failed, type StoreError } from "../Store.ts"
import * as Tables from "../tables.ts"
import { type Database, literal } from "./database.ts"
import type { Layout } from "./layout.ts"
import * as ParquetFiles from "./parquetFiles.ts"
import * as Select from "./select.ts"

/** As many small files of today are put together. */
const MOST_SMALL = 12
const SMALL_BYTES = 16 * 1024 * 1024

/** A file that is put together is not larger, by what it is made of. */
const MOST_BYTES = 256 * 1024 * 1024

type Files = ReadonlyArray<ParquetFiles.ParquetFile>

/** Runs of neighbours to be put together, of files that count. */
export const plan = (live: Files, today: string): ReadonlyArray<Files> =>
  [...Map.groupBy(live, ParquetFiles.partitionOf).values()].flatMap((partition) => {
    const ordered = partition.toSorted((a, b) => a.first - b.first)
    return ordered[0]!.date < today
      ? runs(ordered, () => true).filter((run) => run.length > 1)
      : runs(ordered, ({ bytes }) => bytes < SMALL_BYTES).filter((run) => run.length >= MOST_SMALL)
  })

/** Neighbours that qualify, cut where they would be too large together. */
const runs = (ordered: Files, qualifies: (file: ParquetFiles.ParquetFile) => boolean): ReadonlyArray<Files> => {
  const found: Array<Array<ParquetFiles.ParquetFile>> = []
  let current: Array<ParquetFiles.ParquetFile> | undefined
  let bytes = 0
  for (const file of ordered) {
    if (!qualifies(file)) {
      current = undefined
      continue
    }
    if (current === undefined || bytes + file.bytes > MOST_BYTES) {
      current = []
      found.push(current)
      bytes = 0
    }
    current.push(file)
    bytes += file.bytes
  }
  return found
}

export const compact = (database: Database, layout: Layout, run: Files): Effect.Effect<void, StoreError> =>
  Effect.gen(function* () {
    const { table: name, path: firstPath, first } = run[0]!
    const table = Tables.named(name)!
    const last = run.at(-1)!.last
    const temporary = path.join(layout.temporary, `${name}-${first}-${last}.parquet`)
    const files = run.map((file) => literal(file.path)).join(", ")
    const all = `SELECT *, filename AS segment, file_row_number AS line FROM read_parquet([${files}], hive_partitioning = true, hive_types = {'venue': VARCHAR, 'date': DATE}, union_by_name = true, filename = true, file_row_number = true)`
    yield* database.run(
      `COPY (SELECT ${Select.stored(table)} FROM (${Select.distinct(table, all)}) ORDER BY ${Select.order(table)}, segment, line) TO ${literal(temporary)} (${Select.parquet})`
    )
    yield* Effect.tryPromise({
      try: async () => {
        await ParquetFiles.place(temporary, path.join(path.dirname(firstPath), ParquetFiles.nameOf(first, last)))
        await ParquetFiles.remove(run)
      },
      catch: failed("files could not be put together")
    })
  })
