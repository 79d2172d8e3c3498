/**
 * A subscription is what a user wants: one channel of one symbol. Its key is unique within a venue.
 */
import type { Channel } from "./Channel.ts"

export interface Subscription {
  /** The venue's own spelling, upper case. */
  readonly symbol: string
  readonly channel: Channel
}

export const key = (subscription: Subscription): string => `${subscription.symbol} ${subscription.channel}`

/** The same subscriptions, each once, in the order of their first appearance. */
export const distinct = (subscriptions: ReadonlyArray<Subscription>): ReadonlyArray<Subscription> => [
  ...new Map(subscriptions.map((each) => [key(each), each])).values()
]

/** The subscriptions by symbol, in the order of their first appearance. */
export const bySymbol = (
  subscriptions: ReadonlyArray<Subscription>
): ReadonlyMap<string, ReadonlyArray<Subscription>> => Map.groupBy(subscriptions, (each) => each.symbol)
