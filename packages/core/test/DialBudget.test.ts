import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import * as DialBudget from "../src/DialBudget.ts"
import { seeded } from "./random.ts"

const MINUTE = 60_000
const venue: DialBudget.DialLimits = { attempts: 300, windowMs: 5 * MINUTE }

interface Dial {
  readonly urgency: DialBudget.Urgency
  readonly askedMs: number
  readonly wentMs: number
}

/** Takes after a delay, and writes down when it was let go. */
const dial = (budget: DialBudget.DialBudget, log: Array<Dial>, urgency: DialBudget.Urgency, delayMs = 0) =>
  Effect.gen(function* () {
    if (delayMs > 0) yield* Effect.sleep(delayMs)
    const askedMs = yield* now
    yield* budget.take(urgency)
    log.push({ urgency, askedMs, wentMs: yield* now })
  }).pipe(Effect.forkChild)

const now = Effect.clockWith((clock) => clock.currentTimeMillis)

/** The most dials that any window of so many ms held. */
const mostWithin = (times: ReadonlyArray<number>, windowMs: number): number =>
  Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + windowMs).length))

const times = (log: ReadonlyArray<Dial>) => log.map(({ wentMs }) => wentMs)

describe("DialBudget", () => {
  it.effect("lets dials go in order, 20 ms apart", () =>
    Effect.gen(function* () {
      const budget = new DialBudget.DialBudget(venue)
      const log: Array<Dial> = []
      for (let index = 0; index < 5; index++) yield* dial(budget, log, "start")
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(times(log), [0, 20, 40, 60, 80])
    })
  )

  it.effect("S-C2 300 connections that come back at once after 240 starts never exceed 300 in 5 minutes", () =>
    Effect.gen(function* () {
      const budget = new DialBudget.DialBudget(venue)
      const log: Array<Dial> = []
      for (let index = 0; index < 240; index++) yield* dial(budget, log, "start")
      yield* TestClock.adjust("10 seconds")
      const started = log.length
      for (let index = 0; index < 300; index++) yield* dial(budget, log, "restore")
      yield* TestClock.adjust("10 seconds")
      const atOnce = log.length - started
      const state = budget.state(yield* now)
      yield* TestClock.adjust("20 minutes")
      assert.deepStrictEqual(
        { started, atOnce, state, all: log.length, most: mostWithin(times(log), venue.windowMs) },
        {
          started: 240,
          atOnce: 60,
          state: { used: 300, limit: 300, waiting: 240, restingUntilMs: undefined },
          all: 540,
          most: 300
        }
      )
      // the last one goes as soon as the window allows it, not a window later
      assert.isBelow(log.at(-1)!.wentMs, 5 * MINUTE + 10_000)
    })
  )

  it.effect("starts fill four fifths of the window, and restoring goes before every start that waits", () =>
    Effect.gen(function* () {
      const budget = new DialBudget.DialBudget({ attempts: 10, windowMs: MINUTE })
      const log: Array<Dial> = []
      for (let index = 0; index < 12; index++) yield* dial(budget, log, "start")
      for (let index = 0; index < 2; index++) yield* dial(budget, log, "restore", 10_000)
      yield* TestClock.adjust("30 seconds")
      const early = log.map(({ urgency, wentMs }) => `${urgency} ${wentMs}`)
      yield* TestClock.adjust("2 minutes")
      assert.deepStrictEqual(early, [
        ...Array.from({ length: 8 }, (_, index) => `start ${index * 20}`),
        "restore 10000",
        "restore 10020"
      ])
      // one goes for each start that has left: the restores count as well
      assert.deepStrictEqual(
        log.slice(10).map(({ urgency, wentMs }) => `${urgency} ${wentMs}`),
        ["start 61040", "start 61060", "start 61080", "start 61100"]
      )
    })
  )

  it.effect("a fiber that gives up leaves its place to the next", () =>
    Effect.gen(function* () {
      const budget = new DialBudget.DialBudget({ attempts: 1, windowMs: MINUTE })
      const log: Array<Dial> = []
      yield* dial(budget, log, "restore")
      const first = yield* dial(budget, log, "restore", 1)
      const second = yield* dial(budget, log, "restore", 2)
      yield* dial(budget, log, "restore", 3)
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(second)
      yield* Fiber.interrupt(first)
      const waiting = budget.state(yield* now).waiting
      yield* TestClock.adjust("10 minutes")
      assert.deepStrictEqual(
        [waiting, log.map(({ askedMs, wentMs }) => [askedMs, wentMs])],
        [
          1,
          [
            [0, 0],
            [3, 61_000]
          ]
        ]
      )
    })
  )

  it.effect("nobody dials a host whose venue asked to be left alone", () =>
    Effect.gen(function* () {
      const refusals: ReadonlyArray<readonly [refusal: DialBudget.Refusal, goes: number]> = [
        [{ status: 429, retryAfterMs: 7_000 }, 7_000],
        [{ status: 429 }, 60_000],
        [{ status: 429, retryAfterMs: 0 }, 60_000],
        [{ status: 418 }, 60_000],
        [{ status: 418, retryAfterMs: 120_000 }, 120_000],
        [{ status: 403 }, 600_000],
        [{ status: 503, retryAfterMs: 5_000 }, 5_000],
        [{ status: 503 }, 0],
        [{}, 0]
      ]
      const went = yield* Effect.forEach(refusals, ([refusal]) =>
        Effect.gen(function* () {
          const from = yield* now
          const budget = new DialBudget.DialBudget(venue)
          const log: Array<Dial> = []
          const restMs = yield* budget.refused(refusal)
          const until = budget.state(from).restingUntilMs
          yield* dial(budget, log, "restore")
          yield* TestClock.adjust("1 hour")
          assert.strictEqual(until, restMs === 0 ? undefined : from + restMs)
          return log.map(({ wentMs }) => wentMs - from)
        })
      )
      assert.deepStrictEqual(
        went,
        refusals.map(([, goes]) => [goes])
      )
    })
  )

  it.effect("a fiber that waits already rests as well, and less never shortens more", () =>
    Effect.gen(function* () {
      const budget = new DialBudget.DialBudget({ attempts: 1, windowMs: MINUTE })
      const log: Array<Dial> = []
      yield* dial(budget, log, "restore")
      yield* dial(budget, log, "restore")
      yield* TestClock.adjust("1 second")
      yield* budget.rest(3 * MINUTE - 1_000)
      yield* budget.rest(5_000)
      yield* TestClock.adjust("10 minutes")
      assert.deepStrictEqual(times(log), [0, 3 * MINUTE])
    })
  )

  it.effect("no venue is left alone for longer than the longest ban", () =>
    Effect.gen(function* () {
      const budget = new DialBudget.DialBudget(venue)
      const asked = yield* budget.refused({ status: 429, retryAfterMs: 1e12 })
      const threeDays = 3 * 24 * 60 * MINUTE
      assert.deepStrictEqual([asked, budget.state(0).restingUntilMs], [threeDays, threeDays])
    })
  )

  it.effect("a clock that is set back delays nobody by more than the window, and a rest by nothing", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(60 * MINUTE)
      const budget = new DialBudget.DialBudget({ attempts: 1, windowMs: MINUTE })
      const log: Array<Dial> = []
      yield* dial(budget, log, "restore")
      yield* TestClock.adjust("1 second")
      yield* budget.rest(2 * MINUTE)
      yield* TestClock.setTime(0)
      yield* dial(budget, log, "restore")
      yield* TestClock.adjust("10 minutes")
      assert.deepStrictEqual(times(log), [60 * MINUTE, 2 * MINUTE])
    })
  )

  it.effect("is one for a host in the process", () =>
    Effect.sync(() => {
      const limits = { attempts: 300, window: "5 minutes" } as const
      const first = DialBudget.ofHost("wss://dial-budget.test:9443/public/stream", limits)
      assert.isTrue(first === DialBudget.ofHost("wss://dial-budget.test:9443/market/stream", limits))
      assert.isTrue(first === DialBudget.shared("dial-budget.test:9443", venue))
      assert.isFalse(first === DialBudget.ofHost("wss://dial-budget.test/stream", limits))
    })
  )

  it.effect("holds its guarantees for any pattern of dials, rests and interruptions", () =>
    Effect.gen(function* () {
      for (let seed = 1; seed <= 60; seed++) {
        const random = seeded(seed)
        const limits = { attempts: 1 + random.below(30), windowMs: 1_000 + random.below(20_000) }
        const budget = new DialBudget.DialBudget(limits)
        const log: Array<Dial> = []
        const origin = yield* now
        const lastsMs = 1 + random.below(40_000)
        const count = 1 + random.below(80)
        let interrupted = 0
        const rest = { from: origin + random.below(lastsMs), ms: random.below(20_000) }
        yield* Effect.forkChild(Effect.delay(budget.rest(rest.ms), rest.from - origin))
        for (let index = 0; index < count; index++) {
          const fiber = yield* dial(budget, log, random.chance(0.5) ? "start" : "restore", random.below(lastsMs))
          if (random.chance(0.1)) {
            interrupted++
            yield* Effect.forkChild(Effect.delay(Fiber.interrupt(fiber), random.below(lastsMs)))
          }
        }
        // each window lets at least one go
        yield* TestClock.adjust(lastsMs + rest.ms + (count + 2) * (limits.windowMs + 1_000))
        const told = `seed ${seed}`
        assert.isTrue(log.length >= count - interrupted && budget.state(yield* now).waiting === 0, told)
        assert.isTrue(mostWithin(times(log), limits.windowMs) <= limits.attempts, told)
        assert.isTrue(
          log.every(({ wentMs }) => wentMs <= rest.from || wentMs >= rest.from + rest.ms),
          told
        )
        log.forEach(({ askedMs, urgency, wentMs }, index) => {
          if (index > 0) assert.isAtLeast(wentMs - log[index - 1]!.wentMs, 20, told)
          // whoever went first was more urgent, or had come first
          for (const later of log.slice(index + 1)) {
            if (later.askedMs >= wentMs) continue
            const isAbove = urgency === "restore" && later.urgency === "start"
            assert.isTrue(isAbove || (urgency === later.urgency && askedMs <= later.askedMs), told)
          }
        })
        const inWindow = (at: number) =>
          log.filter(({ wentMs }) => wentMs <= at && wentMs > at - limits.windowMs).length
        for (const { urgency, wentMs } of log) {
          if (urgency === "start") assert.isAtMost(inWindow(wentMs), DialBudget.startable(limits.attempts), told)
        }
      }
    })
  )
})
