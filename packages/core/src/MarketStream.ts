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
import * as Fiber from "effect/Fiber"
import * as FiberMap from "effect/FiberMap"
import * as FiberSet from "effect/FiberSet"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as SubscriptionRef from "effect/SubscriptionRef"
import type { Channel } from "./Channel.ts"
import * as ChannelModule from "./Channel.ts"
import { Consumer } from "./Consumer.ts"
import type { Event } from "./Event.ts"
import * as QueueOptions from "./QueueOptions.ts"
import type { Subscription } from "./Subscription.ts"
import { type ChannelCounts, SymbolQueue } from "./SymbolQueue.ts"
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

/** What waits of one channel of one symbol. */
export interface Waiting {
  /** Empty for what is told about connections. */
  readonly symbol: string
  /** `state`: what is told about the stream itself (states, gaps). */
  readonly channel: Channel | "state"
  readonly waiting: number
}

/** What passed of one channel of one symbol. */
export interface StreamCounts extends ChannelCounts {
  readonly symbol: string
}

export interface StopReport {
  /** Events that were still waiting when the deadline came; 0 when everything was delivered. */
  readonly left: number
  /** What was left, most first; together as many as `left`. */
  readonly leftBy: ReadonlyArray<Waiting>
  /** Connections that had not closed when the deadline came. */
  readonly unclosed: ReadonlyArray<string>
  readonly counts: QueueCounts
}

export interface MarketStream {
  readonly adapter: VenueAdapter
  readonly feed: Feed
  readonly counts: () => QueueCounts
  /** Every channel of every symbol of which something has come; those of symbols that went are not among them. */
  readonly streams: () => ReadonlyArray<StreamCounts>
  /** What is subscribed, as it was opened or last changed. */
  readonly subscriptions: () => ReadonlyArray<Subscription>
  /**
   * Changes what is subscribed; what stays is not touched, what goes ends with the reason given for its symbol. The queue
   * of a symbol that went is given up once it is drained. Changes nothing after a stop.
   */
  readonly update: Feed["update"]
  /** Delivers events in order until the stream has stopped and is drained. One consumer at a time. */
  readonly consume: (handler: Handler) => Effect.Effect<void>
  /**
   * Stops intake, closes the sockets with 1000, lets the consumer drain until the deadline, says what was left. Closing
   * that takes longer than the deadline goes on by itself.
   */
  readonly stop: (deadline: Duration.Input) => Effect.Effect<StopReport>
}

/** How long the policy `block` may stop reading a socket. */
const BLOCK_AT_MOST = Duration.seconds(10)

/** How long closing may take; a socket that does not answer is cut long before. */
const CLOSE_WITHIN = Duration.seconds(5)

