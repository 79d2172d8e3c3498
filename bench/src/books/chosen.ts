/** What core uses: the levels near the touch by their tick, and a hash table of the others. */
import { BookSide } from "../../../packages/core/src/BookSide.ts"
import type { Side } from "./side.ts"

export const chosen = (): Side => new BookSide("bid", 1_000_000)
