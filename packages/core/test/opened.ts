/** A feed of the made-up venue on scripted sockets, and what it told. */
import {
  type Channel,
  ConnectionOptions,
  type Event,
  Polling,
  SocketAdapter,
  type Transport,
  type VenueAdapter
} from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import { TestClock } from "effect/testing"
import { makeVenue, ScriptedDriver, type VenueOptions } from "./referenceVenue.ts"

export interface Opened {
  readonly driver: ScriptedDriver
  readonly feed: VenueAdapter.Feed
  readonly events: Array<Event.Event>
  /** The states that a connection went through, without repeats. */
  readonly states: (connection: string) => ReadonlyArray<string>
  readonly market: () => ReadonlyArray<string>
}

export const subscriptions = (
  symbols: ReadonlyArray<string>,
  channels: ReadonlyArray<Channel.Channel>,
  transport: Transport.Transport = "websocket"
) => symbols.flatMap((symbol) => channels.map((channel) => ({ symbol, channel, transport })))

export const open = (
  wanted: ReturnType<typeof subscriptions>,
  options: VenueOptions & { readonly connection?: unknown; readonly driver?: ScriptedDriver } = {}
) =>
  Effect.gen(function* () {
    const driver = options.driver ?? new ScriptedDriver()
    const connection = Schema.decodeUnknownSync(ConnectionOptions.ConnectionOptions)(options.connection ?? {})
    const made = yield* SocketAdapter.make(makeVenue(options), connection).pipe(Effect.provide(driver.layer))
    const adapter = wanted.some(({ transport }) => transport === "polling") ? Polling.over(made, connection) : made
    const events: Array<Event.Event> = []
    const feed = yield* adapter.open(wanted, (event) => events.push(event))
    yield* TestClock.adjust("1 second")
    const opened: Opened = {
      driver,
      feed,
      events,
      states: (name) =>
        events.flatMap((each) => (each.type === "connection" && each.connection === name ? [each.state] : [])),
      market: () => brief(events)
    }
    return opened
    // the jitter of the backoff is the same in every run
  }).pipe(Random.withSeed(1))

export const brief = (events: ReadonlyArray<Event.Event>): ReadonlyArray<string> =>
  events.flatMap((event) => {
    switch (event.type) {
      case "trade":
        return [`${event.symbol} trade ${event.id}${event.origin === "stream" ? "" : ` ${event.origin}`}`]
      case "bar":
        return [
          `${event.symbol} bar ${event.openTime / 60_000}${event.isFinal ? " final" : ""}${event.origin === "stream" ? "" : ` ${event.origin}`}`
        ]
      case "ticker":
      case "mark":
      case "liquidation":
        return [`${event.symbol} ${event.type} ${event.exchangeTime}`]
      case "quote":
        return [`${event.symbol} quote ${event.sequence ?? event.bid}`]
      case "book":
        return [`${event.symbol} ${event.kind} ${event.sequence}`]
      case "gap":
        return [
          `${event.symbol} gap ${event.channel} ${event.reason} ${event.from}..${event.to}${event.repaired && event.channel !== "book" ? ` repaired ${event.lost}` : ""}`
        ]
      case "bookState":
        return [`${event.symbol} book ${event.state}`]
      case "subscription":
        return event.state === "ended" ? [`${event.symbol} ${event.channel} ended: ${event.reason}`] : []
      default:
        return []
    }
  })

export const stateOf = ({ feed }: Opened, name: string): string | undefined => feed.states.value.get(name)?.state