/** How soon after it is drained the queue of a symbol that went is given up. */
const RETIRE_EVERY = Duration.seconds(1)

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
    /** The end of the last pause of a channel: one that ended by itself says nothing of the next. */
    const endPause = yield* FiberMap.makeRuntime<never, string, void, void>()
    const consumer = new Consumer()
    const queues = new Map<string, SymbolQueue>()
    /** What the queues counted that were given up. */
    const retired = { received: 0, delivered: 0, conflated: 0, dropped: 0, waiting: 0 }
    /** The symbols that went and whose queues are still there; how many gaps were told at their end. */
    const leaving = new Map<string, number>()
    const updating = Semaphore.makeUnsafe(1)
    let wanted = subscriptions
    let bookChannels = bookChannelsOf(subscriptions)
    let isStopped = false
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
            endPause(
              `${symbol} ${channel}`,
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

    const opened = feed

    const counts = (): QueueCounts => {
      const total = { ...retired }
      for (const queue of queues.values()) add(total, queue)
      return total
    }

    const streams = () =>
      [...queues].flatMap(([symbol, queue]) => queue.channels().map((each): StreamCounts => ({ symbol, ...each })))

    /** What a queue tells by itself counts for nothing. */
    const stay = (symbol: string): void => {
      const told = leaving.get(symbol) ?? 0
      retired.received -= told
      retired.delivered -= told
      leaving.delete(symbol)
    }

    /** Gives up the queues that are drained, their last holes told; goes on until none is left. */
    const retire: Effect.Effect<void> = Effect.suspend(() => {
      for (const [symbol, told] of leaving) {
        const queue = queues.get(symbol)
        if (queue?.isClear === true) {
          const gaps = queue.takeHoles()
          leaving.set(symbol, told + gaps.length)
          for (const gap of gaps) consumer.take(queue, gap)
        }
        if (queue?.isClear === false) continue
        stay(symbol)
        queues.delete(symbol)
        if (queue !== undefined) add(retired, queue)
      }
      return leaving.size === 0 || isStopped ? Effect.void : Effect.delay(retire, RETIRE_EVERY)
    })

    const update: Feed["update"] = (next, reasons) =>
      Effect.gen(function* () {
        if (isStopped) return
        const before = bookChannels
        // from the first frame on, a book is of the channel that it was asked for as
        bookChannels = new Map([...before, ...bookChannelsOf(next)])
        for (const [symbol, channel] of bookChannels) queues.get(symbol)?.nameBook(channel)
        yield* opened.update(next, reasons).pipe(Effect.tapError(() => Effect.sync(() => (bookChannels = before))))
        bookChannels = bookChannelsOf(next)
        const symbols = new Set(next.map((each) => each.symbol))
        const isRetiring = leaving.size > 0
        for (const { symbol } of wanted) {
          if (!symbols.has(symbol) && !leaving.has(symbol)) leaving.set(symbol, 0)
        }
        for (const symbol of symbols) stay(symbol)
        wanted = next
        if (leaving.size > 0 && !isRetiring) fork(retire)
      }).pipe((change) => updating.withPermit(change))

    const stop = (deadline: Duration.Input): Effect.Effect<StopReport> =>
      Effect.gen(function* () {
        isStopped = true
        const drained = Deferred.makeUnsafe<void>()
        const closing = yield* Effect.forkDetach(Scope.close(intake, Exit.void))
        const closed = yield* Fiber.await(closing).pipe(Effect.timeoutOption(CLOSE_WITHIN))
        consumer.finish([...queues.values()], () => Deferred.doneUnsafe(drained, Effect.void))
        yield* Deferred.await(drained).pipe(Effect.timeoutOption(deadline))
        const leftBy = [...queues].flatMap(([symbol, queue]) =>
          queue.waitingBy().map(({ channel, waiting }): Waiting => ({ symbol, channel, waiting }))
        )
        return {
          left: counts().waiting,
          leftBy: leftBy.toSorted((one, other) => other.waiting - one.waiting),
          unclosed: Option.isSome(closed) ? [] : unclosed(opened),
          counts: counts()
        }
      })

    return {
      adapter,
      feed: opened,
      counts,
      streams,
      subscriptions: () => wanted,
      update,
      consume: consumer.consume,
      stop
    }
  })

const bookChannelsOf = (subscriptions: ReadonlyArray<Subscription>): ReadonlyMap<string, Channel> =>
  new Map(
    subscriptions
      .filter((each) => ChannelModule.kind(each.channel) === "book")
      .map((each) => [each.symbol, each.channel])
  )

const add = (total: { -readonly [Key in keyof QueueCounts]: number }, queue: QueueCounts): void => {
  total.received += queue.received
  total.delivered += queue.delivered
  total.conflated += queue.conflated
  total.dropped += queue.dropped
  total.waiting += queue.waiting
}

const unclosed = ({ states }: Feed): ReadonlyArray<string> =>
  [...SubscriptionRef.getUnsafe(states).values()].filter(({ state }) => state !== "Stopped").map(({ name }) => name)
