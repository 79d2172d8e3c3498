/**
 * What the design knows and this version does not do. None of it is ignored in silence: what would change the data is
 * refused, what merely is not there yet is warned about.
 */
import { given, type Path, type Problem, problem } from "./Problem.ts"
import { copy, isRecord, valueAt } from "./valueAt.ts"

export interface Unavailable {
  /** The configuration without what is told here, so that it is told once. */
  readonly value: unknown
  readonly problems: ReadonlyArray<Problem>
  readonly warnings: ReadonlyArray<Problem>
}

type Rule = (value: unknown) => { readonly refuse: string } | { readonly warn: string }

const notYet = "is not available in this version"

const rules: ReadonlyArray<readonly [path: ReadonlyArray<string>, rule: Rule]> = [
  [["engine"], () => ({ warn: `${notYet}: no strategy is run` })],
  [["http"], () => ({ warn: `${notYet}: nothing is served` })]
]

const venueRules: ReadonlyArray<readonly [path: ReadonlyArray<string>, rule: Rule]> = [
  [
    ["transport"],
    (value) =>
      value === "websocket"
        ? { warn: '"websocket" is all there is in this version' }
        : { refuse: `${given(value)} ${notYet}; expected "websocket"` }
  ]
]

export const separate = (input: unknown): Unavailable => {
  const value: unknown = copy(input)
  const problems: Array<Problem> = []
  const warnings: Array<Problem> = []
  const venues = valueAt(value, ["venues"])
  const count = Array.isArray(venues) ? venues.length : 0
  const all: ReadonlyArray<readonly [Path, Rule]> = [
    ...rules,
    ...Array.from({ length: count }, (_, index) =>
      venueRules.map(([path, rule]) => [["venues", index, ...path], rule] as const)
    ).flat()
  ]
  for (const [path, rule] of all) {
    const holder = valueAt(value, path.slice(0, -1))
    const key = path.at(-1)!
    if (!isRecord(holder) || !(key in holder)) continue
    const verdict = rule(holder[String(key)])
    if ("refuse" in verdict) problems.push(problem(path, verdict.refuse))
    else warnings.push(problem(path, verdict.warn))
    delete holder[String(key)]
  }
  return { value, problems, warnings }
}
