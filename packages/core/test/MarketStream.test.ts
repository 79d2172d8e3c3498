import { assert, describe, it } from "@effect/vitest"
import { type Event, MarketStream, QueueOptions, type VenueAdapter } from "@tidewire/core"
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Schema from "effect/Schema"
import * as SubscriptionRef from "effect/SubscriptionRef"
import { TestClock } from "effect/testing"
import { trade } from "./events.ts"

interface Puppet {
  readonly adapter: VenueAdapter.VenueAdapter
  /** What a socket's callback does. */
  emit: (event: Event.Event) => void
  readonly calls: Array<string>
}

/** An adapter on the thin contract, moved by hand. */
const makePuppet = (): Puppet => {
  const calls: Array<string> = []
  const puppet: Puppet = {
    calls,
    emit: () => {},
    adapter: {
      venue: "reference",
      capabilities: {
        channels: ["trades"],
        intervals: [],
        depths: [],
        history: { trades: false, bars: false },
        consecutiveTradeIds: true
      },
      instruments: Effect.succeed([]),
      plan: () => ({ connections: [], notes: [] }),
      open: (_subscriptions, emit) =>
        Effect.gen(function* () {
          puppet.emit = emit
          yield* Effect.addFinalizer(() => Effect.sync(() => calls.push("closed")))
          const states = yield* SubscriptionRef.make<ReadonlyMap<string, VenueAdapter.ConnectionStatus>>(new Map())
          return {
            update: () => Effect.void,
            states,
            counts: () => ({
              frames: 0,
              events: 0,
              malformed: 0,
              unknown: 0,
              duplicates: 0,
              gaps: 0,
              resyncs: 0,
              reconnects: 0,
              rotations: 0,
              inexact: 0
            }),
            book: () => undefined,
            retellBook: () => {},
            rotate: () => [],
            reset: () => [],
            pause: ({ channel }) => calls.push(`pause ${channel}`) > 0,
            resume: ({ channel }) => void calls.push(`resume ${channel}`),
            samples: () => []
          }
        })
    }
  }
  return puppet
}

const options = (overrides: (typeof QueueOptions.QueueOptions)["Encoded"]) =>
  Schema.decodeSync(QueueOptions.QueueOptions)(overrides)

const ids = (events: ReadonlyArray<Event.Event>) =>
  events.map((event) => (event.type === "trade" ? Number(event.id) : event.type))

/** Lets everything that is due run. */
const settle = TestClock.adjust(0)

