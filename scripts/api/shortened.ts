/** An answer as the document shows it: lists have their first, long ones a mark that there is more. */

const WIDTH = 110
const LINES = 45
const ITEMS = 1

const short = (value: unknown, depth = 0): unknown => {
  if (Array.isArray(value)) {
    const first = value.slice(0, depth > 2 ? 2 : ITEMS).map((each: unknown) => short(each, depth + 1))
    return value.length > first.length ? [...first, "…"] : first
  }
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, short(each, depth + 1)]))
}

/** On one line what fits there. */
const printed = (value: unknown, indent = ""): string => {
  const line = JSON.stringify(value)
  if (typeof value !== "object" || value === null || indent.length + line.length <= WIDTH) return line
  const inner = `${indent}  `
  const rows = Array.isArray(value)
    ? value.map((each) => `${inner}${printed(each, inner)}`)
    : Object.entries(value).map(([key, each]) => `${inner}${JSON.stringify(key)}: ${printed(each, inner)}`)
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"]
  return `${open}\n${rows.join(",\n")}\n${indent}${close}`
}

export const shortened = (answer: string): string => {
  const lines = isJson(answer)
    ? printed(short(JSON.parse(answer)))
        .replaceAll('"…"', "…")
        .split("\n")
    : answer.trimEnd().split("\n")
  return lines.length > LINES ? [...lines.slice(0, LINES), "…"].join("\n") : lines.join("\n")
}

export const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
