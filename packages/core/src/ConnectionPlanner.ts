/**
 * Which connection carries which subscription: a pure function of the subscriptions, the venue's limits and the wanted
 * isolation (S-A1, S-A2), extended from what is already carried so that a change moves nothing that stays.
 *
 * Guarantees: topics of different routes never share a connection; no connection carries more topics, or more of their
 * characters, than the venue allows; where one connection per symbol would be more than may be opened at a start, symbols are spread evenly over
 * what may, and a note says how many share one.
 */
import { startable } from "./DialBudget.ts"
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
  readonly limits: Pick<Limits, "topicsPerConnection" | "charactersPerConnection" | "connections" | "dials">
  /** Every route of the venue; where there is only one, connections are named without it. */
  readonly routes: ReadonlyArray<string>
  /** How many sockets each connection has, by redundancy; default 1. */
  readonly socketsPerConnection?: number
}

/** How many connections may be opened at a start, by the venue's limits. */
export const allowed = ({ limits, socketsPerConnection = 1 }: PlanOptions): number =>
  Math.floor(Math.min(startable(limits.dials.attempts), limits.connections ?? Infinity) / socketsPerConnection)

/** Lays out `wanted`, leaving on their connections those that `before` already carries. */
export const plan = (
  wanted: ReadonlyArray<Carried>,
  options: PlanOptions,
  before: ReadonlyArray<Planned> = []
): Plan => {
  const layout = new Layout(options, before, wanted)
  const notes = options.isolation === "shared" ? layout.pack() : layout.spread()
  return { connections: layout.connections(), notes }
}

interface Kept {
  readonly name: string
  readonly route: string
  readonly carried: Array<Carried>
  readonly symbols: Set<string>
}

/** What a connection is to carry as a whole: the topics of one symbol on one route. */
type Unit = ReadonlyArray<Carried>

/** How many connections a route may have, and whether that is one for each symbol. */
interface Target {
  readonly most: number
  readonly isolation: "symbol" | "shared"
}

class Layout {
  readonly #options: PlanOptions
  readonly #kept = new Map<string, Kept>()
  /** What no connection carries yet. */
  readonly #added: ReadonlyArray<Carried>

