/**
 * The text of a scenario, one step a line: `at <time> <what>` or `every <time> [from <time>] <what>`. Guarantees that
 * what `format` writes is read back by `parse` as the same steps.
 */
import { type MarketKind, marketKinds, rateNames, type Rates } from "../market/definition.ts"
import * as faultPhrase from "./faultPhrase.ts"
import type { Action, Step } from "./Step.ts"
import * as time from "./time.ts"
import { isSymbol, Words } from "./Words.ts"

const markets = marketKinds
const sides = ["buy", "sell"] as const

const rates = (words: Words): Action => {
  const given: { -readonly [K in keyof Rates]?: number } = {}
  let where: { readonly market?: MarketKind; readonly symbol?: string } = {}
  const expected = `a SYMBOL, on, ${rateNames.map((name) => `${name}=`).join(", ")}`
  while (!words.isOver) {
    const word = words.take(expected)
    const [key, value] = words.pair(word) ?? []
    const name = rateNames.find((each) => each === key)
    if (name !== undefined && value !== undefined) given[name] = words.number(value)
    else if (word === "on") where = { ...where, market: words.oneOf(markets) }
    else if (key === undefined && isSymbol(word)) where = { ...where, symbol: word }
    else words.fail(word, expected)
  }
  if (Object.keys(given).length === 0) words.take(`one of ${rateNames.join("=, ")}=`)
  return { type: "rates", rates: given, ...where }
}

/** The steps beside the faults. */
const others: { readonly [K in Exclude<Action["type"], "fault">]: (words: Words) => Action } = {
  rates,
  list: (words) => ({ type: "list", market: words.oneOf(markets), symbol: words.symbol() }),
  delist: (words) => ({
    type: "delist",
    market: words.oneOf(markets),
    symbol: words.symbol(),
    ...(words.skip("gone") ? { gone: true } : {})
  }),
  trade: (words) => ({
    type: "trade",
    market: words.oneOf(markets),
    symbol: words.symbol(),
    side: words.oneOf(sides),
    size: words.number()
  }),
  liquidate: (words) => ({
    type: "liquidate",
    symbol: words.symbol(),
    side: words.oneOf(sides),
    size: words.number(),
    ...(words.skip("on") ? { market: words.oneOf(markets) } : {})
  }),
  clear: () => ({ type: "clear" })
}

const isOther = (word: string): word is keyof typeof others => Object.hasOwn(others, word)

const actionOf = (words: Words): Action => {
  const expected = `one of ${[...faultPhrase.kinds, ...Object.keys(others)].join(", ")}`
  const word = words.take(expected)
  if (faultPhrase.isKind(word)) return { type: "fault", fault: faultPhrase.parse(words, word) }
  return isOther(word) ? others[word](words) : words.fail(word, expected)
}

const stepOf = (words: Words): Step => {
  const repeats = words.oneOf(["at", "every"]) === "every"
  const first = words.time()
  if (repeats && first === 0) words.fail("0", "a time above 0")
  const atMs = repeats && words.skip("from") ? words.time() : first
  const action = actionOf(words)
  words.end()
  return { atMs, ...(repeats ? { everyMs: first } : {}), action }
}

/** Throws `ScenarioError`. Empty lines and what follows a `#` are left out. */
export const parse = (text: string): Array<Step> =>
  text.split(/\r?\n/).flatMap((line, index) => {
    const words = new Words(index + 1, line)
    return words.isOver ? [] : [stepOf(words)]
  })

const phraseOf = (action: Action): string => {
  switch (action.type) {
    case "fault":
      return faultPhrase.format(action.fault)
    case "rates": {
      const pairs = rateNames.flatMap((name) => {
        const rate = action.rates[name]
        return rate === undefined ? [] : [`${name}=${rate}`]
      })
      const where = [action.symbol, action.market === undefined ? undefined : `on ${action.market}`]
      return ["rates", ...where, ...pairs].filter((word) => word !== undefined).join(" ")
    }
    case "list":
      return `list ${action.market} ${action.symbol}`
    case "delist":
      return `delist ${action.market} ${action.symbol}${action.gone === true ? " gone" : ""}`
    case "trade":
      return `trade ${action.market} ${action.symbol} ${action.side} ${action.size}`
    case "liquidate":
      return `liquidate ${action.symbol} ${action.side} ${action.size}${on(action.market)}`
    case "clear":
      return "clear"
  }
}

const on = (market: MarketKind | undefined): string => (market === undefined ? "" : ` on ${market}`)

const whenOf = ({ atMs, everyMs }: Step): string => {
  if (everyMs === undefined) return `at ${time.format(atMs)}`
  return `every ${time.format(everyMs)}${everyMs === atMs ? "" : ` from ${time.format(atMs)}`}`
}

export const format = (steps: ReadonlyArray<Step>): string =>
  steps.map((step) => `${whenOf(step)} ${phraseOf(step.action)}\n`).join("")
