/**
 * What a venue can be asked for, and what is wrong with a set of subscriptions in that light.
 */
import * as Channel from "./Channel.ts"
import type { Interval } from "./Interval.ts"
import * as Spelling from "./Spelling.ts"
import type { Subscription } from "./Subscription.ts"

export interface Capabilities {
  readonly channels: ReadonlyArray<Channel.Kind>
  /** The bar intervals of this venue. */
  readonly intervals: ReadonlyArray<Interval>
  /** The depths of `book:<depth>`; `book` alone is the venue's full checked book. */
  readonly depths: ReadonlyArray<number>
  /** Which reads of the past there are: each stands for the member of `History` of its name. */
  readonly history: { readonly trades: boolean; readonly recentTrades: boolean; readonly bars: boolean }
  /** Which reads of what is now there are: each stands for the member of `Present` that reads one. */
  readonly present: {
    readonly quotes: boolean
    readonly book: boolean
    readonly ticker: boolean
    readonly mark: boolean
    readonly bars: boolean
  }
  /** True where feeds poll `hybrid` subscriptions while the connection that carries them is down. */
  readonly fallsBack: boolean
  /** True where every trade's id is the one before plus one, so that ids prove that nothing is missing. */
  readonly consecutiveTradeIds: boolean
}

/** Why this channel cannot be had, with what can be; `undefined` when it can. */
export const missing = (capabilities: Capabilities, channel: Channel.Channel): string | undefined => {
  const { channels, depths, intervals } = capabilities
  const kind = Channel.kind(channel)
  if (!channels.includes(kind)) return refusal(`channel ${kind}`, kind, channels)
  const interval = Channel.interval(channel)
  if (interval !== undefined && !intervals.includes(interval)) {
    return refusal(
      `interval ${interval}`,
      channel,
      intervals.map((each) => `bars:${each}`)
    )
  }
  const depth = Channel.depth(channel)
  if (depth !== undefined && !depths.includes(depth)) {
    return refusal(`depth ${depth}`, channel, ["book", ...depths.map((each) => `book:${each}`)])
  }
  return undefined
}

/** Why this channel cannot be polled; `undefined` when it can. */
export const unpollable = (
  { history, present }: Pick<Capabilities, "history" | "present">,
  channel: Channel.Channel
): string | undefined => {
  const kind = Channel.kind(channel)
  switch (kind) {
    case "trades":
      return history.recentTrades ? undefined : "this venue does not show its latest trades"
    case "bars":
      return present.bars && history.bars ? undefined : "this venue does not show its bars"
    case "liquidations":
      return "no venue shows them but on a stream"
    default:
      return present[kind] ? undefined : `this venue has no read of ${kind}`
  }
}

/** What is wrong with these subscriptions, each with the subscription it is about. */
export const problems = (
  capabilities: Capabilities,
  subscriptions: ReadonlyArray<Subscription>
): ReadonlyArray<{ readonly subscription: Subscription; readonly message: string }> => {
  const books = new Map<string, Channel.Channel>()
  return subscriptions.flatMap((subscription) => {
    const { channel, symbol } = subscription
    const absent = missing(capabilities, channel)
    if (absent !== undefined) return [{ subscription, message: absent }]
    if (Channel.kind(channel) !== "book") return []
    const other = books.get(symbol) ?? channel
    books.set(symbol, other)
    return other === channel ? [] : [{ subscription, message: `${symbol} has ${other} already; a symbol has one book` }]
  })
}

const refusal = (what: string, given: string, known: ReadonlyArray<string>): string =>
  `this venue has no ${what}${Spelling.hint(given, known)}; expected ${known.length === 0 ? "none" : `one of ${known.join(", ")}`}`
