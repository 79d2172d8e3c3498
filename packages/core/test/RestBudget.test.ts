import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { RestBudget, Urgency } from "@tidewire/core"
import { seeded } from "./random.ts"

const SECOND = 1_000

/** What is read of the market. */
const reads: ReadonlyArray<Urgency.Urgency> = ["resync", "repair", "start", "background", "poll"]
const MINUTE = 60 * SECOND

/** 700 usable: 700 for resyncs, 630 for repairs, 560 for starts, 350 in the background, 280 for polls. */
const make = () => new RestBudget.RestBudget({ weight: 1_000, windowMs: 60_000 })

const now = Effect.clockWith((clock) => clock.currentTimeMillis)

interface Sent {
  readonly name: string
  readonly weight: number
  readonly atMs: number
}

const send = (
  budget: RestBudget.RestBudget,
  log: Array<Sent>,
  urgency: Urgency.Urgency,
  weight: number,
  { delayMs = 0, name = urgency }: { delayMs?: number; name?: string } = {}
) =>
  Effect.gen(function* () {
    if (delayMs > 0) yield* Effect.sleep(delayMs)
    const atMs = yield* budget.take(weight, urgency)
    log.push({ name, weight, atMs })
  }).pipe(Effect.forkChild)

const brief = (log: ReadonlyArray<Sent>) => log.map(({ atMs, name }) => `${name} ${atMs / SECOND}`)

const used = (budget: RestBudget.RestBudget) => Effect.map(now, (at) => budget.state(at).used)

