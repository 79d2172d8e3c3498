import { type Event, MarketStream, type VenueAdapter, VenueError } from "@tidewire/core"
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as SubscriptionRef from "effect/SubscriptionRef"
import { TestClock, TestConsole } from "effect/testing"
import * as Runner from "../src/Runner.ts"

/** A venue whose connection and events the test moves by hand. */
const scripted = (name: string) =>
  Effect.gen(function* () {
    const states = yield* SubscriptionRef.make<ReadonlyMap<string, VenueAdapter.ConnectionStatus>>(new Map())
    let opened = 0
    const asked: Array<string> = []
    const ask = (what: string, connection: string | undefined) => {
      asked.push(what)
      return connection === undefined ? [] : [connection]
    }
    let emit: (event: Event.Event) => void = () => {}
    const adapter = {
      venue: name,
      capabilities: {
        channels: ["trades"],
        intervals: [],
        depths: [],
        history: { trades: false, recentTrades: false, bars: false },
        present: { quotes: false, book: false, ticker: false, mark: false, bars: false },
        fallsBack: false,
        consecutiveTradeIds: true
      },
      instruments: Effect.succeed([]),
      plan: () => ({ connections: [], notes: [] }),
      open: (_, to) =>
        Effect.sync(() => {
          opened++
          emit = to
          return {
            update: () => Effect.void,
            states,
            counts: () => ({
              frames: 0,
              events: 0,
              malformed: 1,
              unknown: 0,
              duplicates: 0,
              gaps: 2,
              resyncs: 0,
              reconnects: 3,
              rotations: 0,
              audits: 0,
              drifts: 0,
              inexact: 0,
              fallbacks: 0
            }),
            book: () => undefined,
            retellBook: () => {},
            pause: () => false,
            resume: () => {},
            rotate: (connection) => ask(`rotate ${connection}`, connection),
            reconnect: (connection) => ask(`reconnect ${connection}`, connection),
            reset: (connection) => ask(`reset ${connection}`, connection),
            samples: () => []
          }
        })
    } satisfies VenueAdapter.VenueAdapter
    const become = (state: VenueAdapter.ConnectionStatus["state"], reason?: string) =>
      SubscriptionRef.set(
        states,
        new Map([["main", { name: "main", state, attempt: 2, reason, since: 0, reconnects: 0, rotations: 0 }]])
      )
    const trade = (id: number) =>
      emit({
        type: "trade",
        venue: name,
        symbol: "BTCUSDT",
        receivedTime: 0,
        id: String(id),
        price: 1,
        size: 1,
        side: "buy",
        origin: "stream"
      })
    const gap = (repaired: boolean) =>
      emit({
        type: "gap",
        venue: name,
        symbol: "BTCUSDT",
        receivedTime: 0,
        channel: "trades",
        reason: "disconnect",
        lost: 1,
        repaired
      })
    const venue: Runner.Venue = {
      name,
      open: MarketStream.open(adapter, [{ symbol: "BTCUSDT", channel: "trades" }])
    }
    return { venue, become, trade, gap, asked, opened: () => opened }
  })

const refused: Runner.Venue = {
  name: "refused",
  open: Effect.fail(
    new VenueError.VenueError({
      venue: "refused",
      operation: "connect",
      reason: new VenueError.ConnectionFailed({ message: "no" })
    })
  )
}

const within = { startWithin: "30 seconds" } as const

