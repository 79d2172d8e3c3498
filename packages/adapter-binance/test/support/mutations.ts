/**
 * Frames made wrong on purpose: a character lost, doubled or replaced, or a value exchanged for an awkward one.
 */

/** A small seeded generator of numbers from 0 to below 1 (mulberry32). */
export const random = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const awkward: ReadonlyArray<unknown> = [
  null,
  true,
  "",
  " ",
  "abc",
  "-1",
  "-0",
  "0",
  "0.00000000",
  "+5",
  ".5",
  "5.",
  " 1",
  "1e3",
  "1e400",
  "1e-400",
  "NaN",
  "Infinity",
  "0x10",
  "1,5",
  "123456789.123456789",
  "0.1234567890123456",
  "99999999999999999999",
  "0.000000000000000000000001234",
  -1,
  0,
  1,
  2,
  1.5,
  1e300,
  9007199254740992,
  [],
  [[]],
  [["1", "2"]],
  [
    ["1", "2"],
    ["1", "3"],
    ["2", "1"]
  ],
  [["1", "2", "3"]],
  [[1, 2]],
  {},
  "trade",
  "serverShutdown"
]

const characters = '0123456789.-+eE"{}[],:tfn \\u'

type Next = () => number

const pick = <A>(from: ArrayLike<A>, next: Next): A => from[Math.floor(next() * from.length)]!

const mutateText = (text: string, next: Next): string => {
  const at = Math.floor(next() * text.length)
  const kind = next()
  if (kind < 0.25) return text.slice(0, at) + text.slice(at + 1)
  if (kind < 0.5) return text.slice(0, at) + text[at] + text.slice(at)
  if (kind < 0.9) return text.slice(0, at) + pick(characters, next) + text.slice(at + 1)
  return text.slice(0, at)
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
    if (kind < 0.3) return value.toSpliced(Number(key), 1)
    return value.with(Number(key), mutateValue(child, next))
  }
  if (kind < 0.1) return Object.fromEntries(entries.filter(([name]) => name !== key))
  return { ...value, [key]: mutateValue(child, next) }
}

/** One to three mutations; half of them keep the text JSON. */
export const mutate = (frame: string, next: Next): string => {
  let text = frame
  for (let times = 1 + Math.floor(next() * 3); times > 0; times--) {
    text = next() < 0.5 ? mutateText(text, next) : mutateJson(text, next)
  }
  return text
}

const mutateJson = (text: string, next: Next): string => {
  try {
    return JSON.stringify(mutateValue(JSON.parse(text), next))
  } catch {
    return mutateText(text, next)
  }
}