  constructor(options: PlanOptions, before: ReadonlyArray<Planned>, wanted: ReadonlyArray<Carried>) {
    this.#options = options
    const wantedKeys = new Set(wanted.map(key))
    for (const { carried, name, route } of before) {
      const still = carried.filter((each) => wantedKeys.has(key(each)))
      if (still.length > 0) this.#kept.set(name, keptOf(name, route, still))
    }
    const carriedKeys = new Set([...this.#kept.values()].flatMap(({ carried }) => carried.map(key)))
    this.#added = wanted.filter((each) => !carriedKeys.has(key(each)))
  }

  connections(): ReadonlyArray<Planned> {
    return [...this.#kept.values()].map(({ carried, name, route }) => ({ name, route, carried }))
  }

  /** As few connections as the venue's topics allow. */
  pack(): ReadonlyArray<string> {
    for (const each of this.#added) {
      const roomy = this.#on(each.topic.route).find((kept) => this.#hasRoom(kept.carried, [each]))
      if (roomy === undefined) this.#open([each], "shared")
      else put([each], roomy)
    }
    return this.#tooMany()
  }

  /** One connection a symbol and route, or as near to that as the limits allow. */
  spread(): ReadonlyArray<string> {
    const units = this.#units()
    const targets = this.#targets(units)
    for (const unit of units) {
      const { isolation, most } = targets.get(unit[0]!.topic.route)!
      const connections = this.#on(unit[0]!.topic.route)
      const roomy = connections.length < most ? [] : connections.filter((kept) => this.#hasRoom(kept.carried, unit))
      const emptiest = leastBy(roomy, (kept) => kept.symbols.size)
      if (emptiest === undefined) this.#open(unit, isolation)
      else put(unit, emptiest)
    }
    const symbols = Math.max(0, ...[...this.#kept.values()].map((kept) => kept.symbols.size))
    if (symbols <= 1) return this.#tooMany()
    return [`${this.#limit()}: up to ${symbols} symbols share a connection`, ...this.#tooMany()]
  }

  /** What joins its symbol's connection goes there; the rest by symbol and route, cut to what a connection carries. */
  #units(): ReadonlyArray<Unit> {
    const homeless = this.#added.filter((each) => {
      const { symbol } = each.subscription
      const home = this.#on(each.topic.route).find(
        (kept) => kept.symbols.has(symbol) && this.#hasRoom(kept.carried, [each])
      )
      if (home !== undefined) put([each], home)
      return home === undefined
    })
    const groups = Map.groupBy(homeless, ({ subscription, topic }) => `${topic.route} ${subscription.symbol}`)
    return [...groups.values()].flatMap((group) => {
      const units: Array<Array<Carried>> = []
      for (const each of group) {
        const last = units.at(-1)
        if (last !== undefined && this.#hasRoom(last, [each])) last.push(each)
        else units.push([each])
      }
      return units
    })
  }

  /** How many connections each route may have: what is allowed goes, one by one, to where most symbols share one. */
  #targets(units: ReadonlyArray<Unit>): ReadonlyMap<string, Target> {
    const byRoute = Map.groupBy(units, ([first]) => first!.topic.route)
    const shares = [...byRoute].map(([route, ofRoute]) => {
      const open = this.#on(route)
      const symbols = ofRoute.length + open.reduce((total, kept) => total + kept.symbols.size, 0)
      return { route, symbols, most: Math.max(1, open.length), wanted: open.length + ofRoute.length }
    })
    const others = [...this.#kept.values()].filter(({ route }) => !byRoute.has(route)).length
    let free = allowed(this.#options) - others - shares.reduce((total, { most }) => total + most, 0)
    for (; free > 0; free--) {
      const crowded = leastBy(
        shares.filter(({ most, wanted }) => most < wanted),
        ({ most, symbols }) => most / symbols
      )
      if (crowded === undefined) break
      crowded.most++
    }
    return new Map(
      shares.map(({ most, route, wanted }) => [route, { most, isolation: most < wanted ? "shared" : "symbol" }])
    )
  }

  /** A start then takes longer than the venue's window. */
  #tooMany(): ReadonlyArray<string> {
    const { size } = this.#kept
    return size <= allowed(this.#options) ? [] : [`${this.#limit()}: ${size} connections open one after another`]
  }

  #limit(): string {
    const sockets = this.#options.socketsPerConnection ?? 1
    const each = sockets === 1 ? "" : ` of ${sockets} sockets each`
    return `the venue allows ${allowed(this.#options)} connections${each} at a start`
  }

  #open(unit: Unit, isolation: "symbol" | "shared"): void {
    const { subscription, topic } = unit[0]!
    const route = this.#options.routes.length > 1 ? topic.route : undefined
    const own = route === undefined ? subscription.symbol : `${subscription.symbol}/${route}`
    const stem = isolation === "symbol" ? own : (route ?? "shared")
    for (let number = 1; ; number++) {
      const name = isolation === "symbol" && number === 1 ? stem : `${stem}-${number}`
      if (this.#kept.has(name)) continue
      this.#kept.set(name, keptOf(name, topic.route, unit))
      return
    }
  }

  #on(route: string): ReadonlyArray<Kept> {
    return [...this.#kept.values()].filter((kept) => kept.route === route)
  }

  #hasRoom(carried: ReadonlyArray<Carried>, more: Unit): boolean {
    const { charactersPerConnection = Infinity, topicsPerConnection } = this.#options.limits
    if (carried.length + more.length > topicsPerConnection) return false
    return charactersPerConnection === Infinity || charactersOf(carried) + charactersOf(more) <= charactersPerConnection
  }
}

const key = ({ subscription }: Carried): string => Subscription.key(subscription)

/** Each name stands in quotes and behind a comma. */
const charactersOf = (carried: Unit): number => carried.reduce((total, { topic }) => total + topic.name.length + 3, 0)

const keptOf = (name: string, route: string, carried: Unit): Kept => ({
  name,
  route,
  carried: [...carried],
  symbols: new Set(carried.map(({ subscription }) => subscription.symbol))
})

const put = (unit: Unit, { carried, symbols }: Kept): void => {
  for (const each of unit) {
    carried.push(each)
    symbols.add(each.subscription.symbol)
  }
}

/** The first of those for which it is least. */
const leastBy = <A>(items: ReadonlyArray<A>, size: (item: A) => number): A | undefined =>
  items.reduce<A | undefined>(
    (least, each) => (least === undefined || size(each) < size(least) ? each : least),
    undefined
  )
