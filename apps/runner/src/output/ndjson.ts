/**
 * One JSON object a line. The lines of one turn of the event loop are one write; when the reader is behind, the handler
 * gives back an Effect that ends when it has caught up, so that core's bounded queues and their policies decide what
 * happens. Holds at most `BATCH_LENGTH` characters and one line of each venue beside what the stream itself holds.
 */
import * as Effect from "effect/Effect"
import type { Output } from "./Output.ts"
import * as Standard from "./standard.ts"

const BATCH_LENGTH = 65_536

export const make = (): Output => {
  let lines = ""
  let isScheduled = false
  let isBehind = false
  const flush = () => {
    isScheduled = false
    if (lines === "") return
    const text = lines
    lines = ""
    if (!Standard.write(text)) isBehind = true
  }
  const caughtUp = Effect.andThen(
    Standard.drained,
    Effect.sync(() => {
      isBehind = false
    })
  )
  return {
    handler: (event) => {
      lines += `${JSON.stringify(event)}\n`
      if (lines.length >= BATCH_LENGTH) flush()
      else if (!isScheduled) {
        isScheduled = true
        setImmediate(flush)
      }
      return isBehind ? caughtUp : undefined
    },
    end: Effect.andThen(Effect.sync(flush), Standard.flushed)
  }
}
