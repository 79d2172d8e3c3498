import { assert, describe, it } from "@effect/vitest"
import { type Event, MarketStream, QueueOptions, type VenueAdapter, VenueError } from "@tidewire/core"
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import * as SubscriptionRef from "effect/SubscriptionRef"
import { TestClock } from "effect/testing"
import { bookState, quote, snapshot, trade } from "./events.ts"

interface Puppet {
  readonly adapter: VenueAdapter.VenueAdapter
  /** What an update of the feed does beside being written down. */
  onUpdate: () => Effect.Effect<void, VenueError.VenueError>
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
    onUpdate: () => Effect.void,
    adapter: {
      venue: "reference",
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
      open: (_subscriptions, emit) =>
        Effect.gen(function* () {
          puppet.emit = emit
          yield* Effect.addFinalizer(() => Effect.sync(() => calls.push("closed")))
          const states = yield* SubscriptionRef.make<ReadonlyMap<string, VenueAdapter.ConnectionStatus>>(new Map())
          return {
            update: (wanted, reasons) =>
              Effect.suspend(() => {
                const keys = wanted.map(({ channel, symbol }) => `${symbol} ${channel}`)
                calls.push(`update ${[...keys, ...(reasons?.values() ?? [])].join(", ")}`)
                return puppet.onUpdate()
              }),
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
              audits: 0,
              drifts: 0,
              inexact: 0,
              fallbacks: 0
            }),
            book: () => undefined,
            retellBook: () => {},
            pause: ({ channel }) => calls.push(`pause ${channel}`) > 0,
            resume: ({ channel }) => void calls.push(`resume ${channel}`),
            rotate: () => [],
            reconnect: () => [],
            reset: () => [],
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
      assert.deepStrictEqual(stream.streams(), [
        {
          symbol: "AAA",
          channel: "trades",
          delivered: 11,
          conflated: 0,
          dropped: 19,
          waiting: 0,
          last: trade(30)
        }
      ])
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

  it.effect("S-A3 block counts the ten seconds of each pause from its own beginning", () =>
    Effect.gen(function* () {
      const puppet = makePuppet()
      const stream = yield* MarketStream.open(
        puppet.adapter,
        [],
        options({ capacity: 2, overflow: { trades: "block" } })
      )
      const drain = Effect.gen(function* () {
        const consumer = yield* Effect.forkChild(stream.consume(() => {}))
        yield* settle
        yield* Fiber.interrupt(consumer)
      })
      for (let id = 1; id <= 3; id++) puppet.emit(trade(id))
      yield* TestClock.adjust("6 seconds")
      yield* drain
      for (let id = 4; id <= 6; id++) puppet.emit(trade(id))
      yield* TestClock.adjust("9 seconds")
      puppet.emit(trade(7))
      const before = [puppet.calls.length, stream.counts().dropped]
      yield* TestClock.adjust("1 second")
      puppet.emit(trade(8))
      assert.deepStrictEqual(
        [before, puppet.calls, stream.counts().dropped],
        [[3, 0], ["pause trades", "resume trades", "pause trades", "resume trades"], 1]
      )
    })
  )

  it.effect("S-A3 a symbol that fills as fast as it is drained keeps no other one waiting", () =>
    Effect.gen(function* () {
      const puppet = makePuppet()
      const stream = yield* MarketStream.open(puppet.adapter, [], options({ capacity: 10 }))
      const seen: Array<string> = []
      let id = 0
      const busy = () => puppet.emit({ ...trade(++id), symbol: "BUSY" })
      yield* Effect.forkChild(
        stream.consume((event) => {
          if (event.type !== "trade") return undefined
          seen.push(event.symbol)
          if (event.symbol === "BUSY") busy()
          return Effect.sleep("1 second")
        })
      )
      yield* settle
      busy()
      busy()
      for (let other = 1; other <= 3; other++) puppet.emit({ ...trade(other), symbol: "OTHER" })
      yield* TestClock.adjust("5 seconds")
      assert.deepStrictEqual(seen, ["BUSY", "BUSY", "OTHER", "BUSY", "OTHER", "BUSY"])
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

  const on = (symbol: string, event: Event.MarketEvent): Event.Event => ({ ...event, symbol })

  it.effect("S-A6 a stop says what the deadline left of each channel, most first", () =>
    Effect.gen(function* () {
      const puppet = makePuppet()
      const stream = yield* MarketStream.open(puppet.adapter, [{ symbol: "AAA", channel: "book:20" }])
      yield* Effect.forkChild(stream.consume(() => Effect.never))
      yield* settle
      for (let id = 1; id <= 4; id++) puppet.emit(trade(id))
      for (let id = 1; id <= 5; id++) puppet.emit(on("BBB", quote(id)))
      puppet.emit(snapshot(7))
      puppet.emit(bookState("live"))
      puppet.emit({
        type: "connection",
        venue: "reference",
        receivedTime: 0,
        connection: "c",
        state: "Active",
        attempt: 0
      })
      const stopping = yield* Effect.forkChild(stream.stop("3 seconds"))
      yield* TestClock.adjust("3 seconds")
      const report = yield* Fiber.join(stopping)
      assert.deepStrictEqual(report, {
        left: 11,
        leftBy: [
          { symbol: "BBB", channel: "quotes", waiting: 5 },
          { symbol: "AAA", channel: "trades", waiting: 3 },
          { symbol: "AAA", channel: "book:20", waiting: 1 },
          { symbol: "AAA", channel: "state", waiting: 1 },
          { symbol: "", channel: "state", waiting: 1 }
        ],
        unclosed: [],
        counts: { received: 12, delivered: 1, conflated: 0, dropped: 0, waiting: 11 }
      })
    })
  )

  it.effect("S-A6 a stop does not wait without end for what does not close, and names it", () =>
    Effect.gen(function* () {
      const puppet = makePuppet()
      const hanging: VenueAdapter.VenueAdapter = {
        ...puppet.adapter,
        open: (subscriptions, emit) =>
          Effect.gen(function* () {
            const feed = yield* puppet.adapter.open(subscriptions, emit)
            const status = { attempt: 0, reason: undefined, since: 0, reconnects: 0, rotations: 0 }
            yield* SubscriptionRef.set(
              feed.states,
              new Map([
                ["one", { name: "one", state: "Active", ...status }],
                ["two", { name: "two", state: "Stopped", ...status }]
              ])
            )
            yield* Effect.addFinalizer(() => Effect.never)
            return feed
          })
      }
      const { report, took } = yield* Effect.scopedWith((scope) =>
        Effect.gen(function* () {
          const stream = yield* Scope.provide(MarketStream.open(hanging, []), scope)
          yield* Effect.forkChild(stream.consume(() => {}))
          const stopping = yield* Effect.forkChild(stream.stop("3 seconds"))
          let took = 0
          while (stopping.pollUnsafe() === undefined && took < 60) {
            yield* TestClock.adjust("1 second")
            took++
          }
          return { report: yield* Fiber.join(stopping), took }
        })
      )
      assert.deepStrictEqual([report.unclosed, report.left, took], [["one"], 0, 5])
    })
  )

  it.effect("an update reaches the feed with its reasons; a book is of the channel that it is asked for as now", () =>
    Effect.gen(function* () {
      const puppet = makePuppet()
      const stream = yield* MarketStream.open(puppet.adapter, [{ symbol: "AAA", channel: "book:5" }])
      yield* Effect.forkChild(stream.consume((event) => (event.type === "trade" ? Effect.never : undefined)))
      yield* settle
      puppet.emit(snapshot(1))
      // what comes while the feed changes is of the new channel already
      puppet.onUpdate = () => Effect.sync(() => puppet.emit(on("CCC", snapshot(1))))
      yield* stream.update(
        [
          { symbol: "AAA", channel: "book:20" },
          { symbol: "CCC", channel: "book:5" }
        ],
        new Map([["BBB", "delisted"]])
      )
      puppet.emit(trade(1))
      puppet.emit(snapshot(2))
      puppet.emit(on("CCC", snapshot(2)))
      const stopping = yield* Effect.forkChild(stream.stop("1 second"))
      yield* TestClock.adjust("1 second")
      const { leftBy } = yield* Fiber.join(stopping)
      yield* stream.update([{ symbol: "AAA", channel: "book:20" }])
      assert.deepStrictEqual(
        [puppet.calls, leftBy.map(({ channel, symbol }) => `${symbol} ${channel}`)],
        [
          ["update AAA book:20, CCC book:5, delisted", "closed"],
          ["AAA book:20", "CCC book:5"]
        ]
      )
    })
  )

  it.effect("an update that fails leaves everything as it was", () =>
    Effect.gen(function* () {
      const puppet = makePuppet()
      const stream = yield* MarketStream.open(
        puppet.adapter,
        [{ symbol: "AAA", channel: "trades" }],
        options({ capacity: 2 })
      )
      const reason = new VenueError.Unsupported({ message: "no" })
      puppet.onUpdate = () => Effect.fail(new VenueError.VenueError({ venue: "x", operation: "subscribe", reason }))
      const failed = yield* Effect.flip(stream.update([]))
      for (let id = 1; id <= 3; id++) puppet.emit(trade(id))
      yield* TestClock.adjust("10 seconds")
      const seen: Array<Event.Event> = []
      yield* Effect.forkChild(stream.consume((event) => void seen.push(event)))
      yield* settle
      assert.deepStrictEqual([failed.reason, ids(seen), stream.counts().received], [reason, ["gap", 2, 3], 3])
    })
  )

  it.effect("the queue of a symbol that went is given up once drained, its last hole told, its counts kept", () =>
    Effect.gen(function* () {
      const puppet = makePuppet()
      const stream = yield* MarketStream.open(
        puppet.adapter,
        [{ symbol: "AAA", channel: "trades" }],
        options({ capacity: 2, overflow: { trades: "drop-newest" } })
      )
      const seen: Array<Event.Event> = []
      const gate = Deferred.makeUnsafe<void>()
      yield* Effect.forkChild(
        stream.consume((event) => {
          seen.push(event)
          return seen.length === 1 ? Deferred.await(gate) : undefined
        })
      )
      yield* settle
      for (let id = 1; id <= 5; id++) puppet.emit(trade(id))
      yield* stream.update([])
      yield* TestClock.adjust("1 minute")
      const before = [ids(seen), stream.counts()]
      yield* Deferred.succeed(gate, undefined)
      yield* TestClock.adjust("2 seconds")
      const { conflated, delivered, dropped, received, waiting } = stream.counts()
      assert.deepStrictEqual(
        [before, ids(seen), [received, delivered, conflated, dropped, waiting]],
        [
          [[1], { received: 5, delivered: 1, conflated: 0, dropped: 2, waiting: 2 }],
          [1, 2, 3, "gap"],
          [5, 3, 0, 2, 0]
        ]
      )
    })
  )

  it.effect("symbols that come and go leave no queue behind", () =>
    Effect.gen(function* () {
      const puppet = makePuppet()
      let made = 0
      const adapter: VenueAdapter.VenueAdapter = {
        ...puppet.adapter,
        capabilities: {
          ...puppet.adapter.capabilities,
          // asked once for each queue
          get consecutiveTradeIds() {
            made++
            return true
          }
        }
      }
      const stream = yield* MarketStream.open(adapter, [])
      yield* Effect.forkChild(stream.consume(() => {}))
      yield* settle
      for (let round = 0; round < 10; round++) {
        yield* stream.update([{ symbol: "AAA", channel: "trades" }])
        puppet.emit(trade(round))
        puppet.emit(trade(round))
        yield* stream.update([])
        yield* settle
      }
      assert.deepStrictEqual([made, stream.counts().delivered], [10, 20])
    })
  )
})
