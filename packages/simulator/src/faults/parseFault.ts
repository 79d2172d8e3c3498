/**
 * A fault from unknown JSON. Guarantees that what comes out is a whole `Fault`; what is wrong is answered with the path
 * of the value and what was expected there.
 */
import type { Fault } from "./Fault.ts"
import { faultTable, filterTable, type Parameter, scopeTable } from "./faultTable.ts"

export class BadRequest extends Error {
  override readonly name = "BadRequest"
}

type Fields = Readonly<Record<string, unknown>>

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)

export const expectation = (parameter: Parameter): string => {
  if (parameter.type === "integer") return `an integer from ${parameter.min} to ${parameter.max}`
  if (parameter.type === "boolean") return "true or false"
  return parameter.oneOf === undefined ? "a text" : `one of ${parameter.oneOf.join(", ")}`
}

export const fits = (parameter: Parameter, value: unknown): boolean => {
  if (parameter.type === "boolean") return typeof value === "boolean"
  if (parameter.type === "text") {
    return typeof value === "string" && (parameter.oneOf === undefined || parameter.oneOf.includes(value))
  }
  return typeof value === "number" && Number.isInteger(value) && value >= parameter.min && value <= parameter.max
}

const check = (path: string, fields: Fields, known: Readonly<Record<string, Parameter>>): void => {
  for (const name of Object.keys(fields)) {
    if (known[name] === undefined) {
      throw new BadRequest(`${path}${name}: unknown; expected one of ${Object.keys(known).join(", ") || "nothing"}`)
    }
  }
  for (const [name, parameter] of Object.entries(known)) {
    const value = fields[name]
    if (value === undefined && parameter.required !== true) continue
    if (!fits(parameter, value)) throw new BadRequest(`${path}${name}: expected ${expectation(parameter)}`)
  }
}

/** After the checks: the table's entries are the union's members. */
const isFault = (value: Fields): value is Fields & Fault => value["kind"] !== undefined

export const parseFault = (value: unknown): Fault => {
  if (!isFields(value)) throw new BadRequest("expected a JSON object with `kind`")
  const { filter, kind, ...rest } = value
  const entry =
    typeof kind === "string" && Object.hasOwn(faultTable, kind) ? faultTable[kind as Fault["kind"]] : undefined
  if (entry === undefined) throw new BadRequest(`kind: expected one of ${Object.keys(faultTable).join(", ")}`)
  check("", rest, { ...entry.parameters, ...scopeTable })
  if (filter !== undefined) {
    if (!isFields(filter)) throw new BadRequest("filter: expected an object")
    check("filter.", filter, filterTable)
  }
  if (!isFault(value)) throw new BadRequest("expected a fault")
  return value
}
