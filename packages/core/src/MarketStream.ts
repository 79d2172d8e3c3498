/**
 * A feed with its queues: one bounded queue per symbol between the feed and one consumer. This is what a program runs.
 *
 * Guarantees: the events of a symbol are delivered in the order they arrived, each at most once; a queue's policy takes
 * effect only when the consumer does not keep up; after `stop` nothing more arrives, and what waits is delivered until
 * the deadline.
 */
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberSet from "effect/FiberSet"
import * as Scope from "effect/Scope"
import type { Channel } from "./Channel.ts"
import * as ChannelModule from "./Channel.ts"
import { Consumer } from "./Consumer.ts"
import type { Event } from "./Event.ts"
import * as QueueOptions from "./QueueOptions.ts"
import type { Subscription } from "./Subscription.ts"
import { SymbolQueue } from "./SymbolQueue.ts"
import type { Feed, VenueAdapter } from "./VenueAdapter.ts"
import type { VenueError } from "./VenueError.ts"

/**
 * Takes one event, synchronously. A handler that needs time (a full pipe, a database) returns an Effect: nothing is
 * delivered until it has ended, and the queues fill meanwhile.
 */
export type Handler = (event: Event) => Effect.Effect<void> | undefined | void

/** received = delivered + conflated + dropped + waiting, always. */
export interface QueueCounts {
  readonly received: number
  readonly delivered: number
  readonly conflated: number
  readonly dropped: number
  readonly waiting: number
}

export interface StopReport {
  /** Events that were still waiting when the deadline came; 0 when everything was delivered. */
  readonly left: number
  readonly counts: QueueCounts
}

export interface MarketStream {
  readonly adapter: VenueAdapter
  readonly feed: Feed
  readonly counts: () => QueueCounts
  /** Delivers events in order until the stream has stopped and is drained. One consumer at a time. */
  readonly consume: (handler: Handler) => Effect.Effect<void>
  /** Stops intake, closes the sockets with 1000, lets the consumer drain until the deadline, says what was left. */
  readonly stop: (deadline: Duration.Input) => Effect.Effect<StopReport>
}

/** How long the policy `block` may stop reading a socket. */
const BLOCK_AT_MOST = Duration.seconds(10)

/** Events of a connection belong to no symbol; they wait in a queue of their own. */
const NO_SYMBOL = ""

export const open = (
  adapter: VenueAdapter,
  subscriptions: ReadonlyArray<Subscription>,
  options: QueueOptions.QueueOptions = QueueOptions.defaults
): Effect.Effect<MarketStream, VenueError, Scope.Scope> =>
  Effect.gen(function* () {
    const intake = yield* Effect.acquireRelease(Scope.make(), (scope, exit) => Scope.close(scope, exit))
    const fork = yield* FiberSet.makeRuntime<never, void>()
    const consumer = new Consumer()
    const queues = new Map<string, SymbolQueue>()
    const bookChannels = new Map<string, Channel>(
      subscriptions
        .filter((each) => ChannelModule.kind(each.channel) === "book")
        .map((each) => [each.symbol, each.channel])
    )
    let feed: Feed | undefined

    const makeQueue = (symbol: string): SymbolQueue => {
      const queue: SymbolQueue = new SymbolQueue(
        {
          capacity: options.capacity,
          policy: (kind) => QueueOptions.policy(options, kind),
          consecutiveTradeIds: adapter.capabilities.consecutiveTradeIds,
          bookChannel: bookChannels.get(symbol) ?? "book"
        },
        {
          drainNow: () => consumer.drainNow(queue),
          pause: (channel) => {
            if (feed?.pause({ symbol, channel }) !== true) return false
            fork(
              Effect.delay(
                Effect.sync(() => queue.expirePause(channel)),
                BLOCK_AT_MOST
              )
            )
            return true
          },
          resume: (channel) => feed?.resume({ symbol, channel }),
          retellBook: (hole) => feed?.retellBook(symbol, hole)
        }
      )
      queues.set(symbol, queue)
      return queue
    }

    feed = yield* adapter
      .open(subscriptions, (event) => {
        const symbol = event.type === "connection" ? NO_SYMBOL : event.symbol
        const queue = queues.get(symbol) ?? makeQueue(symbol)
        consumer.take(queue, event)
      })
      .pipe(Scope.provide(intake))

    const counts = (): QueueCounts => {
      const total = { received: 0, delivered: 0, conflated: 0, dropped: 0, waiting: 0 }
      for (const queue of queues.values()) {
        total.received += queue.received
        total.delivered += queue.delivered
        total.conflated += queue.conflated
        total.dropped += queue.dropped
        total.waiting += queue.waiting
      }
      return total
    }

    const stop = (deadline: Duration.Input): Effect.Effect<StopReport> =>
      Effect.gen(function* () {
        const drained = Deferred.makeUnsafe<void>()
        yield* Scope.close(intake, Exit.void)
        consumer.finish([...queues.values()], () => Deferred.doneUnsafe(drained, Effect.void))
        yield* Deferred.await(drained).pipe(Effect.timeoutOption(deadline))
        return { left: counts().waiting, counts: counts() }
      })

    return { adapter, feed, counts, consume: consumer.consume, stop }
  })
