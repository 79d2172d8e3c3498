/** What the engine and its strategies have to say to people, as lines of the log, and for whoever listens. */
import type { EngineSetup, Notice } from "@tidewire/engine"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import type * as Scope from "effect/Scope"

export interface Hearing {
  readonly tell: (notice: Notice.Notice) => void
  readonly log: (line: EngineSetup.LogLine) => void
  /** Hears of every notice until it is taken back. */
  readonly listen: (listener: (notice: Notice.Notice) => void) => () => void
}

const logs = {
  debug: Effect.logDebug,
  info: Effect.logInfo,
  warn: Effect.logWarning,
  error: Effect.logError
} as const

export const make: Effect.Effect<Hearing, never, Scope.Scope> = Effect.gen(function* () {
  const run = yield* FiberSet.makeRuntime<never, void>()
  const say = (level: keyof typeof logs, message: string, fields: Readonly<Record<string, unknown>>) =>
    void run(Effect.annotateLogs(logs[level](message), fields))
  const listeners = new Set<(notice: Notice.Notice) => void>()
  return {
    tell: (notice) => {
      const { _tag, fields, level, message, venue } = notice
      say(level, message, { notice: _tag, ...(venue !== undefined && { venue }), ...fields })
      for (const listener of listeners) listener(notice)
    },
    log: ({ fields, level, message, strategy }) => say(level, message, { strategy, ...fields }),
    listen: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    }
  }
})
