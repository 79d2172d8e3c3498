/**
 * How Bybit chains the changes of a book: `u` rises by one with every message of a topic. The snapshot comes on the same
 * socket, in the same count, so the first change follows it as any later one follows the one before.
 * Source: docs/venues/bybit.md, "Book chain".
 */
import type { BookRule } from "@tidewire/core"

const follow: BookRule.BookRule["follow"] = (sequence, { last }) => {
  // a repeated change, as when two sockets overlap
  if (last <= sequence) return "ignore"
  return last === sequence + 1 ? "apply" : "gap"
}

export const bookRule: BookRule.BookRule = { join: follow, follow }
