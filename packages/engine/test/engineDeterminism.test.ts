import { assert, describe, it } from "@effect/vitest"
import type { Event } from "@tidewire/core"
import type { Strategy } from "@tidewire/engine"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { seeded } from "./random.ts"
import { quote, running } from "./runningEngine.ts"

/** Does at random what a strategy may do, and notes all it hears. */
const restless = (heard: Array<string>): Partial<Strategy.Strategy> => {
  const note = (what: string, context: Strategy.Context) => void heard.push(`${context.now()} ${what}`)
  return {
    onStart: (context) => note("start", context),
    onQuote: ({ ask, bid }, context) => {
      note(`quote ${bid} ${ask}`, context)
      const open = context.orders()
      const dice = context.random()
      const victim = open[Math.floor(context.random() * open.length)]
      if (victim !== undefined && dice < 0.2) context.cancel(victim.clientOrderId)
      else if (victim !== undefined && dice < 0.3) context.amend(victim.clientOrderId, { price: String(bid - 1) })
      else if (dice < 0.8) {
        const side = context.random() < 0.5 ? "buy" : "sell"
        const price = String(side === "buy" ? bid + Math.floor(context.random() * 3) - 1 : ask)
        // some are larger than what the account has, and are rejected by the venue
        const size = String(1 + Math.floor(context.random() * 60))
        const timeInForce = context.random() < 0.2 ? "postOnly" : "gtc"
        context.submit({ venue: "v", symbol: "BTCUSDT", side, kind: "limit", size, price, timeInForce })
      }
    },
    onTrade: ({ price, size }, context) => note(`trade ${size} at ${price}`, context),
    onOrder: ({ filled, reason = "", size, status }, context) =>
      note(`order ${status} ${filled}/${size} ${reason}`, context),
    onFill: ({ id, price, size }, context) => note(`fill ${id} ${size} at ${price}`, context),
    onBalance: ({ asset, free, total }, context) => note(`balance ${asset} ${free}/${total}`, context),
    onTimer: ({ time }, context) => note(`timer ${time}`, context)
  }
}

/** A market that wanders, from a second on. */
const market = (seed: number, count: number): ReadonlyArray<Event.Event> => {
  const random = seeded(seed)
  const events: Array<Event.Event> = []
  let at = 1_000
  let price = 100
  for (let index = 0; index < count; index++) {
    at += random.below(random.chance(0.1) ? 2_000 : 20)
    price = Math.max(10, price + random.below(3) - 1)
    if (random.chance(0.7)) events.push(quote(at, price, price + 1))
    else {
      const side = random.pick(["buy", "sell"] as const)
      const trade = { type: "trade", venue: "v", symbol: "BTCUSDT", receivedTime: at, origin: "stream" } as const
      events.push({ ...trade, id: String(index), price: side === "buy" ? price + 1 : price, size: 7, side })
    }
  }
  // nothing is asked for any more: whatever is on its way arrives
  const end = { type: "trade", venue: "v", symbol: "BTCUSDT", receivedTime: at + 5_000, origin: "stream" } as const
  return [...events, { ...end, id: "end", price, size: 1, side: "buy" }]
}

type Pace = (at: number) => Effect.Effect<void>

const runOf = (events: ReadonlyArray<Event.Event>, pace: Pace) =>
  Effect.gen(function* () {
    const heard: Array<string> = []
    const limits = {
      maxNotional: "none",
      maxPosition: "none",
      maxDailyLoss: "none",
      checkBalance: false,
      maxOrdersPerSecond: 1e6,
      maxOrdersPerMinute: 1e6
    }
    const { engine, told } = yield* running({ restless: restless(heard) }, { limits })
    yield* engine.start
    for (const event of events) {
      yield* pace(event.receivedTime)
      engine.take(event)
    }
    yield* TestClock.setTime(events.at(-1)!.receivedTime + 10_000)
    return { heard, told, pnl: engine.portfolio.summary() }
  }).pipe(Effect.scoped, Effect.provide(TestClock.layer()))

describe("Engine, run again", () => {
  it.effect.each([1, 2, 3, 4, 5])(
    "S-D1 the same events give the same run, all at once or each in its time (seed %i)",
    (seed) =>
      Effect.gen(function* () {
        const events = market(seed, 600)
        const atOnce = yield* runOf(events, () => Effect.void)
        const turnByTurn = yield* runOf(events, () => Effect.yieldNow)
        const inTime = yield* runOf(events, (at) => TestClock.setTime(at))
        const late = yield* runOf(events, (at) => TestClock.setTime(at + 200))
        assert.isAbove(atOnce.heard.filter((line) => line.includes(" fill ")).length, 10)
        assert.isAbove(atOnce.heard.filter((line) => line.includes("rejected")).length, 10)
        assert.deepStrictEqual(turnByTurn, atOnce)
        assert.deepStrictEqual(inTime, atOnce)
        assert.deepStrictEqual(late, atOnce)
      }),
    60_000
  )
})
