import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import * as Backoff from "../src/Backoff.ts"
import { defaults, type Reconnect } from "../src/ConnectionOptions.ts"

const { reconnect } = defaults

/** The waits of one failure after the other, until there are no more. */
const waits = (options: Reconnect, from: Backoff.State, random: number) => {
  const all: Array<readonly [attempt: number, delayMs: number]> = []
  let state = from
  for (let step = Backoff.next(options, state, random); step !== "exhausted";) {
    all.push([step.attempt, step.delayMs])
    state = step.state
    step = Backoff.next(options, state, random)
  }
  return { all, state }
}

const lasting = (attempts: number): Backoff.State => {
  let state = Backoff.initial
  for (let attempt = 0; attempt < attempts; attempt++) {
    const step = Backoff.next(reconnect, state, 0.5)
    if (step !== "exhausted") state = step.state
  }
  return state
}

const Random = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1, exclusiveMaximum: true }))
const upTo = (maximum: number) => Schema.Int.check(Schema.isBetween({ minimum: 1, maximum }))

describe("Backoff", () => {
  it("S-C2 waits a random part of 1, 2, 4, 8, 16, 30, 30 … s by default, 10 times, and then no more", () => {
    assert.deepStrictEqual(waits(reconnect, Backoff.initial, 0.5).all, [
      [1, 500],
      [2, 1_000],
      [3, 2_000],
      [4, 4_000],
      [5, 8_000],
      [6, 15_000],
      [7, 15_000],
      [8, 15_000],
      [9, 15_000],
      [10, 15_000]
    ])
  })

  it("S-C2 stays exhausted until a stable session", () => {
    const { state } = waits(reconnect, Backoff.initial, 0.5)
    assert.deepStrictEqual(
      [
        Backoff.next(reconnect, Backoff.sessionEnded(reconnect, state, 59_999), 0),
        Backoff.next(reconnect, Backoff.sessionEnded(reconnect, state, 60_000), 0) === "exhausted"
      ],
      ["exhausted", false]
    )
  })

  it("makes the first attempt after a stable session within 250 ms, and only that one", () => {
    const state = Backoff.sessionEnded(reconnect, lasting(4), 60_000)
    assert.deepStrictEqual(waits(reconnect, state, 0.8).all.slice(0, 3), [
      [1, 200],
      [2, 800],
      [3, 1_600]
    ])
  })

  it("keeps counting over sessions that were not stable, so that a venue that accepts and drops is not hammered", () => {
    const counted = [0, 1, 59_999].map((activeForMs) => {
      const step = Backoff.next(reconnect, Backoff.sessionEnded(reconnect, lasting(3), activeForMs), 0.5)
      return step === "exhausted" ? step : [step.attempt, step.delayMs]
    })
    assert.deepStrictEqual(counted, [
      [4, 4_000],
      [4, 4_000],
      [4, 4_000]
    ])
  })

  it("S-C2 rests 60 s before the first probe of an open circuit, twice as long before each next, 10 minutes at most", () => {
    assert.deepStrictEqual(
      [1, 2, 3, 4, 5, 6, 2_000].map((probe) => Backoff.coolDownMs(reconnect, probe)),
      [60_000, 120_000, 240_000, 480_000, 600_000, 600_000, 600_000]
    )
  })

  it.prop(
    "S-C2 never waits longer than min(base · 2^(n-1), max), makes exactly the attempts allowed, and changes no state given",
    { base: upTo(5_000), max: upTo(60_000), attempts: upTo(1_200), random: Random, isStable: Schema.Boolean },
    ({ attempts, base, isStable, max, random }) => {
      const options = { ...reconnect, base: Duration.millis(base), max: Duration.millis(max), attempts }
      const from = Object.freeze(isStable ? Backoff.sessionEnded(options, Backoff.initial, 60_000) : Backoff.initial)
      const { all } = waits(options, from, random)
      assert.deepStrictEqual(
        all.map(([attempt]) => attempt),
        Array.from({ length: attempts }, (_, index) => index + 1)
      )
      for (const [attempt, delayMs] of all) {
        const bound = isStable && attempt === 1 ? 250 : Math.min(base * 2 ** (attempt - 1), max)
        assert.isTrue(delayMs >= 0 && delayMs <= bound, `attempt ${attempt}: ${delayMs} of ${bound}`)
      }
    }
  )
})
