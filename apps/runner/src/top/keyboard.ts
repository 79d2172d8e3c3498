/** Keys of a terminal one by one, as they are pressed, until the scope ends; the terminal is as it was afterwards. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { keys } from "./View.ts"

/** A sequence of a key that is none of a letter, or one character. */
const KEY = new RegExp(`${keys.escape}\\[[0-9;]*[A-Za-z~]|[\\s\\S]`, "gu")

/** The keys in what a terminal sends at once. */
export const keysOf = (text: string): ReadonlyArray<string> => text.match(KEY) ?? []

export const listen = (take: (key: string) => void): Effect.Effect<void, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const { stdin } = process
      const heard = (data: Buffer) => keysOf(data.toString()).forEach(take)
      if (!stdin.isTTY) return () => {}
      stdin.setRawMode(true).resume().on("data", heard)
      const giveBack = () => {
        process.off("exit", giveBack)
        stdin.off("data", heard).setRawMode(false).pause()
      }
      process.once("exit", giveBack)
      return giveBack
    }),
    (giveBack) => Effect.sync(giveBack)
  )
