/** The place of the store: a folder that can be written, or a database that can be reached. */
import { resolve } from "node:path"
import * as Effect from "effect/Effect"
import type { StoreEntry } from "../configuration/StoreEntry.ts"
import { valueAt } from "../configuration/valueAt.ts"
import type { Verdicts } from "./Checks.ts"
import * as Endpoints from "./endpoints.ts"
import { unknown } from "./Finding.ts"
import * as Places from "./places.ts"

export const look = (store: StoreEntry, folder: string): Verdicts => {
  const at = valueAt(store, ["folder"])
  const url = valueAt(store, ["url"])
  if (typeof at === "string") return Places.folder(resolve(folder, at))
  if (typeof url === "string" && URL.canParse(url)) return Endpoints.endpoint("the database", url)
  return Effect.succeed([unknown(`where a store of kind ${store.kind} is cannot be told from the configuration`)])
}
