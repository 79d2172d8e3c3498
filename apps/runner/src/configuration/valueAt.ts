/** Reading of values whose shape is not known yet. */
import type { Path } from "./Problem.ts"

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** What stands at a path; `undefined` where there is nothing. */
export const valueAt = (root: unknown, path: Path): unknown => {
  let current = root
  for (const part of path) {
    if (typeof current !== "object" || current === null) return undefined
    current = (current as Record<PropertyKey, unknown>)[part]
  }
  return current
}

/** A copy whose lists and records are its own; everything else (functions, instances) is shared. */
export const copy = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(copy)
  if (!isRecord(value) || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copy(each)]))
}
