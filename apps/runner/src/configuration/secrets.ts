/**
 * Values from the environment: wherever `options` or `endpoints` say `{ "env": "NAME" }`, the variable's text is put in
 * its place. Where that happened is remembered, so that no message ever repeats such a value.
 */
import { Spelling } from "@tidewire/core"
import { formatPath, type Path, type Problem, problem } from "./Problem.ts"
import { isRecord } from "./valueAt.ts"

export type Environment = Readonly<Record<string, string | undefined>>

export interface Resolved {
  readonly value: unknown
  readonly problems: ReadonlyArray<Problem>
  /** The paths of values that came from the environment. */
  readonly secrets: ReadonlySet<string>
}

export const resolve = (input: unknown, at: Path, environment: Environment): Resolved => {
  const problems: Array<Problem> = []
  const secrets = new Set<string>()
  const walk = (value: unknown, path: Path): unknown => {
    if (Array.isArray(value)) return value.map((each, index) => walk(each, [...path, index]))
    if (!isRecord(value)) return value
    const name = variableName(value)
    if (name === undefined) {
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, walk(each, [...path, key])]))
    }
    secrets.add(formatPath(path))
    const text = environment[name]
    if (text === undefined || text === "") {
      const known = Object.keys(environment).filter((each) => environment[each] !== "")
      problems.push(problem(path, `the environment variable ${name} is not set${Spelling.hint(name, known)}`))
      return ""
    }
    return text
  }
  const value = walk(input, at)
  return { value, problems, secrets }
}

/** The variables that a value names, as far as they are set. */
export const named = (input: unknown, environment: Environment): Environment => {
  if (Array.isArray(input)) return Object.assign({}, ...input.map((each) => named(each, environment))) as Environment
  if (!isRecord(input)) return {}
  const name = variableName(input)
  if (name === undefined) return named(Object.values(input), environment)
  return environment[name] === undefined ? {} : { [name]: environment[name] }
}

/** Whether a value is `{ "env": "NAME" }`. */
export const isVariable = (value: unknown): boolean => isRecord(value) && variableName(value) !== undefined

const variableName = (value: Record<string, unknown>): string | undefined =>
  Object.keys(value).length === 1 && typeof value["env"] === "string" ? value["env"] : undefined
