/**
 * From a plain value to a configuration: what this version does not do is told, then structure and keys are checked by
 * the schema. Everything that is wrong is told at once.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { Configuration, VenueEntry } from "./Configuration.ts"
import { EngineEntry } from "./EngineEntry.ts"
import { given, type Path, type Problem, problem } from "./Problem.ts"
import { decode } from "./schemaProblems.ts"
import * as Unavailable from "./unavailable.ts"
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
  readonly problems: ReadonlyArray<Problem>
  readonly warnings: ReadonlyArray<Problem>
}

export const load = (input: unknown): Loaded => {
  const available = Unavailable.separate(input)
  const whole = decode(Configuration, available.value, { at: [] })
  const venues = valueAt(available.value, ["venues"])
  const entries = (Array.isArray(venues) ? venues : []).map((venue: unknown, index): Entry => ({
    path: ["venues", index],
    entry: readFields(isRecord(venue) ? venue : {}),
    written: venue
  }))
  const engine = valueAt(available.value, ["engine"])
  const engineRead = Schema.decodeUnknownResult(EngineEntry)(engine)
  return {
    entries,
    engine: Result.isSuccess(engineRead) ? engineRead.success : undefined,
    problems: [...whole.problems, ...sameNames(entries), ...(engine === undefined ? idle(entries) : [])],
    warnings: available.warnings
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
