/** Levels of a book as a client has them: numbers instead of ticks and steps. */
import type { LevelSize } from "../market/book.ts"
import * as grid from "../market/grid.ts"
import type { Market } from "../market/market.ts"

export const levels = (
  { priceGrid, sizeGrid }: Market,
  rows: ReadonlyArray<LevelSize>
): ReadonlyArray<readonly [number, number]> =>
  rows.map(([ticks, steps]) => [grid.toNumber(priceGrid, ticks), grid.toNumber(sizeGrid, steps)])
