/**
 * Requests to subscribe and unsubscribe. The venue repeats a request's `req_id` in its answer and nothing else of it, so
 * how many topics the request had is part of that: `7/2` is request 7, of two topics.
 * Source: docs/venues/bybit.md, "Control frames".
 */
export const make =
  (op: "subscribe" | "unsubscribe") =>
  (topics: ReadonlyArray<string>, id: number): string =>
    JSON.stringify({ req_id: `${id}/${topics.length}`, op, args: topics })

const ours = /^([1-9]\d{0,14})(?:\/([1-9]\d{0,8}))?$/

/** Which request an answer is to; `undefined` when it is none of ours. */
export const answered = (name: unknown): { readonly id: number; readonly topics: number | undefined } | undefined => {
  const match = typeof name === "string" ? ours.exec(name) : null
  if (match === null) return undefined
  const [, id, topics] = match
  return { id: Number(id), topics: topics === undefined ? undefined : Number(topics) }
}
