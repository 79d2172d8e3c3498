/**
 * A subscription is what a user wants: one channel of one symbol. Its key is unique within a venue.
 */
import type { Channel } from "./Channel.ts"
import type { Transport } from "./Transport.ts"

export interface Subscription {
  /** The venue's own spelling, upper case. */
  readonly symbol: string
  readonly channel: Channel
  /** How it is carried; over the socket where nothing is said. */
  readonly transport?: Transport
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
