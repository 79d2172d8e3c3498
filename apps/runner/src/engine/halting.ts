/**
 * Halting and resuming an engine for an operator, with an account of it.
 *
 * Guarantees: the halt itself is at once; the answer comes when every venue has said, after the cancels, that nothing is open, or
 * says which has not. The engine goes on trying after that.
 */
import type { Engine } from "@tidewire/engine"
import * as Effect from "effect/Effect"
import type { Composition } from "./compose.ts"
import type { Answer, Request } from "./controlMessages.ts"

export const carryOut = (composition: Composition, request: Request): Effect.Effect<Answer> =>
  Effect.andThen(
    Effect.annotateLogs(Effect.logWarning(`an operator asks to ${request.command}`), { reason: request.reason }),
    request.command === "kill" ? kill(composition, request) : resume(composition.engine, request.reason)
  )

const kill = ({ engine, hearing, traded }: Composition, { reason, withinMs }: Request): Effect.Effect<Answer> =>
  Effect.suspend(() => {
    const before = engine.desk.halted()
    if (before !== undefined) return halted(engine, before, withinMs)
    const count = engine.desk.open().length
    const waiting = new Set(traded)
    const verified = Effect.callback<void>((resumeWith) => {
      const listener: Parameters<typeof hearing.listen>[0] = ({ _tag, venue }) => {
        if (_tag === "HaltComplete" && venue !== undefined) waiting.delete(venue)
        if (waiting.size === 0) resumeWith(Effect.void)
      }
      const unlisten = hearing.listen(listener)
      engine.desk.halt(reason)
      return Effect.sync(unlisten)
    })
    return Effect.map(Effect.timeoutOption(verified, withinMs), (): Answer => {
      const names = [...waiting].join(", ")
      const message =
        waiting.size === 0
          ? `trading is halted; open orders were ${count}; that none is open any more says ${traded.join(", ")}`
          : `trading is halted, but it is not sure that nothing is open on ${names}: the engine goes on cancelling, look at the venue`
      return { isDone: waiting.size === 0, message, open: openOf(engine) }
    })
  })

/** Whoever halted it has everything cancelled. */
const halted = (engine: Engine.Engine, reason: string, withinMs: number): Effect.Effect<Answer> =>
  Effect.map(Effect.timeoutOption(engine.desk.settled(), withinMs), () => {
    const open = openOf(engine)
    const message = `trading was halted already: ${reason}; ${open.length === 0 ? "no order is" : `${orders(open.length)} may be`} open`
    return { isDone: open.length === 0, message, open }
  })

const resume = (engine: Engine.Engine, reason: string): Effect.Effect<Answer> =>
  Effect.sync(() => {
    const before = engine.desk.halted()
    if (before === undefined) return { isDone: true, message: "trading was not halted", open: [] }
    engine.desk.resume(reason)
    const after = engine.desk.halted()
    return after === undefined
      ? { isDone: true, message: `trading is allowed again; it was halted: ${before}`, open: [] }
      : { isDone: false, message: `trading is still halted: ${after}`, open: openOf(engine) }
  })

const openOf = (engine: Engine.Engine): ReadonlyArray<string> =>
  engine.desk.open().map(({ clientOrderId, symbol, venue }) => `${venue} ${symbol} ${clientOrderId}`)

const orders = (count: number): string => (count === 1 ? "1 order" : `${count} orders`)