describe("Runner", () => {
  it.effect("S-B3 a second start warns and changes nothing", () =>
    Effect.gen(function* () {
      const one = yield* scripted("one")
      const runner = yield* Runner.make([one.venue], () => {}, within)
      const first = yield* Effect.forkChild(runner.start)
      const second = yield* Effect.forkChild(runner.start)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(one.opened(), 1)
      yield* one.become("Active")
      yield* Fiber.join(first)
      yield* Fiber.join(second)
      yield* runner.start
      assert.strictEqual(one.opened(), 1)
      const warned = (yield* TestConsole.logLines).map(String).filter((line) => line.includes("started already"))
      assert.strictEqual(warned.length, 2)
    })
  )

  it.effect("S-A5 starts with the first Active connection, while others still connect", () =>
    Effect.gen(function* () {
      const [one, two] = [yield* scripted("one"), yield* scripted("two")]
      const runner = yield* Runner.make([one.venue, refused, two.venue], () => {}, within)
      const started = yield* Effect.forkChild(runner.start)
      yield* one.become("Reconnecting", "closed with 1006")
      yield* TestClock.adjust("29 seconds")
      assert.isUndefined(started.pollUnsafe())
      yield* two.become("Active")
      yield* Fiber.join(started)
      assert.strictEqual(
        Runner.summary(runner.venues()),
        "one/main Reconnecting (attempt 2): closed with 1006; refused: ConnectionFailed: no; two/main Active (attempt 2)"
      )
    })
  )

  it.effect("S-A5 tells what is still not Active when the time for it is over", () =>
    Effect.gen(function* () {
      const [one, two] = [yield* scripted("one"), yield* scripted("two")]
      const runner = yield* Runner.make([one.venue, refused, two.venue], () => {}, within)
      yield* one.become("Connecting", "no answer")
      yield* two.become("Active")
      yield* runner.start
      yield* TestClock.adjust("30 seconds")
      const warned = (yield* TestConsole.logLines).map(String).filter((line) => line.includes("not all"))
      assert.strictEqual(warned.length, 1)
      assert.include(
        warned[0],
        "not all connections are Active after 30s; one/main Connecting (attempt 2): no answer; refused: ConnectionFailed: no"
      )
    })
  )

  it.effect("S-A5 fails when nothing is Active within 30 seconds, and says where everything was", () =>
    Effect.gen(function* () {
      const one = yield* scripted("one")
      const runner = yield* Runner.make([one.venue, refused], () => {}, within)
      const started = yield* Effect.forkChild(Effect.flip(runner.start))
      yield* one.become("Connecting", "no answer")
      yield* TestClock.adjust("30 seconds")
      const error = yield* Fiber.join(started)
      assert.deepStrictEqual(
        { tag: error._tag, message: error.message, names: error.venues.map((each) => each.name) },
        {
          tag: "StartFailed",
          message:
            "no connection was Active within 30s; one/main Connecting (attempt 2): no answer; refused: ConnectionFailed: no",
          names: ["one", "refused"]
        }
      )
    })
  )

  it.effect("S-A6 S-C9 a stop drains to its deadline and reports what was left", () =>
    Effect.gen(function* () {
      const one = yield* scripted("one")
      const taken: Array<string> = []
      // the fourth event never comes to an end
      const handler = (event: Event.Event) => {
        taken.push(event.type === "trade" ? event.id : "")
        return taken.length === 4 ? Effect.never : undefined
      }
      const runner = yield* Runner.make([one.venue], handler, within)
      yield* one.become("Active")
      yield* runner.start
      for (const repaired of [true, false]) one.gap(repaired)
      for (let id = 1; id <= 5; id++) one.trade(id)
      const stopped = yield* Effect.forkChild(runner.stop("5 seconds"))
      yield* TestClock.adjust("5 seconds")
      assert.deepStrictEqual(yield* Fiber.join(stopped), [
        {
          venue: "one",
          left: 3,
          leftBy: [{ symbol: "BTCUSDT", channel: "trades", waiting: 3 }],
          unclosed: [],
          received: 7,
          delivered: 4,
          conflated: 0,
          dropped: 0,
          waiting: 3,
          gaps: 2,
          gapsRepaired: 1,
          reconnects: 3,
          rotations: 0,
          malformed: 1,
          fallbacks: 0
        }
      ])
      assert.deepStrictEqual(taken, ["", "", "1", "2"])
    })
  )

  it.effect("connections are renewed: open circuits are tried again, all others replaced", () =>
    Effect.gen(function* () {
      const [one, two] = [yield* scripted("one"), yield* scripted("two")]
      const runner = yield* Runner.make([one.venue, refused, two.venue], () => {}, within)
      yield* one.become("Failed")
      yield* two.become("Active")
      const before = runner.renew()
      yield* runner.start
      assert.deepStrictEqual(
        [before, runner.renew(), one.asked, two.asked],
        [{ reset: [], rotated: [] }, { reset: ["one/main"], rotated: ["two/main"] }, ["reset main"], ["rotate main"]]
      )
    })
  )

  it.effect("a handler that throws is told", () =>
    Effect.gen(function* () {
      const one = yield* scripted("one")
      const runner = yield* Runner.make(
        [one.venue],
        () => {
          throw new Error("broken handler")
        },
        within
      )
      yield* one.become("Active")
      yield* runner.start
      one.trade(1)
      const cause = yield* Effect.flip(runner.crashed)
      assert.strictEqual(String(Cause.squash(cause)), "Error: broken handler")
    })
  )
})
