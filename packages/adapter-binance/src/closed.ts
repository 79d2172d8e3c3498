/**
 * Configuration objects that refuse keys they do not know, by name and with the nearest known one, whatever the parse
 * options of whoever decodes them.
 */
import { Spelling } from "@tidewire/core"
import { Schema } from "effect"

export const closed = <Fields extends Schema.Struct.Fields>(struct: Schema.Struct<Fields>) => {
  const known = Object.keys(struct.fields)
  const onlyKnown = Schema.makeFilter((given: Readonly<Record<string, unknown>>) => {
    const stranger = Object.keys(given).find((key) => !known.includes(key))
    return stranger === undefined ? undefined : `unknown key "${stranger}"${Spelling.hint(stranger, known)}`
  })
  return Schema.Record(Schema.String, Schema.Unknown).check(onlyKnown).pipe(Schema.decodeTo(struct))
}
