/**
 * Two feeds of one venue as one: each subscription is of one of them. States, counts and samples are those of both.
 *
 * Guarantees: the states are those of both at the moment of every `connection` event, and soon after whatever else
 * changed; a change of subscriptions ends what went before it begins what came.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as SubscriptionRef from "effect/SubscriptionRef"
import { ConnectionStates } from "./ConnectionStates.ts"
import type { Event } from "./Event.ts"
import * as Subscription from "./Subscription.ts"
import type { Feed, FeedCounts } from "./VenueAdapter.ts"
import type { VenueError } from "./VenueError.ts"

/** Opens one of the two. */
export type Open = (emit: (event: Event) => void) => Effect.Effect<Feed, VenueError, Scope.Scope>

export const open = (
  [openOne, openOther]: readonly [Open, Open],
  /** Whether a subscription is of the other feed. */
  isOfOther: (subscription: Subscription.Subscription) => boolean,
  wanted: ReadonlyArray<Subscription.Subscription>,
  emit: (event: Event) => void
): Effect.Effect<Feed, VenueError, Scope.Scope> =>
  Effect.gen(function* () {
    const states = yield* ConnectionStates.make
    let feeds: ReadonlyArray<Feed> = []
    const mirror = (): void => states.replace(feeds.flatMap((each) => [...SubscriptionRef.getUnsafe(each.states)]))
    const take = (event: Event): void => {
      if (event.type === "connection") mirror()
      emit(event)
    }
    const one = yield* openOne(take)
    feeds = [one]
    const other = yield* openOther(take)
    feeds = [one, other]
    mirror()
    // what changes without an event: how long a ping took, a connection that is there no more
    for (const each of feeds) {
      yield* SubscriptionRef.changes(each.states).pipe(
        Stream.runForEach(() => Effect.sync(mirror)),
        Effect.forkScoped
      )
    }
    const theirs = new Map<string, Feed>(wanted.map((each) => [Subscription.key(each), isOfOther(each) ? other : one]))
    const feedOf = (subscription: Subscription.Subscription): Feed =>
      theirs.get(Subscription.key(subscription)) ?? (isOfOther(subscription) ? other : one)
    return {
      states: states.ref,
      update: (next, reasons) =>
        Effect.gen(function* () {
          const before = new Set([...theirs].flatMap(([key, feed]) => (feed === other ? [key] : [])))
          const ofOther = next.filter(isOfOther)
          // what changes sides ends on the one before it begins on the other
          yield* other.update(
            ofOther.filter((each) => before.has(Subscription.key(each))),
            reasons
          )
          yield* one.update(
            next.filter((each) => !isOfOther(each)),
            reasons
          )
          yield* other.update(ofOther, reasons)
          theirs.clear()
          for (const each of next) theirs.set(Subscription.key(each), isOfOther(each) ? other : one)
        }),
      rotate: (connection) => feeds.flatMap((each) => each.rotate(connection)),
      reconnect: (connection) => feeds.flatMap((each) => each.reconnect(connection)),
      reset: (connection) => feeds.flatMap((each) => each.reset(connection)),
      counts: () => sum(one.counts(), other.counts()),
      book: (symbol) => one.book(symbol) ?? other.book(symbol),
      retellBook: (symbol, hole) => {
        for (const each of feeds) each.retellBook(symbol, hole)
      },
      pause: (subscription) => feedOf(subscription).pause(subscription),
      resume: (subscription) => feedOf(subscription).resume(subscription),
      samples: () => [...one.samples(), ...other.samples()]
    }
  })

const sum = (one: FeedCounts, other: FeedCounts): FeedCounts => {
  const total: { -readonly [Count in keyof FeedCounts]: number } = { ...one }
  for (const [count, value] of Object.entries(other) as ReadonlyArray<[keyof FeedCounts, number]>) total[count] += value
  return total
}
