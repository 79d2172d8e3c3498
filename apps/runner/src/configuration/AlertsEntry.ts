/** The `alerts` of a configuration: what is told to whom, and when. */
import * as Schema from "effect/Schema"

export const AlertsEntry = Schema.Struct({})
export type AlertsEntry = typeof AlertsEntry.Type
