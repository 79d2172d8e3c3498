/** Cells of spreads: the medians of the runs' quantiles, of their most the least and the most too. */
import type { Spread } from "../messages.ts"
import { median } from "../statistics.ts"
import { number, range } from "./cells.ts"

const quantiles = ["p50", "p90", "p99", "p999", "max"] as const satisfies ReadonlyArray<keyof Spread>

export const spreadHead: ReadonlyArray<string> = ["p50", "p90", "p99", "p99.9", "max (least – most)"]

export const spreadCells = (spreads: ReadonlyArray<Spread>): ReadonlyArray<string> =>
  quantiles.map((quantile) => {
    const values = spreads.flatMap((spread) => spread[quantile] ?? [])
    if (values.length === 0) return "–"
    return quantile === "max" ? range(values) : number(median(values))
  })
