/** The output of an engine never holds it up, and says what is not in it. */
import { assert, describe, it } from "@effect/vitest"
import type { Event, PrivateEvent } from "@tidewire/core"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import { unhurried } from "../src/output/besideEngine.ts"
import type { Told } from "../src/output/Output.ts"

const trade = (id: number): Event.Trade => ({
  type: "trade",
  venue: "fake",
  symbol: "BTCUSDT",
  receivedTime: id,
  id: String(id),
  price: 1,
  size: 1,
  side: "buy",
  origin: "stream"
})

const balance = (id: number): PrivateEvent.Balance => ({
  type: "balance",
  venue: "fake",
  receivedTime: id,
  asset: "USDT",
  total: String(id)
})

describe("the output beside an engine", () => {
  it.effect("leaves out markets while its reader is behind, keeps accounts, and says so", () => {
    const messages: Array<unknown> = []
    const logger = Logger.make(({ message }) => messages.push(message))
    return Effect.gen(function* () {
      const written: Array<number> = []
      const caughtUp = Deferred.makeUnsafe<void>()
      const take = yield* unhurried((event: Told) => {
        written.push(event.receivedTime)
        return event.receivedTime === 2 ? Deferred.await(caughtUp) : undefined
      })
      for (const event of [trade(1), trade(2), trade(3), balance(4), trade(5)]) take(event)
      assert.deepStrictEqual(written, [1, 2, 4])
      Deferred.doneUnsafe(caughtUp, Effect.void)
      yield* Effect.yieldNow
      take(trade(6))
      assert.deepStrictEqual(written, [1, 2, 4, 6])
      assert.deepStrictEqual(messages.flat(), ["the output was not read in time: 2 events are not in it"])
    }).pipe(Effect.scoped, Effect.provide(Logger.layer([logger])))
  })

  it.effect("keeps no more of accounts than it can hold", () =>
    Effect.gen(function* () {
      let written = 0
      const take = yield* unhurried(() => {
        written++
        return written === 1 ? Effect.never : undefined
      })
      take(trade(0))
      for (let id = 1; id <= 10_010; id++) take(balance(id))
      assert.strictEqual(written, 10_001)
    }).pipe(Effect.scoped)
  )
})
