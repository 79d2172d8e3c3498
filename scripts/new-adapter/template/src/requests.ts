/**
 * Requests to subscribe and unsubscribe. Whatever the venue repeats in its answer must tell which request it is to.
 *
 * Not looked up yet: how the venue writes them.
 * Source: docs/venues/newvenue.md, "Control frames".
 */
export const make =
  (op: "subscribe" | "unsubscribe") =>
  (topics: ReadonlyArray<string>, id: number): string =>
    JSON.stringify({ op, id, topics })
