/**
 * Hybrid transport through outages in any order: of the sockets, of REST, of both. Whatever happens, each trade of the
 * venue is told once and in order, or lies inside a gap that was told.
 */
import type { Event } from "@tidewire/core"
import { VenueError } from "@tidewire/core"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { open, subscriptions } from "./opened.ts"
import { seeded } from "./random.ts"
import { Readable } from "./readable.ts"

const RUNS = 60
const STEPS = 60

const connection = {
  reconnect: { base: "500 millis", max: "1 second", attempts: 1, coolDown: "5 seconds", stableAfter: "1 hour" },
  repairWithin: "2 seconds"
}

const down = new VenueError.VenueUnavailable({ message: "closed" })

/** The first trade that is told neither by itself nor by a gap, or told wrongly; `undefined` when all is accounted for. */
const unaccounted = (trades: ReadonlyArray<number>, events: ReadonlyArray<Event.Event>): string | undefined => {
  const told = events.flatMap((event) => (event.type === "trade" ? [Number(event.id)] : []))
  const wrong = told.find((id, index) => index > 0 && id <= told[index - 1]!)
  if (wrong !== undefined) return `${wrong} is told twice, or late`
  const holes = events.flatMap((event) =>
    event.type === "gap" && !event.repaired ? [[Number(event.from ?? -1), Number(event.to ?? Infinity)] as const] : []
  )
  const seen = new Set(told)
  const missing = trades.find(
    (id) => id > told[0]! && !seen.has(id) && !holes.some(([from, to]) => from < id && id < to)
  )
  return missing === undefined ? undefined : `${missing} is neither told nor in a gap`
}

const run = (seed: number, kind: "numbered" | "unnumbered") =>
  Effect.gen(function* () {
    const random = seeded(seed)
    const venue = new Readable()
    venue.page = 12
    const opened = yield* open(subscriptions(["A"], ["trades"], "hybrid"), { ...venue[kind], connection })
    const { driver, events } = opened
    const trade = (): void => {
      const id = venue.trades.length + 1
      venue.trades.push(id)
      const socket = driver.carrying("A.trades")
      if (socket?.isOpen === true) socket.receive({ trade: ["A", id] })
    }
    for (let step = 0; step < STEPS; step++) {
      const what = random.below(10)
      if (what === 0) {
        driver.refusals = random.below(4)
        driver.carrying("A.trades")?.close()
      } else if (what === 1) venue.failure = down
      else if (what === 2) venue.failure = undefined
      else if (what <= 7) for (let each = random.below(4); each >= 0; each--) trade()
      yield* TestClock.adjust(random.below(4_000))
    }
    venue.failure = undefined
    yield* TestClock.adjust("2 minutes")
    trade()
    yield* TestClock.adjust("30 seconds")
    const polled = events.filter((event) => event.type === "trade" && event.origin === "polling").length
    return {
      wrong: unaccounted(venue.trades, events),
      polled,
      told: events.filter(({ type }) => type === "trade").length
    }
  }).pipe(Effect.scoped)

describe("S-D6 hybrid through outages in any order", () => {
  for (const kind of ["numbered", "unnumbered"] as const) {
    it.effect(
      `${kind} trades are told once and in order, or lie inside a gap`,
      () =>
        Effect.gen(function* () {
          const seeds = Array.from({ length: RUNS }, (_, index) => index + 1)
          const runs = yield* Effect.forEach(seeds, (seed) => run(seed, kind))
          assert.deepStrictEqual(
            runs.flatMap(({ wrong }, index) => (wrong === undefined ? [] : [`seed ${seeds[index]}: ${wrong}`])),
            []
          )
          // the runs are about what they say: a good part of it was polled
          const total = runs.reduce((sum, { told }) => sum + told, 0)
          const polled = runs.reduce((sum, each) => sum + each.polled, 0)
          assert.isAbove(polled / total, 0.1)
        }),
      60_000
    )
  }
})
