/** Folders for stores, removed when their tests are over; and what a store in one of them has. */
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import * as Effect from "effect/Effect"
import type { Row } from "../../src/store/duckdb/database.ts"
import * as Reading from "../../src/store/duckdb/reading.ts"
import type { StoreError } from "../../src/store/Store.ts"

export const folder = Effect.acquireRelease(
  Effect.sync(() => fs.mkdtempSync(path.join(os.tmpdir(), "tidewire-store-test-"))),
  (made) => Effect.sync(() => fs.rmSync(made, { recursive: true, force: true }))
)

export const rowsOf = (place: string, sql: string): Effect.Effect<ReadonlyArray<Row>, StoreError> =>
  Effect.scoped(Effect.flatMap(Reading.open(place, { closed: true }), (database) => database.rows(sql)))

/** The Parquet files of a store, from its folder on. */
export const parquetOf = (place: string): ReadonlyArray<string> =>
  fs
    .readdirSync(place, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".parquet"))
    .toSorted()
