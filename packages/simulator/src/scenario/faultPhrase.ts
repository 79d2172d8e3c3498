/**
 * A fault in a scenario's text: `<kind> [SYMBOL] [stream] [key=value …] [on market] [times N] [for time] [after N]`.
 * All of it comes from the tables of the faults: every fault and every parameter can be written, and nothing else.
 * Shorter spellings: a bare number is the fault's first number, a bare time its first time, a bare word one of a
 * parameter's words, a flag's name alone is true.
 */
import type { Fault, FaultFilter } from "../faults/Fault.ts"
import { faultTable, filterTable, type Parameter, type Parameters, scopeTable } from "../faults/faultTable.ts"
import { expectation, fits, parseFault } from "../faults/parseFault.ts"
import * as time from "./time.ts"
import { isStream, isSymbol, type Words } from "./Words.ts"

const kinds = Object.keys(faultTable) as ReadonlyArray<Fault["kind"]>

export const isKind = (word: string): word is Fault["kind"] => Object.hasOwn(faultTable, word)

export { kinds }

const timed = (name: string): boolean => name.endsWith("Ms")

const decode = (words: Words, name: string, parameter: Parameter, text: string): unknown => {
  const value = (() => {
    if (parameter.type === "text") return text
    if (parameter.type === "boolean") return text === "true" ? true : text === "false" ? false : undefined
    const ms = timed(name) ? time.parse(text) : undefined
    return ms ?? (/^-?\d{1,16}$/.test(text) ? Number(text) : undefined)
  })()
  if (value !== undefined && fits(parameter, value)) return value
  return words.fail(text, `${expectation(parameter)}${timed(name) ? ", or a time," : ""} for ${name}`)
}

/** The first parameter of these, not given yet, that a bare word can mean. */
const meant = (parameters: Parameters, given: Readonly<Record<string, unknown>>, word: string) => {
  return Object.entries(parameters).find(([name, parameter]) => {
    if (given[name] !== undefined) return false
    if (parameter.type === "integer") return timed(name) ? time.parse(word) !== undefined : /^-?\d+$/.test(word)
    return parameter.type === "boolean" ? word === name : parameter.oneOf?.includes(word) === true
  })
}

const expectedOf = (parameters: Parameters): string => {
  const keys = [...Object.keys(parameters), ...Object.keys(filterTable)].map((name) => `${name}=`)
  return `a SYMBOL, a stream, ${keys.join(", ")}, on, times, for or after`
}

/** The phrase after its kind. */
export const parse = (words: Words, kind: Fault["kind"]): Fault => {
  const { parameters } = faultTable[kind]
  const fields: Record<string, unknown> = {}
  const filter: Record<string, unknown> = {}
  const put = (into: Record<string, unknown>, name: string, parameter: Parameter, text: string) => {
    if (into[name] !== undefined) words.fail(text, `${name} only once`)
    into[name] = decode(words, name, parameter, text)
  }
  while (!words.isOver) {
    const word = words.take("")
    if (word === "connections" || word === "of") continue
    if (word === "on") put(filter, "market", filterTable["market"]!, words.take("spot or usdm"))
    else if (word === "times") put(fields, "count", scopeTable["count"]!, words.take("how often"))
    else if (word === "for") put(fields, "durationMs", scopeTable["durationMs"]!, String(words.time()))
    else if (word === "after") put(fields, "after", scopeTable["after"]!, words.take("how many pass first"))
    else {
      const [key, value] = words.pair(word) ?? []
      const bare = key === undefined ? meant(parameters, fields, word) : undefined
      if (key !== undefined && value !== undefined) {
        const own = parameters[key] ?? scopeTable[key]
        const other = filterTable[key]
        if (own !== undefined) put(fields, key, own, value)
        else if (other !== undefined) put(filter, key, other, value)
        else words.fail(word, expectedOf(parameters))
      } else if (bare !== undefined) {
        const [name, parameter] = bare
        put(fields, name, parameter, parameter.type === "boolean" ? "true" : word)
      } else if (isStream(word)) put(filter, "stream", filterTable["stream"]!, word)
      else if (isSymbol(word)) put(filter, "symbol", filterTable["symbol"]!, word)
      else words.fail(word, expectedOf(parameters))
    }
  }
  for (const [name, parameter] of Object.entries(parameters)) {
    if (parameter.required === true && fields[name] === undefined) words.take(`${name}=, ${expectation(parameter)}`)
  }
  return parseFault({ kind, ...fields, ...(Object.keys(filter).length === 0 ? {} : { filter }) })
}

const quoted = (value: string): string => (/^[^\s"#]+$/.test(value) ? value : JSON.stringify(value))

const pair = (name: string, value: unknown): string => `${name}=${quoted(String(value))}`

const named = (name: "symbol" | "stream", value: string | undefined, isBare: (word: string) => boolean) =>
  value === undefined ? [] : [isBare(value) ? value : pair(name, value)]

/** The phrase that `parse` reads back as the same fault. */
export const format = ({ after, count, durationMs, filter = {}, kind, ...fields }: Fault): string => {
  const { market, stream, symbol, ...others }: FaultFilter = filter
  const pairs = Object.entries({ ...fields, ...others }).filter(([, value]) => value !== undefined)
  return [
    kind,
    ...named("symbol", symbol, isSymbol),
    ...named("stream", stream, isStream),
    ...pairs.map(([name, value]) => pair(name, value)),
    ...(market === undefined ? [] : [`on ${market}`]),
    ...(count === undefined ? [] : [`times ${count}`]),
    ...(durationMs === undefined ? [] : [`for ${time.format(durationMs)}`]),
    ...(after === undefined ? [] : [`after ${after}`])
  ].join(" ")
}
