/**
 * One worker thread, from the side of the main thread: it lives as long as the scope it was begun in.
 *
 * Guarantees: `ended` completes with why it ended by itself, whatever that was, or when it says nothing any more; nothing
 * of what it says is handed on after the scope.
 */
import { extname } from "node:path"
import { Worker } from "node:worker_threads"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { FromWorker, Order, ToWorker } from "./messages.ts"
import * as Silence from "./silence.ts"

export interface Thread {
  readonly post: (message: ToWorker) => void
  /** Calls it ended. */
  readonly end: (reason: string) => void
  readonly ended: Effect.Effect<string>
}

/** Begins where the runtime can tell it from TypeScript: built or not, it stands beside this file. */
const program = new URL(`./worker${extname(import.meta.url)}`, import.meta.url)

export const make = (
  order: Order,
  onMessage: (message: FromWorker) => void
): Effect.Effect<Thread, never, Scope.Scope> =>
  Effect.gen(function* () {
    const ended = Deferred.makeUnsafe<string>()
    const end = (reason: string): void => void Deferred.doneUnsafe(ended, Effect.succeed(reason))
    const silence = Silence.make()
    let isOver = false
    const worker = yield* Effect.acquireRelease(
      Effect.sync(() => {
        const made = new Worker(program, { workerData: order, name: "tidewire" })
        made.on("message", (message: FromWorker) => {
          silence.heard()
          if (!isOver) onMessage(message)
        })
        made.on("error", (error: unknown) =>
          end(error instanceof Error ? `${error.name}: ${error.message}` : String(error))
        )
        made.on("exit", (code) => end(`it ended with ${code}`))
        return made
      }),
      (made) =>
        Effect.andThen(
          Effect.sync(() => (isOver = true)),
          Effect.promise(() => made.terminate())
        )
    )
    return {
      post: (message) => {
        if (!isOver) worker.postMessage(message)
      },
      end,
      ended: Effect.raceFirst(Deferred.await(ended), silence.untilSilent)
    }
  })
