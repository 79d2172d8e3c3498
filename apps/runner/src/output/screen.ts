/**
 * A terminal that is drawn on in place, and given back however it ends: the cursor is shown again, the log goes where it went.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Logging from "../process/logging.ts"
import * as Standard from "./standard.ts"

const HIDE_CURSOR = "\u001B[?25l"
const SHOW_CURSOR = "\u001B[?25h"

/** How wide a table is where there is no terminal. */
export const WIDTH_ELSEWHERE = 160

/** A terminal that does not know its size says 0. */
export const width = (): number => (process.stdout.columns > 0 ? process.stdout.columns : 100)
export const height = (): number => (process.stdout.rows > 1 ? process.stdout.rows : 40)

/** Hides the cursor and hands on the log's lines, until that is given back, at the latest with the scope or the process. */
export const take = (say: (line: string) => void): Effect.Effect<() => void, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const restoreLog = process.stderr.isTTY ? Logging.redirect(say) : () => {}
      let isTaken = true
      const giveBack = () => {
        if (!isTaken) return
        isTaken = false
        process.off("exit", giveBack)
        restoreLog()
        Standard.write(SHOW_CURSOR)
      }
      process.once("exit", giveBack)
      Standard.write(HIDE_CURSOR)
      return giveBack
    }),
    (giveBack) => Effect.sync(giveBack)
  )

/** Draws over what was drawn before; what does not fit the terminal's height is left out. */
export const inPlace = () => {
  let drawn = 0
  return (text: string): boolean => {
    const lines = text.split("\n").slice(0, height() - 1)
    const up = drawn === 0 ? "" : `\u001B[${drawn}A`
    drawn = lines.length
    return Standard.write(`${up}\r${lines.map((line) => `${line}\u001B[K\n`).join("")}\u001B[J`)
  }
}

export const oneAfterAnother =
  () =>
  (text: string): boolean =>
    Standard.write(`${text}\n\n`)
