/** Numbers in cells: three digits that mean something, and groups of thousands. */
import { median } from "../statistics.ts"

export const number = (value: number): string => {
  if (Math.abs(value) < 100) return value.toFixed(Math.abs(value) < 10 ? 2 : 1)
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, " ")
}

export const range = (values: ReadonlyArray<number>): string =>
  `${number(median(values))} (${number(Math.min(...values))} – ${number(Math.max(...values))})`

/** Median, least and most; the median alone of one value; a dash of none. */
export const spread = (values: ReadonlyArray<number>): string => {
  if (values.length === 0) return "–"
  return values.length === 1 ? number(values[0]!) : range(values)
}
