/** What the engine and its strategies have to say to people, as lines of the log. */
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import type * as Scope from "effect/Scope"
import type { Hearing } from "./compose.ts"

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
  return {
    tell: ({ _tag, fields, level, message, venue }) =>
      say(level, message, { notice: _tag, ...(venue !== undefined && { venue }), ...fields }),
    log: ({ fields, level, message, strategy }) => say(level, message, { strategy, ...fields })
  }
})
