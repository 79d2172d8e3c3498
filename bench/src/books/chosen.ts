/** What core uses: a hash table, and one bit a tick near the touch. */
import { BookSide } from "../../../packages/core/src/BookSide.ts"
import type { Side } from "./side.ts"

export const chosen = (): Side => {
  const side = new BookSide("bid", 1_000_000)
  return {
    set: (key, size) => side.set(key, size),
    best: () => side.bestPrice,
    levels: (depth) => side.levels(depth)
  }
}