describe("MarketStream", () => {
  it.effect("S-A4 delivers what is emitted where it is emitted, in order", () =>
    Effect.gen(function* () {
      const puppet = makePuppet()
      const stream = yield* MarketStream.open(puppet.adapter, [])
      const seen: Array<Event.Event> = []
      yield* Effect.forkChild(stream.consume((event) => void seen.push(event)))
      yield* settle
      for (let id = 1; id <= 5_000; id++) puppet.emit(trade(id))
      assert.deepStrictEqual([ids(seen), stream.counts().dropped], [Array.from({ length: 5_000 }, (_, i) => i + 1), 0])
    })
  )

  it.effect("S-A3 a consumer that asks for time fills the queue, and the policy applies", () =>
    Effect.gen(function* () {
      const puppet = makePuppet()
      const stream = yield* MarketStream.open(puppet.adapter, [], options({ capacity: 10 }))
      const seen: Array<Event.Event> = []
      const gate = Deferred.makeUnsafe<void>()
      yield* Effect.forkChild(
        stream.consume((event) => {
          seen.push(event)
          return event.type === "trade" && event.id === "1" ? Deferred.await(gate) : undefined
        })
      )
      yield* settle
      puppet.emit(trade(1))
      yield* settle
      for (let id = 2; id <= 30; id++) puppet.emit(trade(id))
      yield* Deferred.succeed(gate, undefined)
      yield* settle
      const { conflated, delivered, dropped, received, waiting } = stream.counts()
      assert.deepStrictEqual(ids(seen), [1, "gap", ...Array.from({ length: 10 }, (_, index) => index + 21)])
      assert.deepStrictEqual([received, delivered, dropped, conflated, waiting], [30, 11, 19, 0, 0])
    })
  )

  it.effect("S-A3 block reads on after ten seconds and drops from then on", () =>
    Effect.gen(function* () {
      const puppet = makePuppet()
      const stream = yield* MarketStream.open(
        puppet.adapter,
        [],
        options({ capacity: 2, overflow: { trades: "block" } })
      )
      for (let id = 1; id <= 5; id++) puppet.emit(trade(id))
      yield* TestClock.adjust("9 seconds")
      const before = [...puppet.calls]
      yield* TestClock.adjust("1 second")
      puppet.emit(trade(6))
      assert.deepStrictEqual(
        [before, puppet.calls, stream.counts().dropped],
        [["pause trades"], ["pause trades", "resume trades"], 1]
      )
    })
  )

  it.effect("S-A6 stop closes the intake first, delivers what waits, and ends the consumer", () =>
    Effect.gen(function* () {
      const puppet = makePuppet()
      const stream = yield* MarketStream.open(puppet.adapter, [])
      const seen: Array<Event.Event> = []
      const consumer = yield* Effect.forkChild(stream.consume((event) => void seen.push(event)))
      yield* settle
      for (let id = 1; id <= 3; id++) puppet.emit(trade(id))
      const report = yield* stream.stop("5 seconds")
      yield* Fiber.join(consumer)
      assert.deepStrictEqual([ids(seen), report.left, puppet.calls], [[1, 2, 3], 0, ["closed"]])
    })
  )

  it.effect("S-A6 stop says what was left when the deadline comes first", () =>
    Effect.gen(function* () {
      const puppet = makePuppet()
      const stream = yield* MarketStream.open(puppet.adapter, [])
      yield* Effect.forkChild(stream.consume(() => Effect.never))
      yield* settle
      for (let id = 1; id <= 3; id++) puppet.emit(trade(id))
      yield* settle
      const stopping = yield* Effect.forkChild(stream.stop("5 seconds"))
      yield* TestClock.adjust("5 seconds")
      assert.strictEqual((yield* Fiber.join(stopping)).left, 2)
    })
  )

  it.effect("S-A3 accounts for every event of a consumer that cannot keep up, under each policy", () =>
    Effect.gen(function* () {
      for (const policy of ["drop-oldest", "drop-newest", "conflate", "block"] as const) {
        const puppet = makePuppet()
        const queue = options({ capacity: 10, overflow: { trades: policy } })
        const stream = yield* MarketStream.open(puppet.adapter, [], queue)
        const seen: Array<Event.Event> = []
        const consumer = yield* Effect.forkChild(
          stream.consume((event) => {
            seen.push(event)
            return event.type === "trade" ? Effect.sleep("10 millis") : undefined
          })
        )
        yield* settle
        for (let id = 1; id <= 200; id++) {
          puppet.emit(trade(id))
          if (id % 20 === 0) yield* TestClock.adjust("30 millis")
        }
        const stopping = yield* Effect.forkChild(stream.stop("1 minute"))
        yield* TestClock.adjust("10 seconds")
        const { counts, left } = yield* Fiber.join(stopping)
        yield* Fiber.join(consumer)
        const told = seen.reduce((total, event) => total + (event.type === "gap" ? event.lost! : 0), 0)
        const delivered = seen.filter((event) => event.type === "trade").length
        assert.deepStrictEqual(
          [left, counts.received, counts.delivered, counts.dropped, counts.received],
          [0, 200, delivered, told, delivered + counts.conflated + counts.dropped],
          policy
        )
        // a policy shows itself: something gives way, but where the socket waits
        assert.deepStrictEqual(
          [counts.dropped > 0, counts.conflated > 0, puppet.calls.includes("pause trades")],
          [policy.startsWith("drop"), policy === "conflate", policy === "block"],
          policy
        )
      }
    })
  )

  it.effect("what comes after a handler has ended its own consumption waits for the next consumer", () =>
    Effect.gen(function* () {
      const puppet = makePuppet()
      const stream = yield* MarketStream.open(puppet.adapter, [])
      const seen: Array<string> = []
      const first: Fiber.Fiber<void> = yield* Effect.forkChild(
        stream.consume((event) => {
          seen.push(`first ${event.type === "trade" ? event.id : event.type}`)
          first.interruptUnsafe()
        })
      )
      yield* settle
      puppet.emit(trade(1))
      puppet.emit(trade(2))
      yield* settle
      const waiting = stream.counts().waiting
      yield* Effect.forkChild(
        stream.consume((event) => void seen.push(`second ${event.type === "trade" ? event.id : event.type}`))
      )
      yield* settle
      assert.deepStrictEqual([waiting, seen], [1, ["first 1", "second 2"]])
    })
  )

  it.effect("what a handler makes be emitted comes after what it is handling", () =>
    Effect.gen(function* () {
      const puppet = makePuppet()
      const stream = yield* MarketStream.open(puppet.adapter, [])
      const seen: Array<string> = []
      yield* Effect.forkChild(
        stream.consume((event) => {
          if (event.type !== "trade") return
          seen.push(`begin ${event.id}`)
          if (event.id === "1") puppet.emit(trade(2))
          seen.push(`end ${event.id}`)
        })
      )
      yield* settle
      puppet.emit(trade(1))
      puppet.emit(trade(3))
      assert.deepStrictEqual(seen, ["begin 1", "end 1", "begin 2", "end 2", "begin 3", "end 3"])
    })
  )

  it.effect("a handler that throws ends its own consume with that defect, and not who emitted", () =>
    Effect.gen(function* () {
      const puppet = makePuppet()
      const stream = yield* MarketStream.open(puppet.adapter, [])
      const consumer = yield* Effect.forkChild(
        Effect.exit(
          stream.consume(() => {
            throw new Error("broken handler")
          })
        )
      )
      yield* settle
      puppet.emit(trade(1))
      const exit = yield* Fiber.join(consumer)
      assert.isTrue(Exit.isFailure(exit) && Cause.pretty(exit.cause).includes("broken handler"))
    })
  )
})
