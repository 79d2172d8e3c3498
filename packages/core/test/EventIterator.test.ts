import { assert, describe, it } from "@effect/vitest"
import { Event, EventIterator, Rest, SocketAdapter, type VenueAdapter } from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { vi } from "vitest"
import { makeVenue, ScriptedDriver } from "./referenceVenue.ts"

const adapter: VenueAdapter.AdapterModule<object, object> = {
  name: "reference",
  venues: ["reference"],
  environments: ["mainnet"],
  endpoints: Schema.Struct({}),
  options: Schema.Struct({}),
  capabilities: () => makeVenue().capabilities,
  make: ({ connection }) => SocketAdapter.make(makeVenue(), connection)
}

const request = (driver: ScriptedDriver) => ({
  venue: "reference",
  symbols: ["aaa"],
  channels: ["trades"],
  driver: driver.layer
})

/** Pulls until the venue has been asked for the trades. */
const opened = async (driver: ScriptedDriver, events: AsyncGenerator<Event.Event>): Promise<void> => {
  while (driver.sockets.length === 0) await events.next()
}

describe("EventIterator", () => {
  it("S-A4 gives every event of a burst, in order, without loss", async () => {
    const driver = new ScriptedDriver()
    const events = EventIterator.events(adapter, request(driver))
    await opened(driver, events)
    const seen: Array<number | string> = []
    // as a socket does it: while the loop waits for its next event
    setImmediate(() => {
      for (let id = 1; id <= 5_000; id++) driver.last.receive({ trade: ["AAA", id] })
    })
    for await (const event of events) {
      if (event.type === "trade") seen.push(Number(event.id))
      if (event.type === "gap") seen.push("gap")
      if (event.type === "trade" && event.id === "5000") break
    }
    assert.isTrue(seen.length === 5_000 && seen.every((id, index) => id === index + 1))
  })

  it("S-A3 a loop that takes its time fills the queue, and its policy applies", async () => {
    const driver = new ScriptedDriver()
    const events = EventIterator.events(adapter, { ...request(driver), queue: { capacity: 10 } })
    await opened(driver, events)
    driver.last.receive({ trade: ["AAA", 1] })
    const seen: Array<Event.Event> = []
    for await (const event of events) {
      seen.push(event)
      // what comes while the body runs waits in the queue, which holds ten
      if (event.type === "trade" && event.id === "1") {
        await new Promise((resolve) => setImmediate(resolve))
        for (let id = 2; id <= 100; id++) {
          driver.last.receive({ trade: ["AAA", id] })
          await Promise.resolve()
        }
      }
      if (event.type === "trade" && event.id === "100") break
    }
    const delivered = seen.flatMap((event) => (event.type === "trade" ? [event] : []))
    const lost = seen.reduce((total, event) => total + (event.type === "gap" ? event.lost! : 0), 0)
    assert.strictEqual(delivered.length + lost, 100)
    assert.isAbove(lost, 80)
  })

  it("S-A6 leaving the loop closes the socket", async () => {
    const driver = new ScriptedDriver()
    for await (const event of EventIterator.events(adapter, request(driver))) {
      if (event.type === "connection" && event.state === "Active") break
    }
    assert.isFalse(driver.last.isOpen)
  })

  it("S-A6 a signal from outside ends a loop that waits, after what waits has been given", async () => {
    const driver = new ScriptedDriver()
    const aborter = new AbortController()
    const events = EventIterator.events(adapter, { ...request(driver), signal: aborter.signal })
    await opened(driver, events)
    const seen: Array<number> = []
    setImmediate(() => driver.last.receive({ trade: ["AAA", 1] }))
    for await (const event of events) {
      if (event.type !== "trade") continue
      seen.push(Number(event.id))
      if (event.id !== "1") continue
      // the body runs: these two wait in the queue, and then it is told to stop
      for (const id of [2, 3]) driver.last.receive({ trade: ["AAA", id] })
      aborter.abort()
      await new Promise((resolve) => setImmediate(resolve))
    }
    assert.deepStrictEqual([seen, driver.last.isOpen], [[1, 2, 3], false])
    const late = EventIterator.events(adapter, { ...request(driver), signal: aborter.signal })
    assert.deepStrictEqual([(await late.next()).done, driver.sockets.length], [true, 1])
  })

  it("S-A6 a loop that is not back five seconds after the signal gets no more than it was handed", async () => {
    const driver = new ScriptedDriver()
    const aborter = new AbortController()
    const events = EventIterator.events(adapter, { ...request(driver), signal: aborter.signal })
    await opened(driver, events)
    setImmediate(() => driver.last.receive({ trade: ["AAA", 1] }))
    const seen: Array<number> = []
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
    try {
      for await (const event of events) {
        if (event.type !== "trade") continue
        seen.push(Number(event.id))
        if (event.id !== "1") continue
        await new Promise((resolve) => setImmediate(resolve))
        // the first of these is handed over, the others wait in the queue
        for (let id = 2; id <= 10; id++) driver.last.receive({ trade: ["AAA", id] })
        aborter.abort()
        await vi.advanceTimersByTimeAsync(5_100)
      }
    } finally {
      vi.useRealTimers()
    }
    assert.deepStrictEqual(seen, [1, 2])
  })

  it("its requests go through the client that it is given", async () => {
    const driver = new ScriptedDriver()
    const asked: Array<string> = []
    const client = HttpClient.make((request) => {
      asked.push(request.url)
      return Effect.succeed(HttpClientResponse.fromWeb(request, new Response("{}")))
    })
    const asking: typeof adapter = {
      ...adapter,
      make: (settings) =>
        Rest.make({
          venue: "reference",
          baseUrl: "http://venue.invalid",
          classify: () => undefined,
          budget: { market: "reference", weight: 100, window: "1 minute", usedWeight: () => undefined }
        }).pipe(
          Effect.flatMap((rest) => rest.get("/list", {}, Schema.Struct({}), 1)),
          Effect.andThen(adapter.make(settings))
        )
    }
    const http = Layer.succeed(HttpClient.HttpClient, client)
    const events = EventIterator.events(asking, { ...request(driver), http })
    await opened(driver, events)
    await events.return()
    assert.deepStrictEqual(asked, ["http://venue.invalid/list"])
  })

  it("refuses at the first pull what the adapter does not know", async () => {
    const driver = new ScriptedDriver()
    const refusal = async (wrong: object): Promise<string> => {
      try {
        await EventIterator.events(adapter, { ...request(driver), ...wrong }).next()
        return "taken"
      } catch (error) {
        return error instanceof Error ? error.message : String(error)
      }
    }
    assert.deepStrictEqual(
      [
        await refusal({ channels: ["trade"] }),
        await refusal({ venue: "refrence" }),
        await refusal({ channels: ["ticker"] })
      ],
      [
        'unknown channel "trade" (did you mean trades?), expected one of trades, quotes, book, book:<depth>, bars:<interval>, ticker, mark, liquidations',
        "reference serves reference, not refrence (did you mean reference?)",
        "reference: subscribe: Unsupported: AAA ticker: this venue has no channel ticker; expected one of trades, quotes, book, bars, mark, liquidations"
      ]
    )
  })
})
