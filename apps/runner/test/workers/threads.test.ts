import { assert, describe, it } from "@effect/vitest"
import { DialBudget, RestBudget, VenueError } from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FiberMap from "effect/FiberMap"
import { TestClock } from "effect/testing"
import type { FromWorker } from "../../src/workers/messages.ts"
import * as PlainErrors from "../../src/workers/plainErrors.ts"
import * as RemoteBudgets from "../../src/workers/remoteBudgets.ts"
import * as Silence from "../../src/workers/silence.ts"

/** What passes between threads is copied. */
const copied = <A>(value: A): A => structuredClone(value)

/** The budgets of a worker, and the main thread's side of them. */
const worker = Effect.gen(function* () {
  const fibers = yield* FiberMap.make<number>()
  const run = yield* FiberMap.runtime(fibers)<never>()
  const fork = Effect.runForkWith(yield* Effect.context<never>())
  const post = (message: FromWorker): void => {
    const got = copied(message)
    if (got.type === "take") {
      const lent = RemoteBudgets.lend(got.permit)
      run(
        got.id,
        Effect.map(lent, (atMs) => desk.granted(got.id, atMs))
      )
    } else if (got.type === "leave") fork(FiberMap.remove(fibers, got.id))
    else if (got.type === "rest" || got.type === "answered") fork(RemoteBudgets.takeIn(got))
  }
  const desk = new RemoteBudgets.PermitDesk(post)
  return {
    dials: (key: string, limits: DialBudget.DialLimits) => new RemoteBudgets.RemoteDialBudget(key, limits, desk, post),
    requests: (key: string, limits: RestBudget.RestLimits) =>
      new RemoteBudgets.RemoteRestBudget(key, limits, desk, post)
  }
})

describe("the budgets of workers", () => {
  it.effect("together they dial no more than the venue allows one address, whoever dials", () =>
    Effect.gen(function* () {
      const limits = { attempts: 5, windowMs: 60_000 }
      const workers = yield* Effect.all([worker, worker, worker])
      let dials = 0
      const dial = Effect.map(Effect.void, () => dials++)
      for (const each of workers) {
        const budget = each.dials("dials.made-up", limits)
        yield* Effect.forkScoped(Effect.forever(Effect.andThen(budget.take("start"), dial)))
      }
      const seen: Array<number> = []
      for (let minute = 0; minute < 3; minute++) {
        yield* TestClock.adjust("30 seconds")
        seen.push(dials)
        yield* TestClock.adjust("31 seconds")
      }
      // four fifths of five in each window
      assert.deepStrictEqual(seen, [4, 8, 12])
    })
  )

  it.effect("a host that wants to be left alone is left alone by all of them", () =>
    Effect.gen(function* () {
      const limits = { attempts: 100, windowMs: 60_000 }
      const [one, other] = yield* Effect.all([worker, worker])
      yield* one.dials("rest.made-up", limits).refused({ status: 429, retryAfterMs: 10_000 })
      const dial = yield* Effect.forkChild(other.dials("rest.made-up", limits).take("restore"), {
        startImmediately: true
      })
      yield* TestClock.adjust("9 seconds")
      assert.isUndefined(dial.pollUnsafe())
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(dial)
    })
  )

  it.effect("the weight of one worker's requests leaves less for the others, by our count or the venue's", () =>
    Effect.gen(function* () {
      const limits = { weight: 100, windowMs: 60_000 }
      const [one, other] = yield* Effect.all([worker, worker])
      const mine = one.requests("weight.made-up", limits)
      const sentMs = yield* mine.take(10, "resync")
      mine.answered(sentMs, { status: 200, usedWeight: 65 }, sentMs)
      const read = yield* Effect.forkChild(other.requests("weight.made-up", limits).take(10, "resync"), {
        startImmediately: true
      })
      yield* TestClock.adjust("59 seconds")
      assert.isUndefined(read.pollUnsafe())
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* Fiber.join(read), 60_000)
    })
  )

  it.effect("who gives up leaves the line, and costs nothing", () =>
    Effect.gen(function* () {
      const limits = { weight: 100, windowMs: 60_000 }
      const { requests } = yield* worker
      const budget = requests("leave.made-up", limits)
      yield* budget.take(70, "resync")
      const waiting = yield* Effect.forkChild(budget.take(70, "resync"), { startImmediately: true })
      yield* Fiber.interrupt(waiting)
      yield* TestClock.adjust("1 minute")
      const used = RestBudget.shared("leave.made-up", limits).state(60_000)
      assert.deepStrictEqual([used.used, used.waiting], [0, 0])
    })
  )
})

describe("a thread", () => {
  it.effect("that says nothing for half a minute has ended; one that says something in time has not", () =>
    Effect.gen(function* () {
      const silence = Silence.make()
      const silent = yield* Effect.forkChild(silence.untilSilent, { startImmediately: true })
      for (let minute = 0; minute < 3; minute++) {
        yield* TestClock.adjust("25 seconds")
        silence.heard()
      }
      assert.isUndefined(silent.pollUnsafe())
      yield* TestClock.adjust("35 seconds")
      assert.strictEqual(yield* Fiber.join(silent), "it said nothing for half a minute")
    })
  )
})

describe("errors between threads", () => {
  for (const reason of [
    new VenueError.ConnectionFailed({ message: "refused", status: 503, retryAfterMs: 5 }),
    new VenueError.Unsupported({ message: "no such channel" }),
    new VenueError.SubscriptionRejected({ message: "unknown symbol", permanent: true, code: -1121 })
  ]) {
    it(`${reason._tag} keeps its reason and its fields, and leaves its cause behind`, () => {
      const error = new VenueError.VenueError({ venue: "made-up", operation: "open", reason, cause: () => {} })
      const again = PlainErrors.to("made-up", copied(PlainErrors.from(error)))
      assert.deepStrictEqual([again.message, again.operation], [error.message, error.operation])
      assert.deepStrictEqual({ ...again.reason, message: again.reason.message }, { ...reason, message: reason.message })
      assert.deepStrictEqual(VenueError.recovery(again.reason), VenueError.recovery(reason))
      assert.isUndefined(again.cause)
    })
  }
})
