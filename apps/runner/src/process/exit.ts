/**
 * How the process ends: 0 done, 1 failed, 2 bad usage or configuration, 130 a forced stop. An outcome is told once, on
 * standard error: a configuration's problems as text, a failure as a log record, what the parser of the command line
 * found by the parser itself.
 */
import * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { BadConfiguration } from "../configuration/Problem.ts"

/** The command could not do what it was asked to. `context` is logged beside the message. */
export class Failed extends Data.TaggedError("Failed")<{
  readonly message: string
  readonly context?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}> {}

export const DONE = 0
export const FAILED = 1
export const BAD_USAGE = 2
export const FORCED = 130

/** Runs to an exit code, telling what went wrong. */
export const toCode = <E, R>(main: Effect.Effect<unknown, E, R>): Effect.Effect<number, never, R> =>
  Effect.flatMap(Effect.exit(main), (exit) => (Exit.isSuccess(exit) ? Effect.succeed(DONE) : tell(exit.cause)))

const tell = (cause: Cause.Cause<unknown>): Effect.Effect<number> => {
  const error = Cause.squash(cause)
  if (error instanceof BadConfiguration) {
    return Effect.sync(() => {
      process.stderr.write(`${error.message}\n`)
      return BAD_USAGE
    })
  }
  if (error instanceof Failed) {
    return Effect.logError(error.message).pipe(Effect.annotateLogs(error.context ?? {}), Effect.as(FAILED))
  }
  // the presenter of the command line has told it
  if (isShowHelp(error)) return Effect.succeed(BAD_USAGE)
  return Effect.as(Effect.logError("the command failed", cause), FAILED)
}

const isShowHelp = (error: unknown): boolean =>
  typeof error === "object" && error !== null && "_tag" in error && error._tag === "ShowHelp"
