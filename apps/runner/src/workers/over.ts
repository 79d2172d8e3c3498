/**
 * An adapter whose connections are carried by worker threads: plans and reads stay here, feeds are opened there. Whoever
 * uses it need know nothing of it.
 */
import { type Subscription, type VenueAdapter } from "@tidewire/core"
import * as Shards from "./shards.ts"
import { nameOf, workerOf } from "./Statuses.ts"
import * as WorkerFeed from "./WorkerFeed.ts"

export const over = (setup: WorkerFeed.WorkerFeedSetup): VenueAdapter.VenueAdapter => ({
  ...setup.adapter,
  plan: (subscriptions) => plan(setup, subscriptions),
  open: (subscriptions, emit) => WorkerFeed.open(setup, subscriptions, emit)
})

/** What each worker plans for its share, by the names that are shown. */
const plan = (
  { adapter, workers: asked }: WorkerFeed.WorkerFeedSetup,
  subscriptions: ReadonlyArray<Subscription.Subscription>
): VenueAdapter.ConnectionPlan => {
  const { homes, workers } = Shards.begin(adapter.plan, subscriptions, asked)
  const plans = Shards.shares(subscriptions, homes, workers).map((share) => adapter.plan(share))
  const busy = new Set(homes.values()).size
  return {
    connections: plans.flatMap(({ connections }, index) =>
      connections.map((each) => ({ ...each, name: nameOf(each.name, index + 1) }))
    ),
    notes: [...new Set([...adapter.plan(subscriptions).notes, ...(busy < asked ? [idle(busy, asked)] : [])])]
  }
}

const idle = (busy: number, asked: number): string =>
  `${busy} of ${asked} workers ${busy === 1 ? "has" : "have"} something to carry: no connection is broken apart, and workers are to have no more of them`

/** How many symbols each worker carries, by the names of its connections. */
export const symbols = (connections: ReadonlyArray<VenueAdapter.PlannedConnection>): ReadonlyArray<number> => {
  const byWorker = Map.groupBy(connections, ({ name }) => workerOf(name))
  return [...byWorker]
    .toSorted(([one], [other]) => one - other)
    .map(([, each]) => new Set(each.flatMap(({ subscriptions }) => subscriptions.map(({ symbol }) => symbol))).size)
}
