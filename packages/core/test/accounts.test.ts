import { describe, expect, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import * as Attempts from "../src/Attempts.ts"
import * as Endpoints from "../src/Endpoints.ts"
import * as LateCancel from "../src/LateCancel.ts"
import * as Money from "../src/Money.ts"
import type { Order, PrivateEvent } from "../src/PrivateEvent.ts"
import { OrderRejected, type Reason, VenueError, VenueUnavailable } from "../src/VenueError.ts"

describe("money in a venue's texts", () => {
  it("is canonical, exact, and absent where the venue means none", () => {
    expect([
      Money.of("0.01500000"),
      Money.of(""),
      Money.ifAny("0.00"),
      Money.ifAny(undefined),
      Money.ifAny("-2.50")
    ]).toEqual(["0.015", "0", undefined, undefined, "-2.5"])
    // sums of floats would not be these
    expect([
      Money.sum("0.1", "0.2"),
      Money.difference("0.3", "0.1"),
      Money.negated("1.50"),
      Money.negated("0")
    ]).toEqual(["0.3", "0.2", "-1.5", "0"])
    expect([Money.average("10", "3"), Money.average("10", "0"), Money.average(undefined, "3")]).toEqual([
      "3.333333333333333333",
      undefined,
      undefined
    ])
  })
})

describe("the same thing for each of several", () => {
  it.effect("is done for all of them, and fails as the first that failed", () =>
    Effect.gen(function* () {
      const done: Array<number> = []
      const act = (item: number) =>
        Effect.suspend(() => {
          done.push(item)
          return item % 2 === 0 ? Effect.fail(`not ${item}`) : Effect.void
        })
      expect(yield* Effect.result(Attempts.forEach([1, 2, 3, 4], act))).toEqual(Result.fail("not 2"))
      expect(done).toEqual([1, 2, 3, 4])
      expect(yield* Effect.result(Attempts.forEach([1, 3], act))).toEqual(Result.succeed(undefined))
    })
  )
})

const reference = { symbol: "A", clientOrderId: "c-1" }

const order = (status: Order["status"]): Order => ({
  type: "order",
  venue: "v",
  receivedTime: 0,
  symbol: "A",
  clientOrderId: "c-1",
  side: "buy",
  kind: "market",
  size: "1",
  status,
  filled: "0"
})

const failed = (reason: Reason) => new VenueError({ venue: "v", operation: "cancel", reason })

const GONE = failed(new OrderRejected({ message: "no such order", code: 1 }))
const BROKEN = failed(new OrderRejected({ message: "not now", code: 2 }))

/** What a cancel that fails so comes to, and what is told. */
const cancelled = (error: VenueError, found: Effect.Effect<Order | undefined, VenueError>) => {
  const told: Array<PrivateEvent> = []
  return Effect.map(
    Effect.result(
      LateCancel.orEnded(Effect.fail(error), reference, {
        venue: "v",
        isGone: (reason) => reason._tag === "OrderRejected" && reason.code === 1,
        order: () => found,
        emit: (event) => told.push(event)
      })
    ),
    (result) => [Result.isFailure(result) ? result.failure.reason._tag : "done", told.length]
  )
}

describe("a cancel that finds no order", () => {
  it.effect("has succeeded when the order has ended, which is told; else it is refused, or not known", () =>
    Effect.gen(function* () {
      const outcomes = yield* Effect.forEach(
        [
          [GONE, Effect.succeed(order("filled"))],
          [GONE, Effect.succeed(order("expired"))],
          [GONE, Effect.succeed(undefined)],
          [GONE, Effect.succeed(order("open"))],
          [GONE, Effect.succeed(order("unknown"))],
          [GONE, Effect.fail(failed(new VenueUnavailable({ message: "later" })))],
          [BROKEN, Effect.succeed(order("filled"))]
        ] as const,
        ([error, found]) => cancelled(error, found)
      )
      expect(outcomes).toEqual([
        ["done", 1],
        ["done", 1],
        ["OrderRejected", 0],
        ["OutcomeUnknown", 0],
        ["OutcomeUnknown", 0],
        ["OutcomeUnknown", 0],
        ["OrderRejected", 0]
      ])
    })
  )
})

describe("base URLs of an account", () => {
  it("are replaced all or none", () => {
    const known = { stream: "wss://s", rest: "https://r" }
    const outcome = (given: object) => {
      const result = Endpoints.allOrNone(given, known)
      return Result.isFailure(result) ? result.failure.message.split("; ")[1] : "right"
    }
    expect(
      [{}, { stream: "ws://x", rest: "http://x" }, { stream: "ws://x" }, { rest: "http://x" }].map(outcome)
    ).toEqual(["right", "right", "rest is missing", "stream is missing"])
  })
})
