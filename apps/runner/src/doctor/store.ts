/** The place of the store: a folder that can be written, or a database that can be reached. */
import { resolve } from "node:path"
import * as Effect from "effect/Effect"
import type { StoreEntry } from "../configuration/StoreEntry.ts"
import type { Verdicts } from "./Checks.ts"
import * as Endpoints from "./endpoints.ts"
import { problem } from "./Finding.ts"
import * as Places from "./places.ts"

/** `folder`: of the configuration. */
export const look = (store: StoreEntry, folder: string): Verdicts => {
  if (store.kind === "duckdb") return Places.folder(resolve(folder, store.folder))
  const { spill, url } = store
  const database = URL.canParse(url)
    ? Endpoints.endpoint("the database", url)
    : Effect.succeed([
        problem("the URL of the database is none", "set its variable to postgres://user:password@host:5432/database")
      ])
  if (spill === undefined) return database
  return Effect.map(Effect.all([database, Places.folder(resolve(folder, spill.folder))]), (found) => found.flat())
}
