/** What a store missed between two runs: series by series, of venues whose past is scripted. */
import { assert, describe, it } from "@effect/vitest"
import { type Event, EventBus, VenueError, type VenueAdapter } from "@tidewire/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import { TestClock } from "effect/testing"
import type { Told } from "../../src/output/Output.ts"
import * as Backfill from "../../src/store/Backfill.ts"
import { Firsts } from "../../src/store/Firsts.ts"
import type { Last } from "../../src/store/Store.ts"
import type { PreparedVenue } from "../../src/venues/PreparedVenue.ts"
import { bar, NOON, trade } from "./events.ts"

interface Script {
  readonly history: VenueAdapter.History
  readonly last: Partial<Last>
  /** What the run hears first. */
  readonly live: ReadonlyArray<Event.Trade | Event.Bar>
  readonly consecutive?: boolean
}

/** What is stored in the end: events by id or open time, and gaps. */
const mended = ({ consecutive = true, history, last, live }: Script) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(NOON + 600_000)
    const bus = new EventBus.EventBus<Told>({ onFailure: ({ error }) => assert.fail(String(error)) })
    const adapter = {
      history,
      capabilities: { consecutiveTradeIds: consecutive }
    } as unknown as VenueAdapter.VenueAdapter
    const venue = { name: "reef", adapter: Result.succeed(adapter) } as unknown as PreparedVenue
    const firsts = new Firsts(bus)
    const stored: Array<Told> = []
    const fiber = yield* Effect.forkChild(
      Backfill.mend({
        venues: [venue],
        firsts,
        last: { trades: [], bars: [], ...last },
        within: Duration.hours(1),
        offer: (events) => Effect.sync(() => void stored.push(...events))
      })
    )
    yield* TestClock.adjust("1 second")
    assert.deepStrictEqual(stored, [], "nothing is asked for before the run hears of the series")
    for (const event of live) bus.publish(event)
    yield* TestClock.adjust("5 minutes")
    yield* Fiber.join(fiber)
    return {
      kept: stored.flatMap((event) =>
        event.type === "trade" ? event.id : event.type === "bar" ? event.openTime - NOON : []
      ),
      gaps: stored.flatMap((event) =>
        event.type === "gap"
          ? [`${event.channel} ${event.from}..${event.to} lost ${event.lost} repaired ${event.repaired}`]
          : []
      )
    }
  })

const lastTrade = (id: string, over: Partial<Last["trades"][number]> = {}) => ({
  trades: [{ venue: "reef", symbol: "BTCUSDT", id, time: NOON, recentIds: [], ...over }]
})

/** A venue that has all trades up to a number. */
const all = (until: number, asked: Array<string> = []): VenueAdapter.History => ({
  trades: ({ fromId, limit }) => {
    asked.push(`${fromId}+${limit}`)
    const first = Number(fromId)
    const count = Math.max(0, Math.min(limit, until - first + 1))
    return Effect.succeed(Array.from({ length: count }, (_, at) => trade(first + at, { origin: "backfill" })))
  }
})

const unavailable = Effect.fail(
  new VenueError.VenueError({
    venue: "reef",
    operation: "trades",
    reason: new VenueError.VenueUnavailable({ message: "closed for the night" })
  })
)

describe("a start", () => {
  it.effect("fetches the trades between the last stored and the first of this run, page by page, and none twice", () =>
    Effect.gen(function* () {
      const asked: Array<string> = []
      const { gaps, kept } = yield* mended({
        history: all(9_999, asked),
        last: lastTrade("10"),
        live: [trade(2_100), trade(2_101)]
      })
      assert.deepStrictEqual(
        kept,
        Array.from({ length: 2_089 }, (_, at) => String(at + 11))
      )
      assert.deepStrictEqual(asked, ["11+1000", "1011+1000", "2011+89"])
      assert.deepStrictEqual(gaps, ["trades 10..2100 lost 2089 repaired true"])
    })
  )

  it.effect("tells nothing where nothing is missing", () =>
    Effect.gen(function* () {
      const live = [trade(11)]
      assert.deepStrictEqual(yield* mended({ history: all(9), last: lastTrade("10"), live }), { kept: [], gaps: [] })
    })
  )

  it.effect("tells a gap where the venue has no more, is away, shows no past, or it is too long ago", () =>
    Effect.gen(function* () {
      const live = [trade(20)]
      const of = (history: VenueAdapter.History, last = lastTrade("10")) => mended({ history, last, live })
      assert.deepStrictEqual(yield* of(all(15)), {
        kept: ["11", "12", "13", "14", "15"],
        gaps: ["trades 10..20 lost 9 repaired false"]
      })
      const missed = { kept: [], gaps: ["trades 10..20 lost 9 repaired false"] }
      assert.deepStrictEqual(yield* of({ trades: () => unavailable }), missed)
      assert.deepStrictEqual(yield* of(all(99), lastTrade("10", { time: NOON - 3_600_001 })), missed)
      assert.deepStrictEqual(yield* of({}), {
        kept: [],
        gaps: [`trades ${NOON}..${NOON + 20} lost null repaired false`]
      })
    })
  )

  it.effect("meets what is stored among the latest where ids are no numbers, or says that it did not", () =>
    Effect.gen(function* () {
      const named = (number: number) => trade(number, { id: `t-${number}` })
      const latest = (from: number): VenueAdapter.History => ({
        recentTrades: () => Effect.succeed(Array.from({ length: 8 }, (_, at) => named(from + at)))
      })
      const last = lastTrade("t-4", { time: NOON + 4, recentIds: ["t-2", "t-3", "t-4"] })
      assert.deepStrictEqual(yield* mended({ history: latest(1), last, live: [named(7)], consecutive: false }), {
        kept: ["t-5", "t-6"],
        gaps: [`trades ${NOON + 4}..${NOON + 7} lost 2 repaired true`]
      })
      assert.deepStrictEqual(yield* mended({ history: latest(6), last, live: [named(9)], consecutive: false }), {
        kept: ["t-6", "t-7", "t-8"],
        gaps: [`trades ${NOON + 4}..${NOON + 9} lost null repaired false`]
      })
    })
  )

  it.effect("fetches the bars that closed meanwhile, of the time that it may", () =>
    Effect.gen(function* () {
      const asked: Array<unknown> = []
      const bars: VenueAdapter.History = {
        bars: ({ from, to }) => {
          asked.push([(from - NOON) / 60_000, (to - NOON) / 60_000])
          const count = (to - from) / 60_000 + 1
          return Effect.succeed(Array.from({ length: count }, (_, at) => bar((from - NOON) / 60_000 + at)))
        }
      }
      const lastBar = (minute: number) => ({
        bars: [{ venue: "reef", symbol: "BTCUSDT", interval: "1m", openTime: NOON + minute * 60_000 }]
      })
      const live = [bar(9, { isFinal: false })]
      assert.deepStrictEqual(yield* mended({ history: bars, last: lastBar(6), live }), {
        kept: [7 * 60_000, 8 * 60_000],
        gaps: [`bars:1m ${NOON + 360_000}..${NOON + 540_000} lost 2 repaired true`]
      })
      assert.deepStrictEqual(yield* mended({ history: bars, last: lastBar(8), live }), { kept: [], gaps: [] })
      const long = yield* mended({ history: bars, last: lastBar(-60), live })
      assert.deepStrictEqual(asked, [
        [7, 8],
        [-50, 8]
      ])
      assert.deepStrictEqual(long.gaps, [`bars:1m ${NOON - 3_600_000}..${NOON + 540_000} lost 68 repaired false`])
    })
  )
})
