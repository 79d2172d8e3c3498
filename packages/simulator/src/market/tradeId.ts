/**
 * Trade ids that are not the tape's own count. Guarantees that an id depends on the market's seed and the count alone,
 * that two counts never share one, and that neither tells how many trades lie between them.
 */
import { make } from "../random.ts"

const hex = (value: number, digits: number): string => Math.floor(value).toString(16).padStart(digits, "0")

/** In the shape of a UUID of version 5. */
export const uuid = (seed: string, count: number): string => {
  const { next } = make(`${seed}/trade/${count}`)
  const word = () => hex(next() * 2 ** 32, 8)
  // The count is in the last group, so that two ids never are the same.
  const [a, b, c] = [word(), word(), word()]
  return `${a}-${b.slice(0, 4)}-5${b.slice(5)}-8${c.slice(1, 4)}-${hex(count % 2 ** 48, 12)}`
}

const FIRST = 2_290_000_000_000_000_000n
const STEP = 13

/** Nineteen digits, rising, with holes. */
export const numeric = (seed: string, count: number): string => {
  const { int } = make(`${seed}/trade/${count}`)
  return String(FIRST + BigInt(count) * BigInt(STEP) + BigInt(int(STEP)))
}
