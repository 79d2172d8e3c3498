/**
 * The table of an instance on a terminal, asked for anew all the time until whoever looks has seen enough. Goes on while the
 * instance cannot be reached, showing what was last known and since when, and ends where asking again is of no use.
 */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { age } from "../output/render.ts"
import * as Screen from "../output/screen.ts"
import * as Standard from "../output/standard.ts"
import * as Keyboard from "./keyboard.ts"
import { render } from "./render.ts"
import * as Snapshot from "./Snapshot.ts"
import { chosen } from "./streamRows.ts"
import * as View from "./View.ts"

export const run = (target: Snapshot.Target, every: Duration.Duration) =>
  Effect.scoped(
    Effect.gen(function* () {
      const clock = yield* Clock.Clock
      const draw = Screen.inPlace()
      const left = Deferred.makeUnsafe<void>()
      let view = View.initial
      let last: Snapshot.Snapshot | undefined
      let lost: { readonly since: number; readonly message: string } | undefined

      const show = (): boolean => {
        const room = { width: Screen.width(), height: Screen.height() }
        const trouble = lost && `${lost.message} (for ${age(clock.currentTimeMillisUnsafe() - lost.since)}; asking on)`
        if (last === undefined) return draw(trouble ?? `asking ${target.url.origin}`)
        return draw(render(last, view, room, trouble))
      }
      const ask = Effect.match(Snapshot.read(target), {
        onSuccess: (snapshot) => {
          lost = undefined
          // what stands still is what was there when it was asked to
          if (!view.isPaused || last === undefined) last = snapshot
          return undefined
        },
        onFailure: (error) => {
          lost = { since: lost?.since ?? clock.currentTimeMillisUnsafe(), message: error.message }
          return error.isFinal ? error : undefined
        }
      })
      const beat = Effect.gen(function* () {
        const final = yield* ask
        if (!show()) yield* Standard.drained
        if (final !== undefined) return yield* final
      })

      yield* Screen.take(() => {})
      yield* Keyboard.listen((key) => {
        const next = View.next(view, key, last === undefined ? 0 : chosen(last.streams, view).length)
        if (next === undefined) {
          Deferred.doneUnsafe(left, Effect.void)
          return
        }
        view = next
        show()
      })
      show()
      yield* Effect.raceFirst(Deferred.await(left), Effect.forever(Effect.andThen(beat, Effect.sleep(every))))
    })
  )
