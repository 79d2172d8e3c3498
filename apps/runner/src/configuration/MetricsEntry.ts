/** The `metrics` of a configuration: where they are sent, beside `/metrics`. */
import * as Schema from "effect/Schema"

export const MetricsEntry = Schema.Struct({})
export type MetricsEntry = typeof MetricsEntry.Type