describe("RestBudget", () => {
  it.effect("counts in windows of any length", () =>
    Effect.gen(function* () {
      const budget = new RestBudget.RestBudget({ weight: 100, windowMs: 5 * SECOND })
      const log: Array<Sent> = []
      yield* TestClock.setTime(2 * SECOND)
      for (let each = 0; each < 5; each++) yield* send(budget, log, "resync", 35)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(brief(log), ["resync 2", "resync 2", "resync 5", "resync 5", "resync 10"])
    })
  )

  it.effect("what an account must do goes first, and finds a tenth of the venue's weight that no read may have", () =>
    Effect.gen(function* () {
      const budget = make()
      const log: Array<Sent> = []
      yield* send(budget, log, "resync", 600)
      for (const urgency of ["resync", "order", "account"] as const) yield* send(budget, log, urgency, 100)
      yield* TestClock.adjust("1 second")
      for (const urgency of ["order", "account", "account"] as const) yield* send(budget, log, urgency, 50)
      yield* TestClock.adjust("2 minutes")
      assert.deepStrictEqual(brief(log), [
        "resync 0",
        "resync 0",
        "account 0",
        "account 60",
        "account 60",
        "order 60",
        "order 60"
      ])
    })
  )

  it.effect("uses 70 % of the venue's weight a minute, by the clock", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(50 * SECOND)
      const budget = make()
      const log: Array<Sent> = []
      for (let index = 0; index < 20; index++) yield* send(budget, log, "resync", 100)
      yield* TestClock.adjust("3 minutes")
      assert.deepStrictEqual(
        [...Map.groupBy(log, ({ atMs }) => atMs / SECOND)].map(([at, sent]) => [at, sent.length]),
        [
          [50, 7],
          [60, 7],
          [120, 6]
        ]
      )
    })
  )

  it.effect("each urgency leaves room for those above it", () =>
    Effect.gen(function* () {
      const most = yield* Effect.forEach(reads, (urgency) =>
        Effect.gen(function* () {
          const budget = make()
          const log: Array<Sent> = []
          for (let index = 0; index < 100; index++) yield* send(budget, log, urgency, 10)
          yield* TestClock.adjust("1 second")
          const weight = yield* used(budget)
          yield* TestClock.adjust("59 seconds")
          return [urgency, weight]
        })
      )
      assert.deepStrictEqual(most, [
        ["resync", 700],
        ["repair", 630],
        ["start", 560],
        ["background", 350],
        // after a second: the even use of it, and a sixth ahead
        ["poll", 50]
      ])
    })
  )

  it.effect("the most urgent goes first, in order of arrival among equals", () =>
    Effect.gen(function* () {
      const budget = make()
      const log: Array<Sent> = []
      yield* send(budget, log, "resync", 700, { name: "full" })
      yield* TestClock.adjust("1 second")
      for (const urgency of reads.toReversed()) {
        yield* send(budget, log, urgency, 50, { name: `${urgency} first` })
        yield* send(budget, log, urgency, 50, { name: `${urgency} second` })
        yield* TestClock.adjust("1 second")
      }
      yield* TestClock.adjust("5 minutes")
      assert.deepStrictEqual(brief(log), [
        "full 0",
        "resync first 60",
        "resync second 60",
        "repair first 60",
        "repair second 60",
        "start first 60",
        "start second 60",
        // 300 used: one more fits the half that is left to the background
        "background first 60",
        "background second 120",
        // 50 of their 280 are used
        "poll first 131.429",
        "poll second 142.143"
      ])
    })
  )

  it.effect("S-D6 polls are spread over the minute, and leave room for what is more urgent", () =>
    Effect.gen(function* () {
      const budget = make()
      const log: Array<Sent> = []
      for (let index = 0; index < 60; index++) yield* send(budget, log, "poll", 10)
      yield* send(budget, log, "background", 50, { delayMs: 59 * SECOND })
      yield* TestClock.adjust("119 seconds")
      const polls = log.filter(({ name }) => name === "poll")
      const byMinute = [...Map.groupBy(polls, ({ atMs }) => Math.floor(atMs / MINUTE)).values()]
      assert.deepStrictEqual(
        byMinute.map(({ length }) => length),
        [28, 28]
      )
      const bySixth = Map.groupBy(byMinute[0]!, ({ atMs }) => Math.floor((atMs * 6) / MINUTE))
      assert.deepStrictEqual(
        [...bySixth.values()].map(({ length }) => length),
        [9, 4, 5, 5, 4, 1]
      )
      assert.include(brief(log), "background 59")
    })
  )

  it.effect("a resync is let go while starts wait for the next minute", () =>
    Effect.gen(function* () {
      const budget = make()
      const log: Array<Sent> = []
      for (let index = 0; index < 12; index++) yield* send(budget, log, "start", 50)
      yield* send(budget, log, "resync", 50, { delayMs: SECOND })
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(
        [log.length, brief(log.slice(-1)), (yield* Effect.map(now, (at) => budget.state(at))).waiting],
        [12, ["resync 1"], 1]
      )
    })
  )

  it.effect("a fiber that gives up leaves its place to the next, and costs nothing", () =>
    Effect.gen(function* () {
      const budget = make()
      const log: Array<Sent> = []
      yield* send(budget, log, "start", 560)
      const patient = yield* Effect.forkChild(Effect.timeoutOption(budget.take(500, "start"), "5 seconds"))
      yield* send(budget, log, "start", 100, { delayMs: SECOND, name: "next" })
      yield* TestClock.adjust("10 seconds")
      const gaveUp = (yield* Fiber.join(patient))._tag
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual([gaveUp, brief(log), yield* used(budget)], ["None", ["start 0", "next 60"], 100])
    })
  )

  it.effect("what is heavier than its share goes alone, first in a minute", () =>
    Effect.gen(function* () {
      const budget = make()
      const log: Array<Sent> = []
      yield* send(budget, log, "background", 10, { name: "light" })
      yield* send(budget, log, "background", 600, { name: "heavy" })
      yield* send(budget, log, "background", 10, { name: "light" })
      yield* TestClock.adjust("5 minutes")
      assert.deepStrictEqual(brief(log), ["light 0", "heavy 60", "light 120"])
    })
  )

  it.effect("is corrected upwards by what the venue counts, within the same minute only", () =>
    Effect.gen(function* () {
      const budget = make()
      const ok = (usedWeight: number) => ({ status: 200, usedWeight })
      const sent = yield* budget.take(100, "start")
      const found: Array<number> = []
      for (const usedWeight of [90, 400, 300]) {
        budget.answered(sent, ok(usedWeight), yield* now)
        found.push(yield* used(budget))
      }
      yield* budget.take(50, "start")
      found.push(yield* used(budget))
      yield* TestClock.adjust("1 minute")
      // an answer that took until the next minute
      budget.answered(sent, ok(650), yield* now)
      found.push(yield* used(budget))
      assert.deepStrictEqual(found, [100, 400, 400, 450, 0])
    })
  )

  it.effect("weight that others use at the same address is not used again", () =>
    Effect.gen(function* () {
      const budget = make()
      const log: Array<Sent> = []
      budget.answered(yield* budget.take(10, "start"), { status: 200, usedWeight: 650 }, yield* now)
      yield* send(budget, log, "start", 10)
      yield* send(budget, log, "resync", 10, { delayMs: SECOND })
      yield* TestClock.adjust("2 minutes")
      assert.deepStrictEqual(brief(log), ["resync 1", "start 60"])
    })
  )

  it.effect("S-C2 nobody is let go while the venue wants to be left alone", () =>
    Effect.gen(function* () {
      const answers: ReadonlyArray<readonly [answer: RestBudget.Answer, seconds: number]> = [
        [{ status: 200 }, 0],
        [{ status: 500 }, 0],
        [{ status: 429, retryAfterMs: 7 * SECOND }, 7],
        [{ status: 429 }, 40],
        [{ status: 429, retryAfterMs: 0 }, 40],
        [{ status: 400, isRateLimited: true }, 40],
        [{ status: 418 }, 120],
        [{ status: 418, retryAfterMs: 200 * SECOND }, 200],
        [{ status: 403 }, 600],
        [{ status: 503, retryAfterMs: 3 * SECOND }, 3]
      ]
      const went = yield* Effect.forEach(answers, ([answer]) =>
        Effect.gen(function* () {
          const budget = make()
          const log: Array<Sent> = []
          const from = (yield* now) + 20 * SECOND
          yield* TestClock.setTime(from)
          const restMs = budget.answered(yield* budget.take(1, "resync"), answer, from)
          for (const urgency of reads) yield* send(budget, log, urgency, 1)
          yield* TestClock.adjust("1 hour")
          yield* TestClock.setTime(Math.ceil((yield* now) / MINUTE) * MINUTE)
          const waits = new Set(log.map(({ atMs }) => (atMs - from) / SECOND))
          return [restMs / SECOND, log.length, ...waits]
        })
      )
      assert.deepStrictEqual(
        went,
        answers.map(([, seconds]) => [seconds, 5, seconds])
      )
    })
  )

  it.effect("S-C2 each ban in a row lasts twice as long, whatever was under way, until an answer is a success", () =>
    Effect.gen(function* () {
      const budget = make()
      const rests: Array<number> = []
      const answer = (sentMs: number, status: number) =>
        Effect.map(now, (at) => rests.push(budget.answered(sentMs, { status }, at) / MINUTE))
      const together = [yield* budget.take(1, "start"), yield* budget.take(1, "start"), yield* budget.take(1, "start")]
      yield* TestClock.adjust("1 second")
      yield* answer(together[0]!, 418)
      // neither the same ban told again nor a success from before it counts
      yield* answer(together[1]!, 200)
      yield* answer(together[2]!, 418)
      for (const status of [418, 418, 418, 418, 418, 200, 418]) {
        yield* TestClock.adjust("2 hours")
        yield* answer(yield* budget.take(1, "start"), status)
      }
      assert.deepStrictEqual(rests, [2, 0, 2, 4, 8, 16, 32, 60, 0, 2])
    })
  )

  it.effect("no minute ever holds more than may be used, whatever is asked", () =>
    Effect.gen(function* () {
      for (let seed = 1; seed <= 40; seed++) {
        const random = seeded(seed)
        const budget = make()
        const log: Array<Sent> = []
        const count = 1 + random.below(60)
        const origin = yield* now
        for (let index = 0; index < count; index++) {
          const urgency = random.pick(reads)
          yield* send(budget, log, urgency, 1 + random.below(300), { delayMs: random.below(3 * MINUTE) })
        }
        yield* TestClock.adjust("2 hours")
        assert.strictEqual(log.length, count, `seed ${seed} from ${origin}`)
        for (const [minute, sent] of Map.groupBy(log, ({ atMs }) => Math.floor(atMs / MINUTE))) {
          const total = sent.reduce((sum, { weight }) => sum + weight, 0)
          assert.isAtMost(total, 700, `seed ${seed}, minute ${minute}`)
        }
      }
    })
  )
})
