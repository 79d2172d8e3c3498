/**
 * A frame written anew as the venue might write it one day: keys in another order, unknown ones among them, nested if it
 * comes to that, keys twice, escapes, white space, numbers with exponents, signs and many digits, names that are not
 * ASCII. Most of what comes out is JSON still; how much of it is changed is drawn for each frame.
 */
import type { Random } from "./random.ts"

const awkward: ReadonlyArray<unknown> = [
  ["", "0", "-0", "0.00000000", "-1.5", "+5", ".5", "5.", "05", " 1", "1e3", "1E-7", "1e400", "1e-400", "NaN", "0x10"],
  ["123456789.123456789", "0.1234567890123456", "12345678901234567890", "1".repeat(70), `0.${"0".repeat(80)}1`],
  [`1.${"0".repeat(70)}`, "1790006400000", "17900064000001234", "9007199254740993", "Buy", "snapshot", "delta", "1m"],
  [null, true, false, 0, -1, 1, 2, 1.5, 1e21, 1e-7, 2 ** 53, [], {}, [[]], [["1", "2"]], [["1", "2", "3"]], [{}]]
].flat()

/** As they may be written in JSON, which `JSON.stringify` does not. */
const spellings = ["-0", "1.79e12", "1790000000000.0", "1E3", "20000000000000000001", "-1", "00", "1e999"] as const

const names = ["币安USDT", "ẞ", "𝒳", "a\u2028b", "e\u0301", "\u007f", "\ufeffX"] as const

export const variant = (value: unknown, random: Random): string => {
  const rate = random.pick([0, 0, 0.01, 0.03, 0.1, 0.4])
  const isShuffled = random.chance(0.5)

  const gap = (): string => (random.chance(rate / 40) ? random.pick([" ", "\n", "\t", "  "]) : "")

  const string = (text: string): string => {
    if (random.chance(rate / 20)) return JSON.stringify(random.pick(names))
    if (!random.chance(rate / 10) || text === "") return JSON.stringify(text)
    const at = random.below(text.length)
    const escaped = `\\u${text.charCodeAt(at).toString(16).padStart(4, "0")}`
    const [before, after] = [text.slice(0, at), text.slice(at + 1)].map((part) => JSON.stringify(part).slice(1, -1))
    return `"${before}${escaped}${after}"`
  }

  const scalar = (each: unknown): string => {
    if (random.chance(rate / 6)) return JSON.stringify(random.pick(awkward))
    if (typeof each === "string") return string(each)
    if (typeof each === "number" && random.chance(rate / 10)) return random.pick(spellings)
    return JSON.stringify(each)
  }

  const unknownKey = (): readonly [string, unknown] => [
    random.pick(["x", "nq", "RPI", "币", "", "a\\b", "__proto__", "data", "type", "b", "k"]),
    random.pick<unknown>([null, 'x\n"', -1.5e-9, { s: ["y", { p: "1" }] }, [[["1", "2"]]], { "": {} }, awkward])
  ]

  const object = (each: object): string => {
    let entries: ReadonlyArray<readonly [string, unknown]> = Object.entries(each)
    if (isShuffled) entries = shuffle(entries, random)
    if (random.chance(rate)) entries = shuffle([...entries, unknownKey()], random)
    if (random.chance(rate / 10)) entries = entries.slice(1)
    if (random.chance(rate / 10) && entries.length > 0) entries = [...entries, random.pick(entries)]
    return `{${entries.map(([key, value]) => `${gap()}${string(key)}${gap()}:${gap()}${any(value)}`).join(",")}}`
  }

  const list = (each: ReadonlyArray<unknown>): string => {
    let items = each
    if (random.chance(rate / 10)) items = shuffle(items, random)
    if (random.chance(rate / 20)) items = items.toReversed()
    return `[${items.map((item) => gap() + any(item)).join(",")}]`
  }

  const any = (each: unknown): string => {
    if (typeof each !== "object" || each === null || random.chance(rate / 40)) return scalar(each)
    return Array.isArray(each) ? list(each) : object(each)
  }

  return any(value)
}

const shuffle = <A>(items: ReadonlyArray<A>, random: Random): ReadonlyArray<A> => {
  const rest = [...items]
  return items.map(() => rest.splice(random.below(rest.length), 1)[0]!)
}
