/**
 * Decodes a value by a schema and tells what is wrong as problems: every one of them, each at its path, unknown keys and
 * misspelt words with the nearest spelling. A key that is not in the schema is an error.
 */
import { Spelling } from "@tidewire/core"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"
import * as SchemaIssue from "effect/SchemaIssue"
import { formatPath, given, type Path, type Problem, problem } from "./Problem.ts"
import { copy, isRecord, valueAt } from "./valueAt.ts"

export interface Decoded<A> {
  /** The value, if it could be read at all, unknown keys left aside. */
  readonly value: A | undefined
  readonly problems: ReadonlyArray<Problem>
}

export interface DecodeOptions {
  /** Where the value stands in the configuration. */
  readonly at: Path
  /** True for paths whose value must not be repeated in a message. */
  readonly isSecret?: (path: Path) => boolean
}

export const decode = <A, I>(schema: Schema.Codec<A, I>, input: unknown, options: DecodeOptions): Decoded<A> => {
  const read = Schema.decodeUnknownResult(schema)
  const lenient = read(input, { onExcessProperty: "ignore" })
  return {
    value: Result.isSuccess(lenient) ? lenient.success : undefined,
    problems: allLeaves(schema, input).map((leaf) => describe(leaf, input, options))
  }
}

/**
 * Everything that is wrong, in the order it is found. One reading does not tell it all (what is wrong with a transformed
 * value can hide behind what is wrong beside it), so that what was found is taken away until nothing new comes.
 */
const allLeaves = <A, I>(schema: Schema.Codec<A, I>, input: unknown): ReadonlyArray<Leaf> => {
  const read = Schema.decodeUnknownResult(schema)
  const rest: unknown = copy(input)
  const found = new Map<string, Leaf>()
  for (;;) {
    const result = read(rest, { errors: "all", onExcessProperty: "error" })
    if (Result.isSuccess(result)) break
    const fresh = leaves(result.failure.issue, []).filter(({ path }) => !found.has(formatPath(path)))
    if (fresh.length === 0) break
    for (const leaf of fresh) {
      found.set(formatPath(leaf.path), leaf)
      const holder = valueAt(rest, leaf.path.slice(0, -1))
      const key = leaf.path.at(-1)
      if (key !== undefined && typeof holder === "object" && holder !== null) Reflect.deleteProperty(holder, key)
    }
  }
  return [...found.values()]
}

interface Leaf {
  readonly path: Path
  readonly issue: SchemaIssue.Issue
}

/** The issues that hold no others, each with its path. */
const leaves = (issue: SchemaIssue.Issue, path: Path): ReadonlyArray<Leaf> => {
  switch (issue._tag) {
    case "Pointer":
      return leaves(issue.issue, [...path, ...issue.path])
    case "Encoding":
      return leaves(issue.issue, path)
    case "Composite":
      return issue.issues.flatMap((each) => leaves(each, path))
    case "AnyOf":
      // a word in it said which of them was meant
      return issue.issues.length === 1 ? leaves(issue.issues[0]!, path) : [{ path, issue }]
    default:
      return [{ path, issue }]
  }
}

const message = SchemaIssue.makeFormatterStandardSchemaV1()

const describe = ({ issue, path }: Leaf, input: unknown, { at, isSecret }: DecodeOptions): Problem => {
  const full = [...at, ...path]
  const value = valueAt(input, path)
  if (issue._tag === "UnexpectedKey") {
    const known = keysOf(issue.ast)
    const key = String(path.at(-1))
    return problem(full, `unknown key${Spelling.hint(key, known)}; expected ${oneOf(known)}`)
  }
  if (isSecret?.(full) === true) return problem(full, "the value from the environment is not what is expected here")
  const expected = [...new Set(message(issue).issues.map((each) => each.message))]
    .join("; ")
    .replaceAll("Expected ", "expected ")
  if (issue._tag === "MissingKey" || value === undefined) return problem(full, "is missing")
  const hint = typeof value === "string" ? Spelling.hint(value, wordsOf(issue)) : ""
  // what an adapter says of its own about a whole object needs nothing before it
  if (isRecord(value) && !expected.startsWith("expected")) return problem(full, expected)
  return problem(full, `${isRecord(value) ? "an object" : given(value)} is not right here${hint}; ${expected}`)
}

/** `a`, `a or b`, `a, b or c`. */
export const oneOf = (words: ReadonlyArray<string>): string =>
  words.length < 2 ? (words[0] ?? "nothing") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`

const keysOf = (ast: SchemaAST.AST): ReadonlyArray<string> =>
  ast._tag === "Objects" ? ast.propertySignatures.map((each) => String(each.name)) : []

/** The words that would have been right, where the schema is a choice of words. */
const wordsOf = (issue: SchemaIssue.Issue): ReadonlyArray<string> => {
  if (issue._tag !== "AnyOf") return []
  return issue.ast.types.flatMap((each) => (each._tag === "Literal" ? [String(each.literal)] : []))
}
