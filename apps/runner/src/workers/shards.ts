/**
 * Which worker carries which symbol: a pure function of the subscriptions, the adapter's plan and what each worker carries
 * already.
 *
 * Guarantees: a symbol is in one worker, with all its channels; what stays, stays where it is; symbols that share a
 * connection begin in one worker; the workers together begin with no more connections than one thread would have, which is
 * what the venue's limits were reckoned for, so there may be fewer workers than asked for; shares are as even as that
 * allows, by subscriptions.
 */
import type { Subscription, VenueAdapter } from "@tidewire/core"

type Subscriptions = ReadonlyArray<Subscription.Subscription>

export type Plan = (subscriptions: Subscriptions) => VenueAdapter.ConnectionPlan

/** The worker of each symbol, counted from 0. */
export type Homes = ReadonlyMap<string, number>

export interface Begun {
  readonly homes: Homes
  /** As many as the connections can be shared out to; some may have nothing to do yet. */
  readonly workers: number
}

/** Where symbols begin. */
export const begin = (plan: Plan, subscriptions: Subscriptions, asked: number): Begun => {
  const whole = plan(subscriptions).connections.length
  for (let workers = asked; workers > 1; workers--) {
    const homes = extend(plan, subscriptions, new Map(), workers)
    const connections = shares(subscriptions, homes, workers).reduce(
      (sum, share) => sum + plan(share).connections.length,
      0
    )
    if (connections <= whole) return { homes, workers }
  }
  return { homes: extend(plan, subscriptions, new Map(), 1), workers: 1 }
}

/** Leaves what has a home there, and gives one to the rest. */
export const extend = (plan: Plan, subscriptions: Subscriptions, before: Homes, workers: number): Homes => {
  const homes = new Map<string, number>()
  const loads: Array<number> = Array.from({ length: workers }, () => 0)
  const settle = (symbol: string, worker: number): void => {
    homes.set(symbol, worker)
    loads[worker]! += weights.get(symbol) ?? 0
  }
  const weights = new Map<string, number>()
  for (const { symbol } of subscriptions) weights.set(symbol, (weights.get(symbol) ?? 0) + 1)
  for (const symbol of weights.keys()) {
    const home = before.get(symbol)
    if (home !== undefined) settle(symbol, home)
  }
  // the heaviest first: what is light evens out what they leave uneven
  const groups = together(plan(subscriptions)).toSorted((one, other) => weigh(other, weights) - weigh(one, weights))
  for (const group of groups) {
    const homeless = group.filter((symbol) => !homes.has(symbol))
    if (homeless.length === 0) continue
    const neighbour = group.find((symbol) => homes.has(symbol))
    const home = neighbour === undefined ? loads.indexOf(Math.min(...loads)) : homes.get(neighbour)!
    for (const symbol of homeless) settle(symbol, home)
  }
  return homes
}

/** What each worker carries. */
export const shares = (subscriptions: Subscriptions, homes: Homes, workers: number): ReadonlyArray<Subscriptions> =>
  Array.from({ length: workers }, (_, worker) => subscriptions.filter(({ symbol }) => homes.get(symbol) === worker))

const weigh = (symbols: ReadonlyArray<string>, weights: ReadonlyMap<string, number>): number =>
  symbols.reduce((sum, symbol) => sum + (weights.get(symbol) ?? 0), 0)

/** The symbols that connections hold together, each once. */
const together = ({ connections }: VenueAdapter.ConnectionPlan): ReadonlyArray<ReadonlyArray<string>> => {
  const groupOf = new Map<string, Set<string>>()
  for (const { subscriptions } of connections) {
    const symbols = subscriptions.map((each) => each.symbol)
    const merged = new Set(symbols.flatMap((symbol) => [...(groupOf.get(symbol) ?? [symbol])]))
    for (const symbol of merged) groupOf.set(symbol, merged)
  }
  return [...new Set(groupOf.values())].map((group) => [...group])
}
