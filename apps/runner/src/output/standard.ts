/**
 * Standard output. Writes tell whether the reader keeps up, a reader that is gone is not an error, and nothing waits
 * without an end: a reader that takes nothing is given `PATIENCE_MS`, one that is slower than a burst `MOST_WAITING`.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"

/** What may wait for a reader that goes on reading, in bytes: a burst of minutes of a busy market. */
const MOST_WAITING = 64 * 1024 * 1024

/** What may wait for a reader that has stopped, in bytes. */
const LEAST_WAITING = 1024 * 1024

/** A reader that took nothing for so long has stopped. */
const PATIENCE_MS = 5_000

/** Completes when the reader of standard output has gone away (`| head -1`). */
export const closed: Deferred.Deferred<void> = Deferred.makeUnsafe()

let isOpen = true
let lastTakenMs = 0
let caughtUp: Array<() => void> = []

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (!isOpen) return
  isOpen = false
  // whatever the reason, there is nobody left to tell anything to
  Deferred.doneUnsafe(closed, Effect.void)
  if (error.code !== "EPIPE") process.stderr.write(`standard output: ${error.message}\n`)
  tellCaughtUp()
})

/** Writes at once; false when the reader is too far behind and `drained` is to be waited for. */
export const write = (text: string): boolean => {
  if (!isOpen) return true
  if (process.stdout.writableLength === 0) lastTakenMs = performance.now()
  process.stdout.write(text, taken)
  return !isBehind()
}

/** Bytes that wait for the reader. */
export const waiting = (): number => (isOpen ? process.stdout.writableLength : 0)

/** Waits until the reader has caught up by half of what may wait, or has gone. */
export const drained: Effect.Effect<void> = Effect.callback<void>((resume) => {
  if (!isOpen || process.stdout.writableLength < LEAST_WAITING) return resume(Effect.void)
  const done = (): void => resume(Effect.void)
  caughtUp.push(done)
  return Effect.sync(() => (caughtUp = caughtUp.filter((each) => each !== done)))
})

const isBehind = (): boolean => {
  const bytes = waiting()
  return bytes > MOST_WAITING || (bytes > LEAST_WAITING && performance.now() - lastTakenMs > PATIENCE_MS)
}

const taken = (): void => {
  lastTakenMs = performance.now()
  if (process.stdout.writableLength < MOST_WAITING / 2) tellCaughtUp()
}

const tellCaughtUp = (): void => {
  const all = caughtUp
  caughtUp = []
  for (const done of all) done()
}

/** Waits until everything written has left, or the reader has gone. */
export const flushed: Effect.Effect<void> = Effect.callback<void>((resume) => {
  if (!isOpen) {
    resume(Effect.void)
    return
  }
  process.stdout.write("", () => resume(Effect.void))
})

/** One text and a line's end, all the way out. */
export const print = (text: string): Effect.Effect<void> =>
  Effect.andThen(
    Effect.sync(() => write(`${text}\n`)),
    flushed
  )
