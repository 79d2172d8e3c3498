/**
 * Frames made wrong on purpose, from a seed: a character lost, doubled or replaced, a value exchanged for an awkward one,
 * a key dropped, keys in another order.
 */

export type Next = () => number

/** Numbers from 0 to below 1 (a linear congruential generator of 32 bits, its high bits mixed). */
export const random = (seed: number): Next => {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32
  }
}

const awkward: ReadonlyArray<unknown> = [
  [null, true, "", " ", "abc", "-1", "0", "0.000", "+5", ".5", "5.", " 1", "1e3", "1e400", "1e-400", "NaN"],
  ["0x10", "1,5", "123456789.123456789", "0.1234567890123456", "99999999999999999999", "1790000000000"],
  [-1, 0, 1, 1.5, 1e300, 2 ** 53, [], [[]], [["1", "2"]], [["1", "2", "3"]], [[1, 2]], {}],
  ["snapshot", "delta", "Buy", "Sell", "1", "M", "tickers.A", "orderbook.1.A", "ping", "subscribe"]
].flat()

const characters = '0123456789.-+eE"{}[],:tfn \\u'

const pick = <A>(from: ArrayLike<A>, next: Next): A => from[Math.floor(next() * from.length)]!

const mutateText = (text: string, next: Next): string => {
  const at = Math.floor(next() * text.length)
  const kind = next()
  if (kind < 0.1) return text.slice(0, at)
  const middle = kind < 0.3 ? "" : kind < 0.5 ? text.slice(at, at + 1).repeat(2) : pick(characters, next)
  return text.slice(0, at) + middle + text.slice(at + 1)
}

const mutateValue = (value: unknown, next: Next): unknown => {
  if (typeof value !== "object" || value === null || next() < 0.02) return pick(awkward, next)
  const entries = Object.entries(value)
  if (entries.length === 0) return pick(awkward, next)
  const [key, child] = pick(entries, next)
  const kind = next()
  if (Array.isArray(value)) {
    if (kind < 0.1) return value.toReversed()
    if (kind < 0.2) return [...value, child]
    return kind < 0.3 ? value.toSpliced(Number(key), 1) : value.with(Number(key), mutateValue(child, next))
  }
  if (kind < 0.1) return Object.fromEntries(entries.filter(([name]) => name !== key))
  if (kind < 0.2) return Object.fromEntries(entries.toReversed())
  return { ...value, [key]: mutateValue(child, next) }
}

/** One to three mutations; about half of them keep the text JSON. */
export const mutate = (frame: string, next: Next): string => {
  let text = frame
  for (let times = 1 + Math.floor(next() * 3); times > 0; times--) {
    let parsed: unknown
    try {
      parsed = next() < 0.5 ? undefined : JSON.parse(text)
    } catch {
      parsed = undefined
    }
    text = parsed === undefined ? mutateText(text, next) : JSON.stringify(mutateValue(parsed, next))
  }
  return text
}
