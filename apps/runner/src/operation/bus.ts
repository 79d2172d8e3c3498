/** What a session's operation hears: the engine's bus, or one of its own that is told of what is delivered. */
import { EventBus } from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import type * as Scope from "effect/Scope"
import type { Composition } from "../engine/compose.ts"
import type { Handler, Told } from "../output/Output.ts"

type BusOf = (trading: Composition | undefined) => Effect.Effect<EventBus.EventBus<Told>, never, Scope.Scope>

export const busOf: BusOf = Effect.fnUntraced(function* (trading) {
  if (trading !== undefined) return trading.engine.bus
  const run = yield* FiberSet.makeRuntime<never, void>()
  const bus = new EventBus.EventBus<Told>({
    onFailure: ({ error, handler, isRemoved }) =>
      void run(
        Effect.annotateLogs(Effect.logError(`a listener failed${isRemoved ? " and hears no more" : ""}`), {
          listener: handler,
          reason: error instanceof Error ? error.message : String(error)
        })
      )
  })
  yield* bus.timers()
  return bus as EventBus.EventBus<Told>
})

/** Tells the bus first, then the output, which may take its time. */
export const telling =
  (bus: EventBus.EventBus<Told>, handler: Handler): Handler =>
  (event) => {
    bus.publish(event)
    return handler(event)
  }
