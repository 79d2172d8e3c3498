import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { open, stateOf, subscriptions } from "./opened.ts"
import { ScriptedDriver } from "./referenceVenue.ts"

const texts = (sent: ScriptedDriver["last"]["sent"]) =>
  sent.map(({ sub, unsub }) => (sub === undefined ? `- ${unsub?.join()}` : `+ ${sub.join()}`))

describe("subscriptions of one topic", () => {
  it.effect("ask for it once, get what is theirs of each frame, and leave it when the last of them goes", () =>
    Effect.gen(function* () {
      const { driver, feed, market } = yield* open(subscriptions(["AAA"], ["ticker", "mark", "trades"]), {
        stats: true
      })
      driver.last.receive({ stats: ["AAA", 1] })
      yield* feed.update(subscriptions(["AAA"], ["ticker", "trades"]))
      yield* TestClock.adjust("1 second")
      driver.last.receive({ stats: ["AAA", 2] })
      yield* feed.update(subscriptions(["AAA"], ["trades"]))
      yield* TestClock.adjust("1 second")
      driver.last.receive({ stats: ["AAA", 3] })
      assert.deepStrictEqual(
        [texts(driver.last.sent), market(), feed.counts().unknown],
        [
          ["+ AAA.stats,AAA.trades", "- AAA.stats"],
          [
            "AAA ticker 1",
            "AAA mark 1",
            "AAA mark ended: unsubscribed",
            "AAA ticker 2",
            "AAA ticker ended: unsubscribed"
          ],
          // only the frame of which nobody wanted anything
          1
        ]
      )
    })
  )

  it.effect("need no asking when the topic is there already", () =>
    Effect.gen(function* () {
      const opened = yield* open(subscriptions(["AAA"], ["ticker"]), { stats: true })
      const { driver, feed, market } = opened
      yield* feed.update(subscriptions(["AAA"], ["ticker", "mark"]))
      yield* TestClock.adjust("1 second")
      const state = stateOf(opened, "AAA")
      driver.last.receive({ stats: ["AAA", 1] })
      assert.deepStrictEqual(
        [texts(driver.last.sent), state, market()],
        [["+ AAA.stats"], "Active", ["AAA ticker 1", "AAA mark 1"]]
      )
    })
  )

  it.effect("end together when the venue refuses it, and the others flow", () =>
    Effect.gen(function* () {
      const driver = new ScriptedDriver()
      driver.acknowledges = false
      const { market } = yield* open(subscriptions(["AAA"], ["ticker", "mark", "trades"]), { driver, stats: true })
      const refuse = () => driver.last.receive({ refused: driver.last.sent.at(-1)!.id, message: "no", permanent: true })
      refuse()
      yield* TestClock.adjust("1 second")
      refuse()
      yield* TestClock.adjust("1 second")
      driver.last.acknowledge()
      driver.last.receive({ trade: ["AAA", 1] })
      assert.deepStrictEqual(
        [texts(driver.last.sent), market()],
        [
          ["+ AAA.stats,AAA.trades", "+ AAA.stats", "+ AAA.trades"],
          ["AAA ticker ended: no", "AAA mark ended: no", "AAA trade 1"]
        ]
      )
    })
  )
})
