/**
 * A feed that worker threads bring: each carries its share of the symbols, and all that they tell comes together here, as
 * if it had been one feed of the adapter's.
 *
 * Guarantees: those of a `Feed`; the events of a symbol come in order, because it has one worker; counts and samples are
 * as of the last second; `rotate`, `reconnect`, `reset` and `pause` ask the worker and do not wait for what it says.
 */
import {
  Capabilities,
  ConnectionOptions,
  type Event,
  Subscription,
  Supervision,
  type VenueAdapter,
  VenueError
} from "@tidewire/core"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as References from "effect/References"
import type * as Scope from "effect/Scope"
import * as SubscriptionRef from "effect/SubscriptionRef"
import * as Counts from "./counts.ts"
import type { Origin } from "./messages.ts"
import { Shard } from "./Shard.ts"
import * as Shards from "./shards.ts"

type Subscriptions = ReadonlyArray<Subscription.Subscription>

export interface WorkerFeedSetup {
  /** Made in the main thread: it plans and reads, and opens nothing. */
  readonly adapter: VenueAdapter.VenueAdapter
  readonly origin: Origin
  readonly connection: ConnectionOptions.ConnectionOptions
  readonly workers: number
  /** Whether the sockets of workers can pause. */
  readonly canPause: boolean
}

export const open = (
  { adapter, canPause, connection, origin, workers: asked }: WorkerFeedSetup,
  subscriptions: Subscriptions,
  emit: (event: Event.Event) => void
): Effect.Effect<VenueAdapter.Feed, VenueError.VenueError, Scope.Scope> =>
  Effect.gen(function* () {
    yield* check(adapter, subscriptions)
    const distinct = Subscription.distinct(subscriptions)
    const begun = Shards.begin(adapter.plan, distinct, asked)
    let homes = begun.homes
    let isOver = false
    let [events, gaps] = [0, 0]
    const states = yield* SubscriptionRef.make<ReadonlyMap<string, VenueAdapter.ConnectionStatus>>(new Map())
    const backfill = yield* Supervision.Backfill.make(adapter.history, connection.repairWithin)
    const order = { ...origin, minimumLogLevel: yield* References.MinimumLogLevel }
    const mirror = (): void => show(states, shards)
    // finalizers run last to first: the workers stop, then what is still open is told, then nothing more
    yield* Effect.addFinalizer(() =>
      Effect.sync(() => {
        for (const shard of shards) shard.end()
        isOver = true
      })
    )
    const shards = Shards.shares(distinct, homes, begun.workers).map(
      (share, index) =>
        new Shard(
          {
            venue: adapter.venue,
            worker: index + 1,
            consecutiveTradeIds: adapter.capabilities.consecutiveTradeIds,
            emit: (event) => {
              if (isOver) return
              events++
              if (event.type === "gap") gaps++
              emit(event)
            },
            ...(adapter.history !== undefined && { mend: backfill.request }),
            cancel: backfill.cancel,
            now: Supervision.receiveTime,
            reconnect: connection.reconnect,
            plan: adapter.plan,
            order,
            canPause,
            onStates: mirror
          },
          share
        )
    )
    mirror()
    for (const shard of shards) yield* Effect.forkScoped(shard.run)
    yield* Effect.addFinalizer(() => Effect.forEach(shards, (shard) => shard.stop, { concurrency: "unbounded" }))
    yield* Effect.forEach(shards, ({ opened }) => Deferred.await(opened), { concurrency: "unbounded" })
    // a turn of the event loop later there is a consumer, so that nothing fills the queues before it
    yield* Effect.forkScoped(
      Effect.andThen(
        nextTurn,
        Effect.sync(() => shards.forEach((shard) => shard.begin()))
      )
    )

    const shardOf = (symbol: string): Shard | undefined => {
      const home = homes.get(symbol)
      return home === undefined ? undefined : shards[home]
    }
    return {
      states,
      update: (next, reasons = new Map()) =>
        Effect.gen(function* () {
          if (isOver) return
          yield* check(adapter, next)
          const before = homes
          const wanted = Subscription.distinct(next)
          homes = Shards.extend(adapter.plan, wanted, before, shards.length)
          const each = Shards.shares(wanted, homes, shards.length)
          yield* Effect.forEach(shards, (shard, index) => shard.update(each[index]!, reasons), { discard: true })
        }),
      rotate: (name) => (isOver ? [] : shards.flatMap((shard) => shard.rotate(name))),
      reconnect: (name) => (isOver ? [] : shards.flatMap((shard) => shard.reconnect(name))),
      reset: (name) => (isOver ? [] : shards.flatMap((shard) => shard.reset(name))),
      counts: () => ({ ...Counts.sum(shards.map((shard) => shard.counts())), events, gaps }),
      book: (symbol) => shardOf(symbol)?.told.book(symbol),
      retellBook: (symbol, hole) => {
        if (!isOver) shardOf(symbol)?.told.retellBook(symbol, hole)
      },
      pause: (subscription) => !isOver && shardOf(subscription.symbol)?.pause(subscription) === true,
      resume: (subscription) => shardOf(subscription.symbol)?.resume(subscription),
      samples: () => shards.flatMap((shard) => shard.samples())
    } satisfies VenueAdapter.Feed
  })

const show = (states: VenueAdapter.Feed["states"], shards: ReadonlyArray<Shard>): void => {
  const all = new Map(shards.flatMap(({ statuses }) => [...statuses.all]))
  // nobody else writes, so this never waits
  Effect.runSync(SubscriptionRef.set(states, all))
}

const nextTurn = Effect.callback<void>((resume) => {
  setImmediate(() => setImmediate(() => resume(Effect.void)))
})

/** All of it or nothing: no worker is asked for what another would refuse. */
const check = (
  { capabilities, venue }: VenueAdapter.VenueAdapter,
  subscriptions: Subscriptions
): Effect.Effect<void, VenueError.VenueError> => {
  const problems = Capabilities.problems(capabilities, subscriptions)
  if (problems.length === 0) return Effect.void
  const message = problems.map((each) => `${Subscription.key(each.subscription)}: ${each.message}`).join("; ")
  return Effect.fail(
    new VenueError.VenueError({ venue, operation: "subscribe", reason: new VenueError.Unsupported({ message }) })
  )
}
