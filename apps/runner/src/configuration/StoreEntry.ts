/** The `store` of a configuration: where events are kept. */
import * as Schema from "effect/Schema"

export const StoreEntry = Schema.Struct({
  kind: Schema.Literals(["duckdb", "postgres"])
})
export type StoreEntry = typeof StoreEntry.Type
