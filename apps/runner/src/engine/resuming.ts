/** Takes a halt back in the journal of an engine that does not run. */
import { existsSync } from "node:fs"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as SqliteJournal from "../journal/SqliteJournal.ts"
import { Failed } from "../process/exit.ts"
import type { Answer } from "./controlMessages.ts"

export const inJournal = (path: string, reason: string): Effect.Effect<Answer, Failed, Scope.Scope> =>
  Effect.gen(function* () {
    if (!existsSync(path)) return yield* new Failed({ message: `there is no journal ${path}` })
    const journal = yield* Effect.mapError(SqliteJournal.open(path), ({ message }) => new Failed({ message }))
    const last = [...journal.read()].findLast(({ _tag }) => _tag === "Halt" || _tag === "Resume")
    if (last?._tag !== "Halt") {
      return { isDone: true, message: "trading was not halted, and no engine runs", open: [] }
    }
    journal.write({ _tag: "Resume", time: yield* Clock.currentTimeMillis, reason })
    const message = `the next engine may trade again; it was halted: ${last.reason}`
    return { isDone: true, message, open: [] }
  })
