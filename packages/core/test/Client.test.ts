import { assert, describe, it } from "@effect/vitest"
import { Client, type Event, StreamRequest, type VenueAdapter } from "@tidewire/core"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { vi } from "vitest"
import { ScriptedDriver } from "./referenceVenue.ts"
import { adapter, until } from "./scriptedAdapter.ts"

const make = (driver: ScriptedDriver, request: Partial<StreamRequest.VenueRequest> = {}) =>
  Client.make(adapter, { venue: "reference", driver: driver.layer, ...request })

const isAsked = (driver: ScriptedDriver, sockets = 1) =>
  until(() => driver.sockets.length === sockets && driver.last.sent.length > 0)

const ids = (events: ReadonlyArray<Event.Trade>) => events.map(({ id }) => Number(id))

describe("Client", () => {
  it("S-E1 a loop has as many iterations as it is asked for, in order, then closes its socket", async () => {
    const driver = new ScriptedDriver()
    const client = make(driver)
    const seen: Array<Event.Trade> = []
    const running = client.watchTrades("aaa", { maxIterations: 3 }).run((trade) => void seen.push(trade))
    await isAsked(driver)
    for (let id = 1; id <= 10; id++) driver.last.receive({ trade: ["AAA", id] })
    assert.deepStrictEqual([await running, ids(seen), driver.last.isOpen], [3, [1, 2, 3], false])
    assert.throws(() => client.watchTrades("AAA", { maxIterations: 0 }), RangeError)
  })

  it("S-E1 each watch gives events of its own kind, and tells gaps and states beside them", async () => {
    const driver = new ScriptedDriver()
    const client = make(driver)
    const told: Array<string> = []
    const kinds: Array<string> = []
    const options = { maxIterations: 1 }
    const loops = [
      client.watchTrades("AAA", { ...options, onState: ({ type }) => void told.push(type) }),
      client.watchQuotes("AAA", options),
      client.watchBars("AAA", "1m", options),
      client.watchTicker("AAA", options),
      client.watchMark("AAA", options),
      client.watchLiquidations("AAA", options),
      client.watchBook("AAA", options)
    ]
    const all = Promise.all(loops.map((loop) => loop.run(({ type }) => void kinds.push(type))))
    await until(() => driver.sockets.length === 7 && driver.sockets.every(({ sent }) => sent.length > 0))
    driver.carrying("AAA.trades").receive({ trade: ["AAA", 1] })
    driver.carrying("AAA.quotes").receive({ quote: ["AAA", 1] })
    driver.carrying("AAA.bars:1m").receive({ bar: ["AAA", 1, false] })
    for (const each of driver.sockets) each.receive({ stats: ["AAA", 1] })
    driver.carrying("AAA.liquidations").receive({ liquidation: ["AAA", 1] })
    driver.carrying("AAA.book").receive({ delta: ["AAA", 11, 11] })
    await all
    assert.deepStrictEqual(kinds.toSorted(), ["bar", "book", "liquidation", "mark", "quote", "ticker", "trade"])
    assert.includeMembers(told, ["connection", "subscription"])
  })

  it("S-D7 one socket carries the symbols of a watch where connections are shared", async () => {
    const driver = new ScriptedDriver()
    const client = make(driver, { connection: { isolation: "shared" } })
    const seen: Array<string> = []
    const running = client
      .watchTicker(["AAA", "BBB", "CCC"], { maxIterations: 3 })
      .run((each) => void seen.push(each.symbol))
    await isAsked(driver)
    for (const symbol of ["AAA", "BBB", "CCC"]) driver.last.receive({ stats: [symbol, 1] })
    await running
    assert.deepStrictEqual([driver.sockets.length, seen], [1, ["AAA", "BBB", "CCC"]])
  })

  it("S-E1 stop ends the loops that run, with what waited, and others may begin", async () => {
    const driver = new ScriptedDriver()
    const client = make(driver)
    const seen: Array<number> = []
    const running = client.watchTrades("AAA").run(async ({ id }) => {
      seen.push(Number(id))
      // one has come, two more come meanwhile, and then it is stopped
      if (id === "3") client.stop()
      await new Promise((resolve) => setImmediate(resolve))
    })
    await isAsked(driver)
    for (let id = 1; id <= 5; id++) driver.last.receive({ trade: ["AAA", id] })
    assert.deepStrictEqual([await running, seen, driver.last.isOpen], [5, [1, 2, 3, 4, 5], false])
    const again = client.watchTrades("AAA", { maxIterations: 1 }).run(() => {})
    await isAsked(driver, 2)
    driver.last.receive({ trade: ["AAA", 6] })
    assert.strictEqual(await again, 1)
  })

  it("S-E1 close waits until every loop has drained, ends those in which nothing happens, and lets none begin", async () => {
    const driver = new ScriptedDriver()
    const client = make(driver)
    const seen: Array<number> = []
    const busy = client.watchTrades("AAA").run(async ({ id }) => {
      await new Promise((resolve) => setImmediate(resolve))
      seen.push(Number(id))
    })
    const idle = client.watchTrades("BBB").run(() => {})
    await until(() => driver.sockets.length === 2 && driver.sockets.every(({ sent }) => sent.length > 0))
    for (let id = 1; id <= 5; id++) driver.carrying("AAA.trades").receive({ trade: ["AAA", id] })
    await client.close()
    const atClose = [...seen]
    assert.deepStrictEqual(
      [atClose, driver.sockets.map(({ isOpen }) => isOpen), await busy, await idle],
      [[1, 2, 3, 4, 5], [false, false], 5, 0]
    )
    const refused = await client
      .watchTrades("AAA")
      .run(() => {})
      .catch(String)
    assert.strictEqual(refused, "Error: the client of reference is closed")
  })

  it("an iterable that is left closes its socket, though a pull of it waits", async () => {
    const driver = new ScriptedDriver()
    const loop = make(driver).watchTrades("AAA")[Symbol.asyncIterator]()
    const pull = loop.next()
    await isAsked(driver)
    assert.deepStrictEqual([(await loop.return?.())?.done, (await pull).done, driver.last.isOpen], [true, true, false])
  })

  it("a loop that nobody comes back to lets its client close: its socket at once, the rest after five seconds", async () => {
    const driver = new ScriptedDriver()
    const client = make(driver)
    const pull = client.watchTrades("AAA")[Symbol.asyncIterator]().next()
    await isAsked(driver)
    driver.last.receive({ trade: ["AAA", 1] })
    assert.isFalse((await pull).done)
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
    try {
      let isClosed = false
      const closing = client.close().then(() => (isClosed = true))
      await until(() => !driver.last.isOpen)
      await vi.advanceTimersByTimeAsync(4_900)
      const before = isClosed
      await vi.advanceTimersByTimeAsync(200)
      await closing
      assert.deepStrictEqual([before, client.status().loops], [false, 0])
    } finally {
      vi.useRealTimers()
    }
  })

  it("what a handler throws ends its loop, closes its socket and comes back", async () => {
    const driver = new ScriptedDriver()
    const running = make(driver)
      .watchTrades("AAA")
      .run(() => {
        throw new Error("broken")
      })
      .catch(String)
    await isAsked(driver)
    driver.last.receive({ trade: ["AAA", 1] })
    assert.deepStrictEqual([await running, driver.last.isOpen], ["Error: broken", false])
  })

  it("S-E1 an unknown venue is a typed error with the nearest spellings, before anything runs", async () => {
    const refusal = (run: () => unknown): unknown => {
      try {
        return run()
      } catch (error) {
        return error
      }
    }
    const error = refusal(() => Client.make(adapter, { venue: "refrence" }))
    assert.instanceOf(error, StreamRequest.UnknownVenue)
    assert.deepStrictEqual(
      [error._tag, error.given, error.nearest, error.message],
      [
        "UnknownVenue",
        "refrence",
        ["reference"],
        "reference serves reference, broken, not refrence (did you mean reference?)"
      ]
    )
    const exit = await Effect.runPromiseExit(Effect.scoped(Client.scoped(adapter, { venue: "refrence" })))
    assert.isTrue(Exit.isFailure(exit) && String(exit.cause).includes("did you mean reference?"))
  })

  it("S-E1 passes environment, endpoints and options, credentials among them, through to the adapter", async () => {
    const driver = new ScriptedDriver()
    const settings: Array<unknown> = []
    const asking: VenueAdapter.AdapterModule<{ readonly stream: string }, { readonly key?: string }> = {
      ...adapter,
      make: (given) => {
        const { endpoints, environment, name, options } = given
        settings.push({ endpoints, environment, name, options })
        return adapter.make(given)
      }
    }
    const given = { environment: "testnet", name: "mine", endpoints: { stream: "ws://x" }, options: { key: "secret" } }
    const client = Client.make(asking, { venue: "reference", driver: driver.layer, ...given })
    const running = client.watchTrades("AAA").run(() => {})
    await isAsked(driver)
    await client.close()
    await running
    assert.deepStrictEqual(settings, [given])
  })

  it("its status has the streams that deliver, gaps and reconnects, those of ended loops too", async () => {
    const driver = new ScriptedDriver()
    const client = make(driver, { connection: { reconnect: { base: "1 millis" } } })
    const running = client.watchTrades(["AAA", "aaa", "BBB"]).run(() => {})
    await until(() => driver.sockets.length === 2 && driver.sockets.every(({ sent }) => sent.length > 0))
    driver.carrying("AAA.trades").receive({ trade: ["AAA", 1] })
    driver.carrying("BBB.trades").receive({ trade: ["BBB", 7] })
    await until(() => client.status().streams.active === 2 && client.status().lastEventTime === 7)
    const before = client.status()
    driver.carrying("AAA.trades").receive({ trade: ["AAA", 5] })
    driver.carrying("AAA.trades").close()
    await until(() => client.status().reconnects === 1)
    await client.close()
    await running
    const { connections, gaps, loops, reconnects, streams } = client.status()
    assert.deepStrictEqual(
      [before, { connections, loops, reconnects, streams }],
      [
        {
          venue: "reference",
          loops: 1,
          streams: { total: 2, active: 2 },
          connections: { total: 2, active: 2 },
          gaps: 0,
          reconnects: 0,
          lastEventTime: 7
        },
        { connections: { total: 0, active: 0 }, loops: 0, reconnects: 1, streams: { total: 0, active: 0 } }
      ]
    )
    assert.isAtLeast(gaps, 1)
  })

  it("with Effect a loop is a Stream, and a scope closes the client", async () => {
    const driver = new ScriptedDriver()
    const scope = Scope.makeUnsafe()
    const request = { venue: "reference", driver: driver.layer }
    const client = await Effect.runPromise(Client.scoped(adapter, request).pipe(Scope.provide(scope)))
    const taking = Effect.runPromise(client.watchTrades("AAA").stream.pipe(Stream.take(2), Stream.runCollect))
    await isAsked(driver)
    for (let id = 1; id <= 5; id++) driver.last.receive({ trade: ["AAA", id] })
    assert.deepStrictEqual([ids(await taking), driver.last.isOpen], [[1, 2], false])

    const interrupted = Effect.runFork(client.watchTrades("AAA").stream.pipe(Stream.runDrain))
    await isAsked(driver, 2)
    await Effect.runPromise(Fiber.interrupt(interrupted))
    await until(() => !driver.last.isOpen)

    const failed = await Effect.runPromise(client.watch("AAA", ["trade"]).stream.pipe(Stream.runDrain, Effect.flip))
    assert.strictEqual((failed as StreamRequest.UnknownChannel)._tag, "UnknownChannel")

    const held = client.watchTrades("AAA").run(() => {})
    await isAsked(driver, 3)
    await Effect.runPromise(Scope.close(scope, Exit.void))
    assert.deepStrictEqual([await held, driver.last.isOpen], [0, false])

    const late = await Effect.runPromiseExit(client.watchTrades("AAA").stream.pipe(Stream.runDrain))
    assert.isTrue(Exit.isFailure(late) && Cause.hasDies(late.cause))
  })
})
