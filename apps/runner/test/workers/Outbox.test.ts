import { assert, describe, it } from "@effect/vitest"
import type { Event } from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { MOST_EVENTS, MOST_IN_FLIGHT, Outbox } from "../../src/workers/Outbox.ts"

const state = (index: number): Event.BookState => ({
  type: "bookState",
  venue: "made-up",
  symbol: "BTCUSDT",
  receivedTime: index,
  state: "live"
})

/** An outbox, what it has posted, and the end of a turn. */
const make = () => {
  const posted: Array<ReadonlyArray<number>> = []
  let later: Array<() => void> = []
  const outbox = new Outbox(
    "made-up",
    ({ others }) => posted.push(others.map((event) => event.receivedTime)),
    (flush) => later.push(flush)
  )
  const endTurn = () => {
    const due = later
    later = []
    for (const each of due) each()
    return due.length
  }
  return { outbox, posted, endTurn }
}

describe("outbox", () => {
  it("posts what came in a turn as one batch, at its end", () => {
    const { endTurn, outbox, posted } = make()
    for (const index of [1, 2, 3]) assert.isUndefined(outbox.add(state(index)))
    assert.deepStrictEqual(posted, [])
    assert.strictEqual(endTurn(), 1)
    outbox.add(state(4))
    assert.strictEqual(endTurn(), 1)
    assert.deepStrictEqual(posted, [[1, 2, 3], [4]])
  })

  it.effect("holds one batch back when too many are on their way, then asks to wait until one is taken", () =>
    Effect.gen(function* () {
      const { endTurn, outbox, posted } = make()
      const room = (MOST_IN_FLIGHT + 1) * MOST_EVENTS
      for (let index = 1; index < room; index++) assert.isUndefined(outbox.add(state(index)))
      const wait = outbox.add(state(room))
      endTurn()
      assert.strictEqual(posted.length, MOST_IN_FLIGHT)
      const waiting = yield* Effect.forkChild(wait ?? Effect.die("nothing to wait for"), { startImmediately: true })
      assert.isUndefined(waiting.pollUnsafe())
      outbox.taken()
      yield* Fiber.join(waiting)
      assert.deepStrictEqual(
        posted.flat(),
        Array.from({ length: room }, (_, index) => index + 1)
      )
      assert.isTrue(outbox.isEmpty)
    })
  )
})
