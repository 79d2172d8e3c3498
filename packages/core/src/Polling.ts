/**
 * Polling for every adapter: its subscriptions whose transport is `polling` are polled over the reads of its contract, the
 * others are its own. An adapter need know nothing of it.
 *
 * Guarantees: nothing is polled that the adapter does not claim to be able to read; polls wait for the REST budget of the
 * venue like its other reads, behind all of them.
 */
import * as Effect from "effect/Effect"
import * as Capabilities from "./Capabilities.ts"
import type { ConnectionOptions } from "./ConnectionOptions.ts"
import * as JointFeed from "./JointFeed.ts"
import * as PollingFeed from "./PollingFeed.ts"
import * as Subscription from "./Subscription.ts"
import type { VenueAdapter } from "./VenueAdapter.ts"
import { Unsupported, VenueError } from "./VenueError.ts"

const ONCE = "redundancy is of sockets: what is polled is polled once"

const isPolled = ({ transport }: Subscription.Subscription): boolean => transport === "polling"

const isSocket = (subscription: Subscription.Subscription): boolean => !isPolled(subscription)

export const over = (adapter: VenueAdapter, options: ConnectionOptions): VenueAdapter => {
  const setup = { adapter, options }
  return {
    ...adapter,
    plan: (subscriptions) => {
      const { connections, notes } = adapter.plan(subscriptions.filter(isSocket))
      const polled = PollingFeed.plan(setup, subscriptions.filter(isPolled))
      const isOnce = polled.length > 0 && options.redundancy > 1
      return { connections: [...connections, ...polled], notes: isOnce ? [...notes, ONCE] : notes }
    },
    open: (subscriptions, emit) => {
      const polled = subscriptions.filter(isPolled)
      const others = subscriptions.filter(isSocket)
      return Effect.andThen(
        check(adapter, polled),
        JointFeed.open(
          [(take) => adapter.open(others, take), (take) => PollingFeed.open(setup, polled, take)],
          isPolled,
          subscriptions,
          emit
        )
      ).pipe(
        Effect.map((feed) => ({
          ...feed,
          update: (wanted, reasons) =>
            Effect.andThen(check(adapter, wanted.filter(isPolled)), feed.update(wanted, reasons))
        }))
      )
    }
  }
}

/** A venue is not polled for what it does not show. */
const check = (
  { capabilities, venue }: VenueAdapter,
  subscriptions: ReadonlyArray<Subscription.Subscription>
): Effect.Effect<void, VenueError> => {
  const problems = [
    ...Capabilities.problems(capabilities, subscriptions),
    ...subscriptions.flatMap((subscription) => {
      const message = Capabilities.unpollable(capabilities, subscription.channel)
      return message === undefined ? [] : [{ subscription, message }]
    })
  ]
  if (problems.length === 0) return Effect.void
  const message = problems.map((each) => `${Subscription.key(each.subscription)}: ${each.message}`).join("; ")
  return Effect.fail(new VenueError({ venue, operation: "poll", reason: new Unsupported({ message }) }))
}
