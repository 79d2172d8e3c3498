/**
 * Judges a client of the simulator: its events go in as they arrive and are held against what happened on the exchange.
 *
 * Guarantees: what is delivered is compared with the market itself, not with what the client was sent, so that a loss
 * anywhere on the way is seen; nothing is compared with what the simulator no longer keeps, and how much that was is
 * reported; memory is bounded, however long it runs. One client a market, in the simulator's process.
 *
 * The simulator must keep changes of its books (`keepBookChanges`) for books and quotes to be compared. `finish` wants a
 * calm end: faults cleared, everything connected again, some trading since, then none (rates 0) until all has arrived.
 */
import type { MarketKind } from "../market/definition.ts"
import type { Simulator } from "../Simulator.ts"
import type { Connection } from "../socket/Connection.ts"
import type { ClientEvent } from "./ClientEvent.ts"
import { ConnectionsCheck, type PlannedConnection } from "./ConnectionsCheck.ts"
import { HeapSamples } from "./heap.ts"
import { complainer, Findings, type Report } from "./Report.ts"
import { RunningTime } from "./RunningTime.ts"
import { SymbolChecks } from "./SymbolChecks.ts"

export type { ClientEvent } from "./ClientEvent.ts"
export type { PlannedConnection } from "./ConnectionsCheck.ts"
export type { Accounted, HeapReport, Report, Violation, ViolationKind } from "./Report.ts"

export interface OracleVenue {
  readonly market: MarketKind
  /** What the client means to connect to, and so what it subscribes. */
  readonly plan: ReadonlyArray<PlannedConnection>
}

export interface OracleOptions {
  /** By the name that events carry. */
  readonly venues: Readonly<Record<string, OracleVenue>>
  /** How long a client may take to see that a socket was closed, while the process runs. Default 1500. */
  readonly graceMs?: number
  /** How long it may take to see that nothing is sent any more. Default 30 000. */
  readonly detectWithinMs?: number
  /** How far the heap may grow. Default: without bound. */
  readonly heapGrowthBytes?: number
}

/** What the client counted itself. */
export interface Counts {
  readonly received: number
  readonly delivered: number
  readonly conflated: number
  readonly dropped: number
  readonly waiting: number
}

export interface Ending {
  /** Epoch milliseconds. */
  readonly atMs: number
  /** By venue. */
  readonly counts?: Readonly<Record<string, Counts>>
}

export interface Oracle {
  readonly accept: (event: ClientEvent) => void
  /** Bytes in use after a collection. */
  readonly heap: (bytes: number) => void
  /** As it stands, while it runs. */
  readonly peek: () => Report
  /** Closes the account; nothing is accepted any more. */
  readonly finish: (ending: Ending) => Report
}

interface VenueChecks {
  readonly market: MarketKind
  readonly connections: ConnectionsCheck
  readonly symbols: ReadonlyMap<string, SymbolChecks>
  accepted: number
  /** Gaps of a full queue, some of which a client counts and some not. */
  overflows: number
}

export const make = (simulator: Pick<Simulator, "truth">, options: OracleOptions): Oracle => {
  const { truth } = simulator
  const findings = new Findings()
  const heap = new HeapSamples()
  const rules = { graceMs: options.graceMs ?? 1_500, detectWithinMs: options.detectWithinMs ?? 30_000 }
  const running = new RunningTime(truth, () => {
    for (const { connections } of venues.values()) connections.check()
  })
  const venues = new Map(
    Object.entries(options.venues).map(([venue, { market, plan }]): [string, VenueChecks] => {
      const channels = Map.groupBy(
        plan.flatMap(({ subscriptions }) => subscriptions),
        ({ symbol }) => symbol
      )
      const symbols = new Map<string, SymbolChecks>()
      for (const [symbol, asked] of channels) {
        const found = truth.market(market, symbol)
        if (found === undefined) throw new RangeError(`${symbol} is not traded on ${market}`)
        const names = asked.map(({ channel }) => channel)
        symbols.set(symbol, new SymbolChecks(venue, found, names, { ...rules, skews: truth.skews, truth }, findings))
      }
      const connections = new ConnectionsCheck(venue, market, plan, truth, findings, rules, () => running.ran)
      return [venue, { market, connections, symbols, accepted: 0, overflows: 0 }]
    })
  )
  const complain = (venue: string) => complainer(findings, { venue, symbol: "", channel: "" })

  const onEnd = (ended: Connection): void => {
    const { market } = ended.path
    const others = [...truth.connections].filter(({ path }) => path.market === market)
    for (const checks of venues.values()) {
      if (checks.market !== market) continue
      for (const stream of ended.target.streams) {
        if (others.some(({ target }) => target.streams.includes(stream))) continue
        for (const { channel, symbol } of truth.channels(market).unnumbered(stream)) {
          checks.symbols.get(symbol)?.interrupted(channel, truth.now())
        }
      }
      checks.connections.check()
    }
  }
  const unwatch = truth.watchEnds(onEnd)

  const accept = (event: ClientEvent): void => {
    findings.accounted.events++
    const checks = venues.get(event.venue)
    if (checks === undefined) return complain(event.venue)("unknown", "an unknown venue", event.receivedTime)
    checks.accepted++
    if (event.type === "connection") return checks.connections.accept(event)
    if (event.type === "gap" && event.reason === "overflow") checks.overflows++
    const symbol = checks.symbols.get(event.symbol)
    if (symbol === undefined) complain(event.venue)("unknown", `symbol ${event.symbol}`, event.receivedTime)
    else symbol.accept(event)
  }

  const report = (): Report => ({
    violations: findings.violations.slice(),
    violationCount: findings.count,
    accounted: { ...findings.accounted },
    heap: heap.report()
  })

  const checkCounts = (venue: string, counts: Counts, atMs: number): void => {
    const { conflated, delivered, dropped, received, waiting } = counts
    const { accepted, overflows } = venues.get(venue) ?? { accepted: 0, overflows: 0 }
    if (received !== delivered + conflated + dropped + waiting) complain(venue)("counts", JSON.stringify(counts), atMs)
    if (delivered > accepted || delivered < accepted - overflows) {
      complain(venue)("counts", `${delivered} delivered, ${accepted} arrived, ${overflows} overflows`, atMs)
    }
  }

  const finish = ({ atMs, counts = {} }: Ending): Report => {
    unwatch()
    running.stop()
    for (const { connections, symbols } of venues.values()) {
      connections.finish(atMs)
      for (const symbol of symbols.values()) symbol.finish(atMs)
    }
    for (const [venue, each] of Object.entries(counts)) checkCounts(venue, each, atMs)
    const grown = heap.report()?.growthBytes ?? 0
    if (grown > (options.heapGrowthBytes ?? Infinity)) complain("")("memory", `the heap grew by ${grown} bytes`, atMs)
    return report()
  }

  return { accept, heap: (bytes) => heap.add(bytes), peek: report, finish }
}
