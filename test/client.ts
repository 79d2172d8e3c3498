/**
 * A client in this process, through what the packages export, and the simulated venue that it streams from over real
 * sockets. Everything that it was told is kept, with the time at which it was told.
 */
import { adapter } from "@tidewire/adapter-binance"
import { type Channel, ConnectionOptions, type Event, MarketStream, type VenueAdapter, WsSocket } from "@tidewire/core"
import { type MarketKind, Simulator, type SimulatorOptions } from "@tidewire/simulator"
import { Effect, Exit, Logger, Schema, Scope } from "effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"

export const venues = [
  { venue: "binance", market: "spot" },
  { venue: "binance-usdm", market: "usdm" }
] as const satisfies ReadonlyArray<{ readonly venue: string; readonly market: MarketKind }>

export interface ClientOptions {
  readonly venue: (typeof venues)[number]["venue"]
  readonly symbols: ReadonlyArray<string>
  readonly channels: ReadonlyArray<string>
  /** As a configuration says it. */
  readonly connection?: (typeof ConnectionOptions.ConnectionOptions)["Encoded"]
  readonly simulator?: SimulatorOptions
  /** Put in force before the client connects. */
  readonly prepare?: (simulator: Simulator.Simulator) => void
  /** Called with each event; what it returns is waited for. */
  readonly handler?: MarketStream.Handler
}

/** An event, and when it was delivered: milliseconds of the monotonic clock. */
export interface Told {
  readonly event: Event.Event
  readonly at: number
}

/** A REST request: when it was sent and answered, by the wall clock, and with what. */
export interface Asked {
  readonly sentMs: number
  readonly answeredMs: number
  readonly path: string
  readonly status: number
}

export interface Client {
  readonly simulator: Simulator.Simulator
  readonly stream: MarketStream.MarketStream
  readonly feed: VenueAdapter.Feed
  readonly plan: VenueAdapter.ConnectionPlan
  readonly told: ReadonlyArray<Told>
  readonly asked: ReadonlyArray<Asked>
  /** Resolves with the first event from the `since`-th on, told already or still to come, for which it holds. */
  readonly until: (holds: (event: Event.Event) => boolean, since?: number) => Promise<Told>
  /** Resolves once every planned connection has been Active. */
  readonly active: () => Promise<void>
  readonly states: (connection: string) => ReadonlyArray<Event.Connection>
}

/** Runs a simulator and a client of it for as long as `body` takes. */
export const withClient = async <A>(options: ClientOptions, body: (client: Client) => Promise<A>): Promise<A> => {
  const simulator = await Simulator.start(options.simulator)
  options.prepare?.(simulator)
  const scope = Scope.makeUnsafe()
  try {
    return await body(await connect(simulator, options, scope))
  } finally {
    await Effect.runPromise(Scope.close(scope, Exit.void))
    await simulator.stop()
  }
}

const connect = async (
  simulator: Simulator.Simulator,
  options: ClientOptions,
  scope: Scope.Closeable
): Promise<Client> => {
  const told: Array<Told> = []
  const asked: Array<Asked> = []
  let waiting: Array<(each: Told) => void> = []
  const handler: MarketStream.Handler = (event) => {
    const each = { event, at: performance.now() }
    told.push(each)
    for (const waiter of waiting) waiter(each)
    return options.handler?.(event)
  }
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const sentMs = Date.now()
    const response = await globalThis.fetch(input, init)
    asked.push({ sentMs, answeredMs: Date.now(), path: new URL(response.url).pathname, status: response.status })
    return response
  }
  const { channels, symbols, venue } = options
  const subscriptions = symbols.flatMap((symbol) =>
    channels.map((channel) => ({ symbol, channel: channel as Channel.Channel }))
  )
  const stream = await Effect.runPromise(
    Effect.gen(function* () {
      const made = yield* adapter.make({
        venue,
        name: venue,
        environment: "mainnet",
        endpoints: { stream: simulator.wsUrl, rest: simulator.url },
        options: {},
        connection: Schema.decodeUnknownSync(ConnectionOptions.ConnectionOptions)(options.connection ?? {})
      })
      const opened = yield* MarketStream.open(made, subscriptions)
      yield* Effect.forkScoped(opened.consume(handler))
      return opened
    }).pipe(
      Effect.provide([WsSocket.layer, FetchHttpClient.layer, Logger.layer([])]),
      Effect.provideService(FetchHttpClient.Fetch, fetch),
      Scope.provide(scope)
    )
  )
  const plan = stream.adapter.plan(subscriptions)
  const until: Client["until"] = (holds, since = 0) => {
    const known = told.slice(since).find(({ event }) => holds(event))
    if (known !== undefined) return Promise.resolve(known)
    return new Promise((resolve) => {
      const waiter = (each: Told): void => {
        if (!holds(each.event)) return
        waiting = waiting.filter((other) => other !== waiter)
        resolve(each)
      }
      waiting = [...waiting, waiter]
    })
  }
  return {
    simulator,
    stream,
    feed: stream.feed,
    plan,
    told,
    asked,
    until,
    active: async () => {
      await Promise.all(plan.connections.map(({ name }) => until(isState(name, "Active"))))
    },
    states: (connection) =>
      told.flatMap(({ event }) => (event.type === "connection" && event.connection === connection ? [event] : []))
  }
}

export const isState =
  (connection: string, state: Event.ConnectionStateName) =>
  (event: Event.Event): boolean =>
    event.type === "connection" && event.connection === connection && event.state === state

/** The events of one kind, of one symbol or of all. */
export const eventsOf = <Type extends Event.Event["type"]>(
  { told }: Pick<Client, "told">,
  type: Type,
  symbol?: string
): ReadonlyArray<Extract<Event.Event, { readonly type: Type }>> =>
  told.flatMap(({ event }) =>
    event.type === type && (symbol === undefined || ("symbol" in event && event.symbol === symbol))
      ? [event as Extract<Event.Event, { readonly type: Type }>]
      : []
  )

/** Ids of a symbol's trades that are missing between its first and its last, and those told out of order or twice. */
export const tradesOf = (client: Pick<Client, "told">, symbol: string) => {
  const ids = eventsOf(client, "trade", symbol).map(({ id }) => Number(id))
  const odd = ids.filter((id, index) => index > 0 && id !== ids[index - 1]! + 1)
  return { count: ids.length, odd }
}

/** What the connections of a symbol did after they had become Active for the first time. */
export const movesOf = (client: Pick<Client, "told">, symbol: string): ReadonlyArray<Event.Connection> => {
  const moves = eventsOf(client, "connection").filter(({ connection }) => connection.startsWith(symbol))
  return moves.filter((move) => {
    const ofSame = moves.filter(({ connection }) => connection === move.connection)
    return ofSame.indexOf(move) > ofSame.findIndex(({ state }) => state === "Active")
  })
}

/** Time that has to pass where there is nothing that could be awaited. */
export const pass = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
