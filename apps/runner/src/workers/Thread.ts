/**
 * One worker thread, from the side of the main thread: it lives as long as the scope it was begun in.
 *
 * Guarantees: `ended` completes once, with why it ended by itself, whatever that was; a thread that says nothing for as
 * long as it is told to is ended, though it may only be at work without end.
 */
import { extname } from "node:path"
import { Worker } from "node:worker_threads"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { FromWorker, Order, ToWorker } from "./messages.ts"

export interface Thread {
  readonly post: (message: ToWorker) => void
  readonly ended: Effect.Effect<string>
}

/** Begins where the runtime can tell it from TypeScript: built or not, it stands beside this file. */
const program = new URL(`./worker${extname(import.meta.url)}`, import.meta.url)

/** A worker gives its account every second. */
const LOOK_EVERY = "5 seconds"

/** Looks in a row at which nothing had come: while it starts, and later. */
const SILENT_LOOKS = 6

export const make = (
  order: Order,
  onMessage: (message: FromWorker) => void
): Effect.Effect<Thread, never, Scope.Scope> =>
  Effect.gen(function* () {
    const ended = Deferred.makeUnsafe<string>()
    const end = (reason: string): void => void Deferred.doneUnsafe(ended, Effect.succeed(reason))
    let looks = 0
    let isOver = false
    const worker = yield* Effect.acquireRelease(
      Effect.sync(() => {
        const made = new Worker(program, { workerData: order, name: "tidewire" })
        made.on("message", (message: FromWorker) => {
          looks = 0
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
    // counted between turns of the event loop, so that a main thread that was busy itself finds what has come meanwhile
    const watch = Effect.sync(() => {
      if (++looks > SILENT_LOOKS) end("it was silent for half a minute")
    }).pipe(Effect.delay(LOOK_EVERY), Effect.forever)
    yield* Effect.forkScoped(watch)
    return {
      post: (message) => {
        if (!isOver) worker.postMessage(message)
      },
      ended: Deferred.await(ended)
    }
  })
