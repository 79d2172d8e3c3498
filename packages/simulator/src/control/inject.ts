/**
 * Puts a fault in force, or carries it out at once when it acts on what is open now. Guarantees that faults of open
 * connections choose them by their filter at this moment, oldest first, `after` left out and `count` at most.
 */
import { type Fault, type FaultOf, type Immediate, isImmediate } from "../faults/Fault.ts"
import { type FaultRegistry, glob, matches } from "../faults/FaultRegistry.ts"
import type { MarketKind } from "../market/definition.ts"
import type { Venue } from "../market/venue.ts"
import type { Snapshots } from "../rest/snapshots.ts"
import type { Connection } from "../socket/Connection.ts"

export interface Injected {
  readonly id: number
  /** The open connections that it acted on or is bound to. */
  readonly connections: ReadonlyArray<number>
}

export interface InjectContext {
  readonly venues: Readonly<Record<MarketKind, Venue>>
  readonly registry: FaultRegistry
  readonly snapshots: Snapshots
  readonly connections: ReadonlySet<Connection>
}

const act = (fault: FaultOf<Exclude<Immediate, "restart">>, connection: Connection): void => {
  switch (fault.kind) {
    case "kill":
      return connection.reset()
    case "close":
      return connection.close(fault.code ?? 1000, fault.reason ?? "")
    case "shutdownNotice":
      connection.notifyShutdown(fault.shape)
      if (fault.closeAfterMs !== undefined) connection.closeAfter(fault.closeAfterMs, 1001, "")
      return
    case "listenKeyExpired":
      return connection.notifyListenKeyExpired()
  }
}

/** What is left of a fault that has chosen its connections: on a silent or stalled one everything is meant. */
const chosen = (fault: FaultOf<"silence" | "silentStream" | "slowReader">): Fault => {
  const { after: _, count: __, ...state } = fault
  if (state.kind === "silentStream") return state
  const { filter: ___, ...whole } = state
  return whole
}

/** Remembers the books that stale answers will show. */
const keepBooks = ({ snapshots, venues }: InjectContext, id: number, { filter }: Fault): void => {
  const { market, symbol } = filter ?? {}
  const meant = Object.values(venues).filter(({ kind }) => market === undefined || kind === market)
  snapshots.keep(
    id,
    meant.flatMap((venue) => (symbol === undefined ? [...venue.born.values()] : (venue.market(symbol) ?? [])))
  )
}

/** The service of a venue begins anew; the depths are those that somebody has asked for. */
const restart = ({ venues }: InjectContext, { filter = {} }: Fault): void => {
  for (const { born, kind } of Object.values(venues)) {
    if (filter.market !== undefined && kind !== filter.market) continue
    for (const [symbol, market] of born) {
      if (filter.symbol !== undefined && symbol !== filter.symbol) continue
      for (const chain of market.chains.values()) {
        const stream = `orderbook.${chain.levels}.${symbol}`
        if (filter.stream === undefined || glob(filter.stream, stream)) chain.restart()
      }
    }
  }
}

export const inject = (context: InjectContext, fault: Fault): Injected => {
  const { registry } = context
  const { after = 0, count = Infinity, filter = {} } = fault
  const hit = [...context.connections].filter(({ target }) => matches(filter, target)).slice(after, after + count)
  const connections = hit.map(({ id }) => id)
  if (isImmediate(fault)) {
    if (fault.kind === "restart") restart(context, fault)
    else for (const connection of hit) act(fault, connection)
    return { id: registry.takeId(), connections }
  }
  switch (fault.kind) {
    case "silence":
    case "silentStream":
    case "slowReader": {
      // The filter of one that also meets new connections is asked again each time.
      const entry = fault.newConnections === true ? registry.add(fault) : registry.add(chosen(fault), connections)
      if (fault.kind === "slowReader") entry.undo.push(...hit.map((connection) => connection.stall()))
      return { id: entry.id, connections }
    }
    case "staleSnapshot": {
      const { id } = registry.add(fault)
      keepBooks(context, id, fault)
      return { id, connections: [] }
    }
    default:
      return { id: registry.add(fault).id, connections }
  }
}
