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
