import { assert, describe, it } from "@effect/vitest"
import { type Event, Manager } from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { ScriptedDriver } from "./referenceVenue.ts"
import { adapter, until } from "./scriptedAdapter.ts"

const make = (driver: ScriptedDriver, ...names: ReadonlyArray<string>) => {
  const manager = Manager.make({ store: { now: () => 100_000 } })
  for (const name of names) {
    const venue = name === "broken" ? "broken" : "reference"
    manager.add(adapter, { venue, name, symbols: ["AAA", "BBB"], driver: driver.layer })
  }
  return manager
}

/** Every socket that is to be has been asked for something. */
const isRunning = (driver: ScriptedDriver, manager: Manager.Manager, streams: number) =>
  until(() => driver.sockets.every(({ sent }) => sent.length > 0) && manager.status().connections.active === streams)

describe("Manager", () => {
  it("S-E2 runs tickers and bars of many symbols on many venues, into one collector and the handlers", async () => {
    const driver = new ScriptedDriver()
    const manager = make(driver, "one", "two")
    const heard: Array<string> = []
    manager.bus.on("ticker", ({ symbol }) => heard.push(symbol))
    manager.bus.on("bar", () => {
      throw new Error("broken")
    })
    const running = manager.run()
    await isRunning(driver, manager, 4)
    for (const socket of driver.sockets) {
      const symbol = socket.sent.flatMap(({ sub = [] }) => sub)[0]!.slice(0, 3)
      socket.receive({ bar: [symbol, 1, false, 5] })
      socket.receive({ stats: [symbol, 1] })
    }
    await until(() => manager.status().streams.active === 8)
    const status = manager.status()
    manager.stop()
    const report = await running
    assert.deepStrictEqual(
      [
        heard.toSorted(),
        manager.collector.latestBar("reference", "AAA", "1m")?.openTime,
        manager.collector.latestTicker("reference", "BBB")?.last,
        [status.streams, status.connections, status.gaps, status.reconnects, status.handlerFailures],
        status.venues.map(({ state, streams, venue }) => [venue, state, streams.active]),
        [report.streams, report.venues.map(({ state }) => state), driver.sockets.some(({ isOpen }) => isOpen)]
      ],
      [
        ["AAA", "AAA", "BBB", "BBB"],
        60_000,
        1,
        [{ total: 8, active: 8 }, { total: 4, active: 4 }, 0, 0, 4],
        [
          ["one", "running", 4],
          ["two", "running", 4]
        ],
        [{ total: 8, active: 0 }, ["ended", "ended"], false]
      ]
    )
    assert.isAbove(status.lastEventAgeMs ?? -1, 0)
  })

  it.effect("S-E2 runs for as long as it is asked to", () =>
    Effect.gen(function* () {
      const driver = new ScriptedDriver()
      const manager = make(driver, "one")
      const running = yield* Effect.forkChild(manager.running("1 minute"))
      yield* TestClock.adjust("59 seconds")
      yield* Effect.promise(() => isRunning(driver, manager, 2))
      const before = manager.status().venues[0]?.state
      yield* TestClock.adjust("1 second")
      const report = yield* Fiber.join(running)
      assert.deepStrictEqual(
        [before, report.venues[0]?.state, driver.sockets.some(({ isOpen }) => isOpen)],
        ["running", "ended", false]
      )
    })
  )

  it.live("interrupting a run stops and drains it, and it may run again; two at once are a mistake", () =>
    Effect.gen(function* () {
      const driver = new ScriptedDriver()
      const manager = make(driver, "one")
      const running = yield* Effect.forkChild(manager.running())
      yield* Effect.promise(() => until(() => driver.sockets.length === 2))
      yield* Effect.promise(() => isRunning(driver, manager, 2))
      const second = yield* Effect.promise(() => manager.run().catch(String))
      const isUndisturbed = driver.sockets.every(({ isOpen }) => isOpen)
      yield* Fiber.interrupt(running)
      const isClosed = driver.sockets.every(({ isOpen }) => !isOpen)
      const { venues } = yield* manager.running("1 millis")
      assert.deepStrictEqual(
        [second, isUndisturbed, isClosed, venues[0]?.state],
        ["Error: this manager runs already", true, true, "ended"]
      )
    })
  )

  it("S-E2 is fail-soft: a venue that cannot start is told, and the others run", async () => {
    const driver = new ScriptedDriver()
    const manager = make(driver, "broken", "one").add(adapter, { venue: "refrence", symbols: ["AAA"] })
    const running = manager.run()
    await isRunning(driver, manager, 2)
    driver.sockets[0]!.receive({ stats: ["AAA", 1] })
    await until(() => manager.collector.latestTicker("reference", "AAA") !== undefined)
    const { venues } = manager.status()
    await manager.close()
    await running
    assert.deepStrictEqual(
      venues.map(({ reason, state, streams, venue }) => [venue, state, streams.total, reason]),
      [
        ["broken", "failed", 4, "broken: configure: AuthenticationFailed: no such key"],
        ["one", "running", 4, undefined],
        ["refrence", "failed", 2, "reference serves reference, broken, not refrence (did you mean reference?)"]
      ]
    )
  })

  it("S-E2 fails as soon as every venue has failed, with the reasons, and may run again", async () => {
    const manager = make(new ScriptedDriver(), "broken")
    const failures: Array<unknown> = []
    for (let run = 0; run < 2; run++) failures.push(await manager.run("1 hour").catch((error: unknown) => error))
    assert.deepStrictEqual(
      failures.map((error) => error instanceof Manager.NothingRuns && [error._tag, error.message]),
      Array.from({ length: 2 }, () => [
        "NothingRuns",
        "no venue runs: broken: broken: configure: AuthenticationFailed: no such key"
      ])
    )
  })

  it("S-C5 what a socket receives is stored and can be asked for, all of it, gaps in their places", async () => {
    const driver = new ScriptedDriver()
    const manager = Manager.make({ store: { now: () => 100_000, perSeries: 10_000 } })
    manager.add(adapter, { venue: "reference", symbols: ["AAA"], channels: ["trades"], driver: driver.layer })
    const published: Array<Event.Event> = []
    manager.bus.on("trade", (trade) => published.push(trade))
    const running = manager.run()
    await isRunning(driver, manager, 1)
    for (let id = 1; id <= 5_000; id++) {
      if (id === 2_500) continue
      driver.last.receive({ trade: ["AAA", id] })
      if (id % 500 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await until(() => published.length === 4_999)
    await manager.close()
    await running
    const { store } = manager.collector
    const stored = store.events({ venue: "reference", symbol: "AAA", channel: "trades" })
    const { received, stored: count } = store.statistics()
    assert.deepStrictEqual(
      stored.map((event) => (event.type === "trade" ? Number(event.id) : event.type)),
      Array.from({ length: 5_000 }, (_, index) => (index === 2_499 ? "gap" : index + 1))
    )
    assert.deepStrictEqual([received, count], [5_000, 5_000])
  })
})
