/** A feed of the made-up venue in virtual time, and what it told, in brief. */
import { type Channel, ConnectionOptions, type Event } from "@tidewire/core"
import { Effect, Random, Schema } from "effect"
import { TestClock } from "effect/testing"
import { make } from "../../src/adapter.ts"
import type { Trade } from "../../src/Exchange.ts"
import { Maker } from "../../src/Maker.ts"
import { FakeVenue } from "./FakeExchange.ts"

/** Lets promises go on; no time passes. */
export const turn = Effect.promise(() => new Promise<void>((done) => setImmediate(done)))

/** Time passes, and what promises it sets going goes on. */
export const pass = (duration: Parameters<typeof TestClock.adjust>[0]) =>
  Effect.gen(function* () {
    yield* turn
    yield* TestClock.adjust(duration)
    yield* turn
  })

export interface OpenOptions {
  /** Whose claims and quirks hold; the default numbers no trades. */
  readonly id?: string
  readonly connection?: unknown
  readonly venue?: FakeVenue
  readonly transport?: "hybrid"
}

export const open = (
  wanted: ReadonlyArray<readonly [symbol: string, channel: Channel.Channel]>,
  { connection = {}, id = "gate", transport, venue = new FakeVenue() }: OpenOptions = {}
) =>
  Effect.gen(function* () {
    const setup = { venue: "made up", id, isTest: false, endpoints: {}, options: {} }
    const adapter = make({
      name: "made up",
      id,
      maker: new Maker(venue.library, setup),
      connection: Schema.decodeUnknownSync(ConnectionOptions.ConnectionOptions)(connection),
      bookDepth: undefined,
      // each test dials by itself
      dials: `test ${dials++}`
    })
    const events: Array<Event.Event> = []
    const feed = yield* adapter.open(
      wanted.map(([symbol, channel]) => ({ symbol, channel, ...(transport !== undefined && { transport }) })),
      (event) => events.push(event)
    )
    yield* pass("1 second")
    return {
      venue,
      adapter,
      feed,
      events,
      told: () => brief(events),
      states: () => events.flatMap((each) => (each.type === "connection" ? [each.state] : []))
    }
  }).pipe(Random.withSeed(1))

let dials = 0

/** What was told of the market, in words. */
export const brief = (events: ReadonlyArray<Event.Event>): ReadonlyArray<string> =>
  events.flatMap((event) => {
    switch (event.type) {
      case "trade":
        return [`trade ${event.id}${event.origin === "stream" ? "" : ` ${event.origin}`}`]
      case "bar":
        return [`bar ${event.openTime / 60_000} ${event.close}${event.isFinal ? " final" : ""}`]
      case "book":
        return [`${event.kind} ${event.sequence} ${JSON.stringify([event.bids, event.asks])}`]
      case "bookState":
        return [`book ${event.state}`]
      case "gap":
        return [`gap ${event.channel} ${event.reason} ${event.from}..${event.to} lost ${event.lost} ${event.repaired}`]
      case "subscription":
        return event.state === "ended" ? [`${event.symbol} ${event.channel} ended: ${event.reason}`] : []
      case "connection":
        return []
      default:
        return [`${event.type} ${event.symbol}`]
    }
  })

/** Trades by number, a millisecond apart. */
export const trades = (from: number, to: number, symbol = "BTC/USDT"): ReadonlyArray<Trade> =>
  Array.from({ length: to - from + 1 }, (_, index) => ({
    id: String(from + index),
    timestamp: 1_000 + from + index,
    symbol,
    price: 100,
    amount: 1,
    side: "buy"
  }))
