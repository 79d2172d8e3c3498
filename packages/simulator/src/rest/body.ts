/** The text of a request's body, up to a bound. */
import type { IncomingMessage } from "node:http"
import { BadRequest } from "../faults/parseFault.ts"

const MAX_BODY = 65_536

/** Rejects with `BadRequest` when it is longer. */
export const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Array<Buffer> = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > MAX_BODY) throw new BadRequest(`body: expected at most ${MAX_BODY} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
