/**
 * Ways a frame can be broken on the wire. Pure: the same frame and form give the same bytes.
 */
import type { Frame } from "../topics/Frame.ts"
import type { MalformedForm } from "./Fault.ts"

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Texts become numbers, numbers texts, lists null: valid JSON that a decoder must not believe. */
const twist = (value: unknown, naming: ReadonlyArray<string>): unknown => {
  if (isRecord(value)) {
    const twisted = (key: string, inner: unknown) =>
      typeof inner === "string" && naming.includes(key) ? inner : twist(inner, naming)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, twisted(key, inner)]))
  }
  if (typeof value === "string") return { was: value }
  return typeof value === "number" ? "not-a-number" : null
}

/** Only what says what it is remains. */
const strip = (value: unknown, naming: ReadonlyArray<string>): unknown =>
  isRecord(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => naming.includes(key))) : null

/** The bytes to send instead of a frame; `wrap` puts a payload into the connection's envelope. */
export const mangle = (
  frame: Frame,
  form: MalformedForm,
  wrap: (text: string) => string,
  naming: ReadonlyArray<string>
): string | Uint8Array => {
  switch (form) {
    case "json":
      return `${wrap(frame.text).replace(":", "=")}}`
    case "truncated":
      return wrap(frame.text).slice(0, -Math.ceil(frame.text.length / 2))
    case "types":
      return wrap(JSON.stringify(twist(frame.payload, naming)))
    case "missing":
      return wrap(JSON.stringify(strip(frame.payload, naming)))
    case "binary":
      return new Uint8Array([0, 255, 254, 1, 128, 200, 7, 9])
    case "empty":
      return ""
  }
}
