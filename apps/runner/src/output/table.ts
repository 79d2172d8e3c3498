/**
 * The live table: on a terminal redrawn in place four times a second, with the log's last lines below it; elsewhere the
 * whole of it once a second, without control characters. However it ends, the cursor comes back.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import type { Engine } from "@tidewire/engine"
import type { VenueStatus } from "../Runner.ts"
import { Board } from "./Board.ts"
import type { Output } from "./Output.ts"
import { render } from "./render.ts"
import * as Screen from "./screen.ts"
import * as Standard from "./standard.ts"
import { isOfAccounts, TradingBoard } from "./TradingBoard.ts"

/** Ends when the scope does. `venues` tells how the venues are, once they run, `engine` how the engine is, where there is one. */
export const make = Effect.fnUntraced(function* (
  venues: () => ReadonlyArray<VenueStatus>,
  engine?: () => Engine.EngineStatus
): Effect.fn.Return<Output, never, Scope.Scope> {
  const isTerminal = process.stdout.isTTY
  const board = new Board(yield* Clock.currentTimeMillis)
  const trading = new TradingBoard()
  const screen = isTerminal ? Screen.inPlace() : Screen.oneAfterAnother()
  const draw = Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const model = board.model(now, venues())
    const whole = engine === undefined ? model : { ...model, trading: trading.model(engine()) }
    const text = render(whole, isTerminal ? Screen.width() : Screen.WIDTH_ELSEWHERE)
    return screen(text) ? Effect.void : Standard.drained
  })
  const giveBack = isTerminal ? yield* Screen.take((line) => board.say(line)) : () => {}
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
