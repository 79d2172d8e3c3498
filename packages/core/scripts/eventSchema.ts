/** Writes the JSON Schema of the events, which outside programs may rely on, to `schema/events.json`. */
import { writeFileSync } from "node:fs"
import * as Schema from "effect/Schema"
import { Event } from "../src/Event.ts"

export const eventSchema = (): string => {
  const { definitions, dialect, schema } = Schema.toJsonSchemaDocument(Event)
  const $schema = dialect === "draft-2020-12" ? "https://json-schema.org/draft/2020-12/schema" : undefined
  return `${JSON.stringify({ $schema, title: "Tidewire event", ...schema, $defs: definitions }, null, 2)}\n`
}

if (import.meta.main) writeFileSync(new URL("../schema/events.json", import.meta.url), eventSchema())
