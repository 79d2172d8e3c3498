/**
 * The output of an engine: whoever reads it must not hold up what trades.
 *
 * Guarantees: the handler returns at once, however slow the reader is. While it is behind, events of markets are left out and
 * counted, those of accounts and strategies are still written, `MOST_KEPT` of them at most; what was left out is logged.
 */
import type { Engine } from "@tidewire/engine"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import type * as Scope from "effect/Scope"
import { isOfMarket } from "./isOfMarket.ts"
import type { Handler, Told } from "./Output.ts"

const MOST_KEPT = 10_000

/** Hears of everything that the engine tells. */
export const listen = (engine: Engine.Engine, handler: Handler): Effect.Effect<void, never, Scope.Scope> =>
  Effect.map(unhurried(handler), (take) => void engine.bus.onAny(take, "output"))

export const unhurried = (handler: Handler): Effect.Effect<(event: Told) => void, never, Scope.Scope> =>
  Effect.gen(function* () {
    const run = yield* FiberSet.makeRuntime<never, void>()
    let isBehind = false
    let kept = 0
    let left = 0
    const caughtUp = Effect.suspend(() => {
      const count = left
      isBehind = false
      kept = 0
      left = 0
      return count === 0
        ? Effect.void
        : Effect.logWarning(`the output was not read in time: ${count} events are not in it`)
    })
    return (event) => {
      if (isBehind && (isOfMarket(event) || kept >= MOST_KEPT)) {
        left++
        return
      }
      if (isBehind) kept++
      const waiting = handler(event)
      if (waiting === undefined) return
      if (isBehind) run(waiting as Effect.Effect<void>)
      else {
        isBehind = true
        run(Effect.andThen(waiting as Effect.Effect<void>, caughtUp))
      }
    }
  })
