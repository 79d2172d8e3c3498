/**
 * A problem is one thing wrong with a configuration: where it stands, what was given and what would have been right.
 * Problems are collected, so that a user sees all of them at once; together they end the process with exit code 2.
 */
import * as Data from "effect/Data"

export interface Problem {
  /** Where in the configuration (`venues[0].subscriptions[1].channels[0]`); empty for the whole of it. */
  readonly path: string
  readonly message: string
}

export type Path = ReadonlyArray<PropertyKey>

/** `["venues", 0, "adapter"]` as `venues[0].adapter`. */
export const formatPath = (path: Path): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === "number"
        ? `${text}[${part}]`
        : /^[A-Za-z_][\w-]*$/.test(String(part))
          ? text === ""
            ? String(part)
            : `${text}.${String(part)}`
          : `${text}[${JSON.stringify(String(part))}]`,
    ""
  )

export const problem = (path: Path, message: string): Problem => ({ path: formatPath(path), message })

/** The longest value that a message repeats. */
const GIVEN_LENGTH = 80

/** A value as a message repeats it. */
export const given = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > GIVEN_LENGTH ? `${text.slice(0, GIVEN_LENGTH - 1)}…` : text
}

export const format = (problem: Problem): string =>
  problem.path === "" ? problem.message : `${problem.path}: ${problem.message}`

/** The configuration cannot be used. `source` says which one: a file, or the command line. */
export class BadConfiguration extends Data.TaggedError("BadConfiguration")<{
  readonly source: string
  readonly problems: ReadonlyArray<Problem>
}> {
  override get message(): string {
    const count = this.problems.length === 1 ? "1 problem" : `${this.problems.length} problems`
    return [`${this.source}: ${count}`, ...this.problems.map((each) => `  ${format(each)}`)].join("\n")
  }
}
