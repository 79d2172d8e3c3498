/** On a terminal: which checks are still being made, in one line of standard error that is gone in the end. Elsewhere nothing. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Progress } from "./Checks.ts"

const CLEAR = "\r\u001B[K"

/** More names than these do not fit. */
const NAMED = 3

/** Ends with the scope. */
export const make: Effect.Effect<Progress, never, Scope.Scope> = Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => process.stderr.isTTY),
    (isTerminal) => Effect.sync(() => void (isTerminal && process.stderr.write(CLEAR)))
  ),
  (isTerminal) => {
    const running = new Set<string>()
    let done = 0
    const draw = () => {
      if (!isTerminal) return
      const names = [...running].slice(0, NAMED).join(", ")
      const more = running.size > NAMED ? ` and ${running.size - NAMED} more` : ""
      const line = `${done} checks made; ${names}${more}`.slice(0, Math.max(20, (process.stderr.columns || 80) - 1))
      process.stderr.write(running.size === 0 ? CLEAR : `${CLEAR}${line}`)
    }
    return {
      begun: (name) => {
        running.add(name)
        draw()
      },
      ended: (name) => {
        running.delete(name)
        done++
        draw()
      }
    }
  }
)
