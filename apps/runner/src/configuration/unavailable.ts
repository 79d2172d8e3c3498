/**
 * What the design knows and this version does not do. None of it is ignored in silence: it is warned about.
 */
import { type Path, type Problem, problem } from "./Problem.ts"
import { copy, isRecord, valueAt } from "./valueAt.ts"

export interface Unavailable {
  /** The configuration without what is told here, so that it is told once. */
  readonly value: unknown
  readonly warnings: ReadonlyArray<Problem>
}

const notYet = "is not available in this version"

const rules: ReadonlyArray<readonly [path: Path, warning: string]> = [[["http"], `${notYet}: nothing is served`]]

export const separate = (input: unknown): Unavailable => {
  const value: unknown = copy(input)
  const warnings: Array<Problem> = []
  for (const [path, warning] of rules) {
    const holder = valueAt(value, path.slice(0, -1))
    const key = path.at(-1)!
    if (!isRecord(holder) || !(key in holder)) continue
    warnings.push(problem(path, warning))
    delete holder[String(key)]
  }
  return { value, warnings }
}
