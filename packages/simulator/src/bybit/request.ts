/**
 * A message of a client, read as the venue reads it. Guarantees that whatever text comes in, either a request or one of
 * the venue's errors comes out. What a text that is no JSON is answered is not documented; it is taken for an operation
 * that does not exist.
 */

export interface Request {
  readonly op: "subscribe" | "unsubscribe" | "ping"
  readonly args: ReadonlyArray<string>
  readonly id: string | undefined
}

export interface RequestError {
  readonly error: string
  readonly op: string
  readonly id: string | undefined
}

const ops = ["subscribe", "unsubscribe", "ping"] as const

const INVALID = "error:invalid op"

export const parse = (text: string): Request | RequestError => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { error: INVALID, op: "", id: undefined }
  }
  if (typeof value !== "object" || value === null) return { error: INVALID, op: "", id: undefined }
  const { args = [], op: given, req_id: asked } = value as Record<string, unknown>
  const id = typeof asked === "string" || typeof asked === "number" ? String(asked) : undefined
  const op = ops.find((each) => each === given)
  if (op === undefined) return { error: INVALID, op: typeof given === "string" ? given : "", id }
  if (!Array.isArray(args) || !args.every((one) => typeof one === "string")) {
    return op === "ping" ? { op, args: [], id } : { error: "error:invalid args", op, id }
  }
  return { op, args, id }
}
