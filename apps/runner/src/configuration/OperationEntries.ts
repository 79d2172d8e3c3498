/**
 * What a configuration says about being operated: `http`, `store`, `metrics` and `alerts`. `{ "env": "NAME" }` stands for a value
 * from the environment anywhere in them; what is secret comes from there only.
 */
import type * as Schema from "effect/Schema"
import { AlertsEntry } from "./AlertsEntry.ts"
import { HttpEntry } from "./HttpEntry.ts"
import { MetricsEntry } from "./MetricsEntry.ts"
import { formatPath, type Path, type Problem, problem } from "./Problem.ts"
import { decode } from "./schemaProblems.ts"
import * as Secrets from "./secrets.ts"
import { StoreEntry } from "./StoreEntry.ts"
import { isRecord, valueAt } from "./valueAt.ts"

export interface OperationEntries {
  readonly http?: HttpEntry
  readonly store?: StoreEntry
  readonly metrics?: MetricsEntry
  readonly alerts?: AlertsEntry
}

/** A value as it may be written: anything in it may come from the environment. */
type Written<A> = A extends string | number | boolean
  ? A | { readonly env: string }
  : { readonly [Key in keyof A]: Written<A[Key]> }

export interface OperationInput {
  readonly http?: Written<typeof HttpEntry.Encoded>
  readonly store?: Written<typeof StoreEntry.Encoded>
  readonly metrics?: Written<typeof MetricsEntry.Encoded>
  readonly alerts?: Written<typeof AlertsEntry.Encoded>
}

export interface Checked {
  readonly entries: OperationEntries
  readonly problems: ReadonlyArray<Problem>
}

const schemas = { http: HttpEntry, store: StoreEntry, metrics: MetricsEntry, alerts: AlertsEntry } as const

/** In a path: every key there. */
const EACH = "*"

/** What must stand in no file, by the entry that has it. */
const secrets: Readonly<Record<keyof OperationEntries, ReadonlyArray<Path>>> = {
  http: [["token"]],
  store: [["url"]],
  metrics: [["otlp", "headers", EACH]],
  alerts: [["webhook", "url"]]
}

export const check = (input: OperationInput, environment: Secrets.Environment): Checked => {
  const read = [
    one("http", input, environment),
    one("store", input, environment),
    one("metrics", input, environment),
    one("alerts", input, environment)
  ]
  return {
    entries: Object.assign({}, ...read.map(({ entry }) => entry)) as OperationEntries,
    problems: read.flatMap(({ problems }) => problems)
  }
}

const one = (key: keyof OperationEntries, input: OperationInput, environment: Secrets.Environment) => {
  const written = input[key]
  if (written === undefined) return { entry: {}, problems: [] }
  const at: Path = [key]
  const open = secrets[key]
    .flatMap((each) => paths(written, each))
    .flatMap((path) => {
      const value = valueAt(written, path)
      return value === undefined || Secrets.isVariable(value)
        ? []
        : [problem([...at, ...path], 'is a secret and stands in the file; expected { "env": "NAME" }')]
    })
  const resolved = Secrets.resolve(written, at, environment)
  const before = [...open, ...resolved.problems]
  if (before.length > 0) return { entry: {}, problems: before }
  const isSecret = (path: Path) => resolved.secrets.has(formatPath(path))
  const schema = schemas[key] as unknown as Schema.Codec<unknown, unknown>
  const { problems, value } = decode(schema, resolved.value, { at, isSecret })
  return { entry: problems.length > 0 ? {} : { [key]: value }, problems }
}

/** The paths that are meant by one with `EACH` in it. */
const paths = (written: unknown, path: Path): ReadonlyArray<Path> => {
  const at = path.indexOf(EACH)
  if (at === -1) return [path]
  const values = valueAt(written, path.slice(0, at))
  if (!isRecord(values)) return []
  return Object.keys(values).flatMap((name) => paths(written, [...path.slice(0, at), name, ...path.slice(at + 1)]))
}
