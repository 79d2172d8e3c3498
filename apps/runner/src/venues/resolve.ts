/**
 * From what is wanted to what is subscribed: either spelling in any case becomes the venue's symbol, a pattern becomes
 * every trading instrument it matches. What is asked for twice, and two books of one symbol (of which the first is
 * taken), are problems; a pattern that meets what is asked for by name is not, and the name says how it is carried.
 */
import { Channel, type Instrument, Subscription } from "@tidewire/core"
import { given, type Path, type Problem, problem, formatPath } from "../configuration/Problem.ts"
import type { Wanted } from "./Wanted.ts"

export interface Resolved {
  readonly subscriptions: ReadonlyArray<Subscription.Subscription>
  readonly problems: ReadonlyArray<Problem>
}

/** The venue's symbols of a wanted one; a message when there is none. */
export type SymbolsOf = (wanted: Wanted) => ReadonlyArray<string> | { readonly message: string }

/** Finds symbols on the venue's list. */
export const onList =
  (index: Instrument.InstrumentIndex): SymbolsOf =>
  ({ isPattern, symbol }) => {
    if (isPattern) {
      const symbols = index.match(symbol).map((each) => each.symbol)
      return symbols.length > 0 ? symbols : { message: `${given(symbol)} matches no instrument that trades` }
    }
    const found = index.find(symbol)
    if (found._tag === "Found") return [found.instrument.symbol]
    const hint = found.nearest.length === 0 ? "" : ` (did you mean ${found.nearest.join(" or ")}?)`
    return { message: `${given(symbol)} is no symbol of this venue${hint}` }
  }

/** Takes symbols as they are given, upper case; a pattern stands for none. */
export const asGiven: SymbolsOf = ({ isPattern, symbol }) => (isPattern ? [] : [symbol.toUpperCase()])

interface Asked {
  readonly wanted: Wanted
  readonly subscription: Subscription.Subscription
}

export const resolve = (wanted: ReadonlyArray<Wanted>, symbolsOf: SymbolsOf): Resolved => {
  const problems = new Map<string, Problem>()
  const tell = (path: Path, message: string) => {
    const told = problem(path, message)
    if (!problems.has(told.path)) problems.set(told.path, told)
  }
  const asked: Array<Asked> = []
  for (const each of wanted) {
    const symbols = symbolsOf(each)
    if ("message" in symbols) tell(each.symbolPath, symbols.message)
    else for (const symbol of symbols) asked.push({ wanted: each, subscription: subscriptionOf(each, symbol) })
  }
  const once = new Map<string, Asked>()
  const books = new Map<string, Asked>()
  for (const each of asked) {
    const { channel, symbol } = each.subscription
    const key = Subscription.key(each.subscription)
    const before = once.get(key)
    if (before !== undefined) {
      if (!before.wanted.isPattern && !each.wanted.isPattern) tell(...twice(before.wanted, each.wanted, symbol))
      // what is said of a symbol by its name counts, wherever it stands
      else if (before.wanted.isPattern && !each.wanted.isPattern) once.set(key, each)
      continue
    }
    const book = Channel.kind(channel) === "book" ? books.get(symbol) : undefined
    if (book === undefined) {
      once.set(key, each)
      if (Channel.kind(channel) === "book") books.set(symbol, each)
    } else {
      tell(
        each.wanted.channelPath,
        `${given(channel)} of ${symbol} contradicts ${given(book.subscription.channel)} at ${formatPath(book.wanted.channelPath)}; a symbol has one book`
      )
    }
  }
  return { subscriptions: [...once.values()].map((each) => each.subscription), problems: [...problems.values()] }
}

const subscriptionOf = ({ channel, transport }: Wanted, symbol: string): Subscription.Subscription =>
  transport === "websocket" ? { symbol, channel } : { symbol, channel, transport }

/** Where and how to tell that a subscription is asked for twice: at the channel, unless the symbol is what is repeated. */
const twice = (before: Wanted, again: Wanted, symbol: string): [Path, string] => {
  const sameSymbol = formatPath(before.symbolPath) === formatPath(again.symbolPath)
  const sameChannel = formatPath(before.channelPath) === formatPath(again.channelPath)
  const path = sameSymbol || !sameChannel ? again.channelPath : again.symbolPath
  const first = sameSymbol || !sameChannel ? before.channelPath : before.symbolPath
  return [path, `${given(again.channel)} of ${symbol} is asked for twice; first at ${formatPath(first)}`]
}
