/**
 * Configuration objects that refuse keys they do not know, by name and with the nearest known one, whatever the parse
 * options of whoever decodes them.
 */
import * as Schema from "effect/Schema"
import * as Spelling from "./Spelling.ts"

export const struct = <Fields extends Schema.Struct.Fields>(struct: Schema.Struct<Fields>) => {
  const known = Object.keys(struct.fields)
  const onlyKnown = Schema.makeFilter((given: Readonly<Record<string, unknown>>) => {
    const stranger = Object.keys(given).find((key) => !known.includes(key))
    return stranger === undefined ? undefined : `unknown key "${stranger}"${Spelling.hint(stranger, known)}`
  })
  return Schema.Record(Schema.String, Schema.Unknown).check(onlyKnown).pipe(Schema.decodeTo(struct))
}
