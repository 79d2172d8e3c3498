import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import { TestClock } from "effect/testing"
import { OrderBudget } from "@tidewire/core"

const SECOND = 1_000

const send = (budget: OrderBudget.OrderBudget, log: Array<string>, urgency: OrderBudget.Urgency, count: number) =>
  Effect.forEach(
    Array.from({ length: count }),
    () =>
      Effect.forkChild(
        Effect.map(budget.take(urgency), (at) => {
          log.push(`${urgency} ${at / SECOND}`)
        })
      ),
    { discard: true }
  )

const counted = (log: ReadonlyArray<string>) =>
  [...Map.groupBy(log, (each) => each)].map(([each, { length }]) => `${each}: ${length}`)

describe("OrderBudget", () => {
  it.effect("uses 70 % of every window of the venue's clock, and keeps a tenth of that for cancels", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(8 * SECOND)
      const limits = [
        { name: "10s", count: 50, window: "10 seconds" },
        { name: "1d", count: 80, window: "1 day" }
      ] as const
      const budget = new OrderBudget.OrderBudget(limits)
      const log: Array<string> = []
      yield* send(budget, log, "order", 60)
      yield* TestClock.adjust("500 millis")
      yield* send(budget, log, "cancel", 10)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(
        [counted(log), budget.state(68_500)],
        [
          // 35 of 50 in ten seconds, 31 of them orders; 50 of 80 orders a day
          ["order 8: 31", "cancel 8.5: 4", "cancel 10: 6", "order 10: 9"],
          [
            { name: "10s", used: 0, usable: 31 },
            { name: "1d", used: 50, usable: 50 }
          ]
        ]
      )
    })
  )

  it.effect("counts any window that slides, wherever it begins", () =>
    Effect.gen(function* () {
      const budget = new OrderBudget.OrderBudget([{ name: "1s", count: 10, window: "1 second", slides: true }], {
        usable: 1,
        reserve: 0
      })
      const log: Array<string> = []
      yield* TestClock.setTime(900)
      yield* send(budget, log, "order", 25)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(counted(log), ["order 0.9: 10", "order 1.9: 10", "order 2.9: 5"])
    })
  )

  it.effect("takes in what the venue counts, and what it allows", () =>
    Effect.gen(function* () {
      const budget = new OrderBudget.OrderBudget([{ name: "10s", count: 50, window: "10 seconds" }], { reserve: 0 })
      const log: Array<string> = []
      budget.told("10s", 30, 0, 100)
      budget.told("unheard of", 30, 0)
      yield* send(budget, log, "order", 50)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(counted(log), ["order 0: 40", "order 10: 10"])
    })
  )

  it.effect("sends nothing while the venue wants to be left alone, then what is most urgent", () =>
    Effect.gen(function* () {
      const budget = new OrderBudget.OrderBudget([{ name: "10s", count: 50, window: "10 seconds" }])
      const log: Array<string> = []
      yield* budget.rest(5 * SECOND)
      yield* send(budget, log, "order", 1)
      yield* send(budget, log, "cancel", 1)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(log, ["cancel 5", "order 5"])
    })
  )

  it.effect("lets wait for so long at the most, and has not counted what gave up", () =>
    Effect.gen(function* () {
      const budget = new OrderBudget.OrderBudget([{ name: "1s", count: 1, window: "1 second" }], {
        usable: 1,
        reserve: 0
      })
      const take = (patience: string) =>
        Effect.forkChild(Effect.result(budget.takeWithin("order", patience as "1 second", () => "late")))
      const taken = [yield* take("1 millis"), yield* take("400 millis"), yield* take("2 seconds")]
      yield* TestClock.adjust("3 seconds")
      const outcomes = yield* Effect.forEach(taken, (each) => Fiber.join(each))
      assert.deepStrictEqual(
        [outcomes.map((each) => (Result.isSuccess(each) ? each.success : each.failure)), budget.state(1_500)],
        [[0, "late", 1_000], [{ name: "1s", used: 1, usable: 1 }]]
      )
    })
  )

  it.effect("counts nothing for rehearsals, and asks all the same", () =>
    Effect.gen(function* () {
      const limits = [{ name: "1d", count: 1, window: "1 day" }] as const
      const budget = new OrderBudget.OrderBudget(limits, { usable: 1, reserve: 0, counts: false })
      const times = yield* Effect.forEach([1, 2, 3], () => budget.take("order"))
      const before = budget.state(0)
      budget.told("1d", 1, 0)
      const waiting = yield* Effect.forkChild(budget.take("order"))
      yield* TestClock.adjust("23 hours")
      assert.deepStrictEqual(
        [times, before, waiting.pollUnsafe()],
        [[0, 0, 0], [{ name: "1d", used: 0, usable: 1 }], undefined]
      )
    })
  )
})
