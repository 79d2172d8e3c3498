/**
 * Which connection carries which subscription: a pure function of the subscriptions, the venue's limits and the wanted
 * isolation (S-A1, S-A2), extended from what is already carried so that a change moves nothing that stays.
 *
 * Guarantees: topics of different routes never share a connection; no connection carries more topics than the venue
 * allows; where one connection per symbol would exceed the venue's connections, symbols are packed, and a note says so.
 */
import type { Limits, Topic } from "./SocketVenue.ts"
import * as Subscription from "./Subscription.ts"

/** A subscription and the topic that carries it. */
export interface Carried {
  readonly subscription: Subscription.Subscription
  readonly topic: Topic
}

export interface Planned {
  /** Unique within the venue: `BTCUSDT`, `BTCUSDT/market`, `shared-1`, `market-2`. */
  readonly name: string
  readonly route: string
  readonly carried: ReadonlyArray<Carried>
}

export interface Plan {
  readonly connections: ReadonlyArray<Planned>
  readonly notes: ReadonlyArray<string>
}

export interface PlanOptions {
  readonly isolation: "symbol" | "shared"
  readonly limits: Pick<Limits, "topicsPerConnection" | "connections">
  /** Every route of the venue; where there is only one, connections are named without it. */
  readonly routes: ReadonlyArray<string>
}

/** Lays out `wanted`, leaving on their connections those that `before` already carries. */
export const plan = (
  wanted: ReadonlyArray<Carried>,
  options: PlanOptions,
  before: ReadonlyArray<Planned> = []
): Plan => {
  const isPacked = options.isolation === "symbol" && groupsOf(wanted, "symbol").size > options.limits.connections
  const isolation = isPacked ? "shared" : options.isolation
  const wantedKeys = new Set(wanted.map((each) => Subscription.key(each.subscription)))
  const kept = new Map<string, { route: string; group: string; carried: Array<Carried> }>()
  for (const connection of before) {
    const carried = connection.carried.filter((each) => wantedKeys.has(Subscription.key(each.subscription)))
    if (carried.length === 0) continue
    kept.set(connection.name, { route: connection.route, group: groupOf(carried[0]!, isolation), carried })
  }
  const carriedKeys = new Set(
    [...kept.values()].flatMap((each) => each.carried.map(({ subscription }) => Subscription.key(subscription)))
  )
  for (const [group, members] of groupsOf(wanted, isolation)) {
    for (const member of members) {
      if (carriedKeys.has(Subscription.key(member.subscription))) continue
      const roomy = [...kept.values()].find(
        (each) => each.group === group && each.carried.length < options.limits.topicsPerConnection
      )
      if (roomy !== undefined) roomy.carried.push(member)
      else kept.set(freeName(kept, member, isolation, options), { route: member.topic.route, group, carried: [member] })
    }
  }
  return {
    connections: [...kept].map(([name, { carried, route }]) => ({ name, route, carried })),
    notes: isPacked
      ? [
          `one connection per symbol would need ${groupsOf(wanted, "symbol").size} connections, ` +
            `the venue allows ${options.limits.connections}: symbols share connections instead`
        ]
      : []
  }
}

const groupOf = (carried: Carried, isolation: "symbol" | "shared"): string =>
  isolation === "symbol" ? `${carried.topic.route} ${carried.subscription.symbol}` : carried.topic.route

const groupsOf = (
  carried: ReadonlyArray<Carried>,
  isolation: "symbol" | "shared"
): Map<string, ReadonlyArray<Carried>> => Map.groupBy(carried, (each) => groupOf(each, isolation))

const freeName = (
  taken: ReadonlyMap<string, unknown>,
  { subscription, topic }: Carried,
  isolation: "symbol" | "shared",
  { routes }: PlanOptions
): string => {
  const route = routes.length > 1 ? topic.route : undefined
  const stem =
    isolation === "symbol"
      ? route === undefined
        ? subscription.symbol
        : `${subscription.symbol}/${route}`
      : (route ?? "shared")
  for (let number = 1; ; number++) {
    const name = isolation === "symbol" && number === 1 ? stem : `${stem}-${number}`
    if (!taken.has(name)) return name
  }
}
