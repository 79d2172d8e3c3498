/**
 * An engine while its session runs: started with the streams, followed in the log, stopped before them.
 *
 * Guarantees: a stop first ends the strategies, then cancels what they do not leave, and waits for the venue's word on each
 * order until its deadline; an order that may be open after that, and a strategy that failed, make the session fail.
 */
import type { Engine } from "@tidewire/engine"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import type * as Scope from "effect/Scope"
import { amounts } from "../output/TradingBoard.ts"
import { Failed } from "../process/exit.ts"
import type { Composition } from "./compose.ts"

/**
 * Accounts on paper are there at once and their market is not, so the engine is first; accounts of venues take as long as the
 * streams, and are opened beside them.
 */
export const started = <E>({ deployment, engine, traded }: Composition, streams: Effect.Effect<void, E>) => {
  const { mode, strategies } = deployment
  const told = Effect.logInfo(mode === "live" ? "trading live, with real money" : "trading on paper").pipe(
    Effect.annotateLogs({ venues: traded.join(", "), strategies: strategies.map(({ name }) => name).join(", ") })
  )
  return Effect.andThen(
    told,
    mode === "paper"
      ? Effect.andThen(engine.start, streams)
      : Effect.all([streams, engine.start], { concurrency: "unbounded", discard: true })
  )
}

/** Logs when a venue begins and ceases to be traded on. */
export const follow = ({ engine, traded }: Composition): Effect.Effect<void, never, Scope.Scope> =>
  Effect.gen(function* () {
    const run = yield* FiberSet.makeRuntime<never, void>()
    const known = new Map<string, string | undefined>()
    const look = (venue: string) => {
      const closed = engine.desk.closed(venue)?.message
      if (known.has(venue) && known.get(venue) === closed) return
      const isFirst = !known.has(venue)
      known.set(venue, closed)
      if (closed !== undefined) run(Effect.annotateLogs(Effect.logWarning(`not trading: ${closed}`), { venue }))
      else if (!isFirst) run(Effect.annotateLogs(Effect.logInfo("trading"), { venue }))
    }
    engine.bus.onTimer(() => traded.forEach(look), "follow")
  })

export const stopped = ({ engine }: Composition, deadline: Duration.Input): Effect.Effect<void, Failed> =>
  Effect.gen(function* () {
    const { left } = yield* engine.stop(deadline)
    const status = engine.status()
    yield* Effect.forEach(status.strategies, report, { discard: true })
    if (left.length > 0) {
      const names = left.map(({ clientOrderId, symbol, venue }) => `${venue} ${symbol} ${clientOrderId}`)
      return yield* new Failed({
        message: `${left.length} orders could not be cancelled in time and may be open: look at the venue`,
        context: { orders: names.slice(0, NAMED).join(", ") }
      })
    }
    const failed = status.strategies.filter(({ state }) => state === "failed")
    if (failed.length === 0) return
    const reasons = failed.map(({ failure = "", name }) => `${name}: ${failure}`)
    return yield* new Failed({ message: `strategies failed: ${reasons.join("; ")}` })
  })

/** As many orders as a line of the log names. */
const NAMED = 20

const report = ({ handled, name, pnl, state }: Engine.EngineStatus["strategies"][number]) =>
  Effect.annotateLogs(Effect.logInfo("strategy stopped"), {
    strategy: name,
    state,
    handled,
    fills: pnl.rows.reduce((sum, { fills }) => sum + fills, 0),
    realizedPnl: amounts(pnl.realizedPnl),
    fees: amounts(pnl.fees),
    netPnl: amounts(pnl.netPnl)
  })
