/**
 * The live table: on a terminal redrawn in place four times a second, with the log's last lines below it; elsewhere the
 * whole of it once a second, without control characters. However it ends, the cursor comes back.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import * as Logging from "../process/logging.ts"
import type { Engine } from "@tidewire/engine"
import type { VenueStatus } from "../Runner.ts"
import { Board } from "./Board.ts"
import type { Output } from "./Output.ts"
import { render } from "./render.ts"
import * as Standard from "./standard.ts"
import { isOfAccounts, TradingBoard } from "./TradingBoard.ts"

const HIDE_CURSOR = "\u001B[?25l"
const SHOW_CURSOR = "\u001B[?25h"

/** How wide the table is where there is no terminal. */
const WIDTH_ELSEWHERE = 160

/** A terminal that does not know its width says 0. */
const terminalWidth = (): number => (process.stdout.columns > 0 ? process.stdout.columns : 100)
const terminalHeight = (): number => (process.stdout.rows > 1 ? process.stdout.rows : 40)

/** Ends when the scope does. `venues` tells how the venues are, once they run, `engine` how the engine is, where there is one. */
export const make = Effect.fnUntraced(function* (
  venues: () => ReadonlyArray<VenueStatus>,
  engine?: () => Engine.EngineStatus
): Effect.fn.Return<Output, never, Scope.Scope> {
  const isTerminal = process.stdout.isTTY
  const board = new Board(yield* Clock.currentTimeMillis)
  const trading = new TradingBoard()
  const screen = isTerminal ? inPlace() : oneAfterAnother()
  const draw = Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const model = board.model(now, venues())
    const whole = engine === undefined ? model : { ...model, trading: trading.model(engine()) }
    const text = render(whole, isTerminal ? terminalWidth() : WIDTH_ELSEWHERE)
    return screen(text) ? Effect.void : Standard.drained
  })
  const giveBack = isTerminal ? yield* takeTerminal(board) : () => {}
  const drawing = yield* Effect.forkScoped(Effect.forever(Effect.delay(draw, isTerminal ? 250 : 1_000)))
  return {
    handler: (event) => (isOfAccounts(event) ? trading.take(event) : board.take(event)),
    end: Fiber.interrupt(drawing).pipe(
      Effect.andThen(draw),
      Effect.andThen(Effect.sync(giveBack)),
      Effect.andThen(Standard.flushed)
    )
  }
})

/** Hides the cursor and takes the log's lines, until they are given back, at the latest with the scope or the process. */
const takeTerminal = (board: Board) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const restoreLog = process.stderr.isTTY ? Logging.redirect((line) => board.say(line)) : () => {}
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
const inPlace = () => {
  let height = 0
  return (text: string): boolean => {
    const lines = text.split("\n").slice(0, terminalHeight() - 1)
    const up = height === 0 ? "" : `\u001B[${height}A`
    height = lines.length
    return Standard.write(`${up}\r${lines.map((line) => `${line}\u001B[K\n`).join("")}\u001B[J`)
  }
}

const oneAfterAnother =
  () =>
  (text: string): boolean =>
    Standard.write(`${text}\n\n`)
