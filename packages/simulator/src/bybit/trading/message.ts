/** A message of a client on the private sockets. Guarantees that whatever text comes in, a message comes out. */
import { isFields } from "../../faults/parseFault.ts"

export interface Message {
  readonly op: string
  readonly args: ReadonlyArray<unknown>
  /** `req_id`, or `reqId` on the trade socket. */
  readonly id: string | undefined
  readonly header: Readonly<Record<string, unknown>>
}

export const read = (text: string): Message => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    value = undefined
  }
  const fields = isFields(value) ? value : {}
  const { args, header, op } = fields
  const id = fields["req_id"] ?? fields["reqId"]
  return {
    op: typeof op === "string" ? op : "",
    args: Array.isArray(args) ? args : [],
    id: typeof id === "string" || typeof id === "number" ? String(id) : undefined,
    header: isFields(header) ? header : {}
  }
}
