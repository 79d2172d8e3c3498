/**
 * From a plain value to a configuration: structure and keys are checked by the schema. Everything that is wrong is told at
 * once.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { Configuration, VenueEntry } from "./Configuration.ts"
import { EngineEntry } from "./EngineEntry.ts"
import type { OperationInput } from "./OperationEntries.ts"
import { given, type Path, type Problem, problem } from "./Problem.ts"
import { decode } from "./schemaProblems.ts"
import { isRecord, valueAt } from "./valueAt.ts"

/** A venue entry as far as it could be read, so that what is right of it is checked further whatever is wrong elsewhere. */
export type PartialEntry = { readonly [Key in keyof VenueEntry]?: VenueEntry[Key] | undefined }

export interface Entry {
  readonly path: Path
  readonly entry: PartialEntry
  /** As it is written. */
  readonly written: unknown
}

export interface Loaded {
  /** Absent where there is none, and where it cannot be read. */
  readonly engine: EngineEntry | undefined
  readonly entries: ReadonlyArray<Entry>
  /** As it is written. */
  readonly operation: OperationInput
  readonly problems: ReadonlyArray<Problem>
}

export const load = (input: unknown): Loaded => {
  const whole = decode(Configuration, input, { at: [] })
  const venues = valueAt(input, ["venues"])
  const entries = (Array.isArray(venues) ? venues : []).map((venue: unknown, index): Entry => ({
    path: ["venues", index],
    entry: readFields(isRecord(venue) ? venue : {}),
    written: venue
  }))
  const engine = valueAt(input, ["engine"])
  const engineRead = Schema.decodeUnknownResult(EngineEntry)(engine)
  return {
    entries,
    operation: isRecord(input) ? input : {},
    engine: Result.isSuccess(engineRead) ? engineRead.success : undefined,
    problems: [...whole.problems, ...sameNames(entries), ...(engine === undefined ? idle(entries) : [])]
  }
}

/** Each field by itself; those that are wrong have been told and are left out. */
const readFields = (venue: Record<string, unknown>): PartialEntry =>
  Object.fromEntries(
    Object.entries(VenueEntry.fields).map(([key, field]) => {
      const one = Schema.Struct({ [key]: field as Schema.Codec<unknown, unknown> })
      const read = Schema.decodeResult(one)(key in venue ? { [key]: venue[key] } : {})
      return [key, Result.isSuccess(read) ? read.success[key] : undefined]
    })
  )

/** Without strategies nobody would hear of a venue that subscribes nothing. */
const idle = (entries: ReadonlyArray<Entry>): ReadonlyArray<Problem> =>
  entries.flatMap(({ path, written }) => {
    const at = [...path, "subscriptions"]
    if (!isRecord(written)) return []
    if (!("subscriptions" in written)) return [problem(at, "is missing")]
    const { subscriptions } = written
    return Array.isArray(subscriptions) && subscriptions.length === 0
      ? [problem(at, "[] is not right here; expected at least one where there is no engine")]
      : []
  })

/** Events tell venues apart by their names. */
const sameNames = (entries: ReadonlyArray<Entry>): ReadonlyArray<Problem> => {
  const first = new Map<string, Path>()
  return entries.flatMap(({ entry, path }) => {
    const name = entry.name ?? entry.venue
    if (name === undefined) return []
    const before = first.get(name)
    if (before === undefined) {
      first.set(name, path)
      return []
    }
    const other = `venues[${String(before.at(-1))}]`
    return [problem([...path, "name"], `${given(name)} is the name of ${other} too; expected a name of its own`)]
  })
}
