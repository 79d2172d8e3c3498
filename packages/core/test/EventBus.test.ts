import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import * as Exit from "effect/Exit"
import * as TestClock from "effect/testing/TestClock"
import type { Event } from "../src/Event.ts"
import { EventBus, type EventBusOptions, type Timer } from "../src/EventBus.ts"
import type { HandlerFailure } from "../src/HandlerList.ts"
import { bar, quote, trade } from "./events.ts"

const make = (options: Partial<EventBusOptions<Event>> = {}) => {
  const failures: Array<HandlerFailure<Event | Timer>> = []
  const bus = new EventBus({ onFailure: (failure) => failures.push(failure), ...options })
  return { bus, failures }
}

describe("EventBus", () => {
  it("S-A4 S-D1 hands an event to the handlers of its type in order, then to the general ones, before it returns", () => {
    const { bus, failures } = make()
    const heard: Array<string> = []
    bus.onAny((event) => heard.push(`any ${event.type}`))
    // the handler sees the fields of its own type
    bus.on("bar", (event) => heard.push(`onBar ${event.openTime}`))
    bus.on("trade", (event) => heard.push(`first ${event.id}`))
    bus.on("trade", (event) => heard.push(`second ${event.id}`))
    bus.publish(trade(7))
    heard.push("published")
    bus.publish(bar(60_000))
    bus.publish(quote(1))
    assert.deepStrictEqual(
      [heard, failures, bus.published],
      [["first 7", "second 7", "any trade", "published", "onBar 60000", "any bar", "any quote"], [], 3]
    )
  })

  it("hands over nothing any more once unsubscribed, however often", () => {
    const { bus } = make()
    const heard: Array<string> = []
    const unsubscribe = [
      bus.on("trade", () => heard.push("trade")),
      bus.onAny(() => heard.push("any")),
      bus.on("trade", () => heard.push("stays")),
      bus.onTimer(() => heard.push("timer"))
    ]
    const before = bus.handlers
    unsubscribe[0]!()
    unsubscribe[0]!()
    unsubscribe[1]!()
    unsubscribe[3]!()
    bus.publish(trade(1))
    assert.deepStrictEqual([heard, before, bus.handlers], [["stays"], 4, 1])
  })

  it("S-D1 isolates a handler that throws: the others run, and the failure is counted and reported by name", () => {
    const { bus, failures } = make()
    const heard: Array<string> = []
    const error = new Error("broken")
    const fail = () => {
      throw error
    }
    bus.on("trade", fail, "strategy spread")
    bus.on("trade", () => heard.push("second"))
    bus.onAny(fail)
    bus.onAny(() => heard.push("any"))
    const event = trade(1)
    bus.publish(event)
    assert.deepStrictEqual(
      [heard, failures, bus.failures],
      [
        ["second", "any"],
        [
          { handler: "strategy spread", error, event, inARow: 1, isRemoved: false },
          { handler: "any", error, event, inARow: 1, isRemoved: false }
        ],
        2
      ]
    )
  })

  it("S-D1 removes a handler that fails too many times in a row, and says so", () => {
    const { bus, failures } = make({ maxFailures: 3 })
    const fine = new Set([3, 6])
    let calls = 0
    bus.on("trade", () => {
      calls++
      if (!fine.has(calls)) throw new Error(`call ${calls}`)
    })
    for (let id = 1; id <= 20; id++) bus.publish(trade(id))
    assert.deepStrictEqual(
      [calls, failures.map(({ inARow, isRemoved }) => [inARow, isRemoved])],
      [
        9,
        [
          [1, false],
          [2, false],
          [1, false],
          [2, false],
          [1, false],
          [2, false],
          [3, true]
        ]
      ]
    )
  })

  it("removes a failing handler after 100 failures by default", () => {
    const { bus, failures } = make()
    bus.onAny(() => {
      throw new Error("always")
    })
    for (let id = 1; id <= 150; id++) bus.publish(trade(id))
    assert.deepStrictEqual([failures.length, failures.at(-1)!.isRemoved, bus.handlers], [100, true, 0])
  })

  it("may be changed by its handlers: what is added waits for the next event, what is removed hears no more", () => {
    const { bus } = make()
    const heard: Array<string> = []
    let isFirst = true
    bus.on("trade", ({ id }) => {
      heard.push(`changer ${id}`)
      if (!isFirst) return
      isFirst = false
      bus.on("trade", (later) => heard.push(`added ${later.id}`))
      removeSelf()
      removeOther()
    })
    const removeSelf = bus.on("trade", ({ id }) => heard.push(`removed ${id}`))
    const removeOther = bus.onAny((event) => heard.push(`removed any ${event.type}`))
    bus.on("trade", ({ id }) => heard.push(`stays ${id}`))
    bus.publish(trade(1))
    bus.publish(trade(2))
    assert.deepStrictEqual(heard, ["changer 1", "stays 1", "changer 2", "stays 2", "added 2"])
  })

  it("hands over an event that a handler publishes before it goes on with the one at work", () => {
    const { bus } = make()
    const heard: Array<string> = []
    bus.on("trade", () => bus.publish(quote(1)))
    bus.on("quote", () => heard.push("quote"))
    bus.onAny((event) => heard.push(`any ${event.type}`))
    bus.publish(trade(1))
    assert.deepStrictEqual(heard, ["quote", "any quote", "any trade"])
  })

  it("takes any union of events", () => {
    type Own = { readonly type: "a"; readonly a: number } | { readonly type: "b"; readonly b: string }
    const bus = new EventBus<Own>({ onFailure: () => assert.fail("no handler fails") })
    const heard: Array<number | string> = []
    bus.on("a", ({ a }) => heard.push(a))
    bus.on("b", ({ b }) => heard.push(b))
    bus.publish({ type: "b", b: "two" })
    bus.publish({ type: "a", a: 1 })
    assert.deepStrictEqual(heard, ["two", 1])
  })

  it.effect("S-D1 tells the time every second to the timer's handlers alone, until its scope ends", () =>
    Effect.gen(function* () {
      const { bus, failures } = make()
      const times: Array<number> = []
      let events = 0
      bus.onTimer(({ time }) => times.push(time))
      bus.onAny(() => events++)
      bus.onTimer(() => {
        throw new Error("broken")
      }, "broken timer")
      const scope = yield* Scope.make()
      yield* Scope.provide(bus.timers(), scope)
      yield* TestClock.adjust("999 millis")
      const early = times.length
      yield* TestClock.adjust("2500 millis")
      yield* Scope.close(scope, Exit.void)
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(
        { early, times, events, failures: failures.map(({ event, handler }) => [handler, event]) },
        {
          early: 0,
          times: [1_000, 2_000, 3_000],
          events: 0,
          failures: [1_000, 2_000, 3_000].map((time) => ["broken timer", { type: "timer", time } as const])
        }
      )
    })
  )

  it.effect("tells the time at the interval that was asked for", () =>
    Effect.gen(function* () {
      const { bus } = make()
      const times: Array<number> = []
      bus.onTimer(({ time }) => times.push(time))
      yield* bus.timers("250 millis")
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(times, [250, 500, 750, 1_000])
    })
  )
})
