/** Rules as they are written in a configuration. */
import * as Schema from "effect/Schema"
import { RuleEntry } from "../../src/configuration/AlertsEntry.ts"

export const rules: (written: ReadonlyArray<typeof RuleEntry.Encoded>) => ReadonlyArray<RuleEntry> = Schema.decodeSync(
  Schema.Array(RuleEntry)
)
