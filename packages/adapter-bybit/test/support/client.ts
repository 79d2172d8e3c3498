/**
 * A client of the simulated venue in this process, over real sockets: everything that it was told, and the venue's own
 * truth beside it.
 */
import { type Channel, ConnectionOptions, type Event, MarketStream, type VenueAdapter, WsSocket } from "@tidewire/core"
import { Simulator } from "@tidewire/simulator"
import { Effect, Exit, Logger, Schema, Scope } from "effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { adapter } from "../../src/index.ts"

/** The simulator's names of the markets. */
export const markets = {
  bybit: "bybit-spot",
  "bybit-linear": "bybit-linear",
  "bybit-inverse": "bybit-inverse"
} as const

export interface ClientOptions {
  readonly venue: keyof typeof markets
  readonly symbols: ReadonlyArray<string>
  readonly channels: ReadonlyArray<Channel.Channel>
  /** As a configuration says it. */
  readonly connection?: (typeof ConnectionOptions.ConnectionOptions)["Encoded"]
  /** Put in force before the client connects. */
  readonly prepare?: (simulator: Simulator.Simulator) => void
}

export interface Client {
  readonly simulator: Simulator.Simulator
  readonly adapter: VenueAdapter.VenueAdapter
  readonly feed: VenueAdapter.Feed
  readonly events: ReadonlyArray<Event.Event>
  /** Resolves once it holds; looked at with every event and every 20 ms. */
  readonly until: (holds: () => boolean) => Promise<void>
}

/** Runs a simulator and a client of it for as long as `body` takes. */
export const withClient = async (options: ClientOptions, body: (client: Client) => Promise<void>): Promise<void> => {
  const simulator = await Simulator.start({ seed: 21, rates: { tradesPerSecond: 30 }, keepTrades: 100_000 })
  options.prepare?.(simulator)
  const scope = Scope.makeUnsafe()
  try {
    await body(await connect(simulator, options, scope))
  } finally {
    await Effect.runPromise(Scope.close(scope, Exit.void))
    await simulator.stop()
  }
}

const connect = async (
  simulator: Simulator.Simulator,
  { channels, connection = {}, symbols, venue }: ClientOptions,
  scope: Scope.Closeable
): Promise<Client> => {
  const events: Array<Event.Event> = []
  const { stream, made } = await Effect.runPromise(
    Effect.gen(function* () {
      const made = yield* adapter.make({
        venue,
        name: venue,
        environment: "mainnet",
        endpoints: { stream: simulator.wsUrl, rest: simulator.url },
        options: {},
        connection: yield* Schema.decodeEffect(ConnectionOptions.ConnectionOptions)(connection)
      })
      const subscriptions = symbols.flatMap((symbol) => channels.map((channel) => ({ symbol, channel })))
      const stream = yield* MarketStream.open(made, subscriptions)
      yield* Effect.forkScoped(
        stream.consume((event) => {
          events.push(event)
        })
      )
      return { stream, made }
    }).pipe(Effect.provide([WsSocket.layer, FetchHttpClient.layer, Logger.layer([])]), Scope.provide(scope))
  )
  const until: Client["until"] = async (holds) => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return { simulator, adapter: made, feed: stream.feed, events, until }
}

/** The events of one kind and symbol. */
export const eventsOf = <Type extends Event.Event["type"]>(
  { events }: Pick<Client, "events">,
  type: Type,
  symbol: string
) =>
  events.filter(
    (event): event is Extract<Event.Event, { readonly type: Type }> =>
      event.type === type && "symbol" in event && event.symbol === symbol
  )

/** The trades that the venue made from the first one told to the last, and those that were told. */
export const tradesOf = (client: Client, venue: keyof typeof markets, symbol: string) => {
  const told = eventsOf(client, "trade", symbol)
  const made = client.simulator.control.trades(markets[venue], symbol)
  const ids = made.map(({ venueId }) => venueId!)
  const [from, to] = [ids.indexOf(told[0]?.id ?? ""), ids.indexOf(told.at(-1)?.id ?? "")]
  const texts = (price: unknown, size: unknown, side: string) => `${Number(price)} ${Number(size)} ${side}`
  return {
    told: told.map(({ id, price, side, size }) => `${id} ${texts(price, size, side)}`),
    made: made.slice(from, to + 1).map(({ price, side, size, venueId }) => `${venueId} ${texts(price, size, side)}`)
  }
}

/** Lets the market rest, and resolves once the live book is the venue's, level by level. */
export const untilBookIsTrue = async (
  { feed, simulator, until }: Client,
  venue: keyof typeof markets,
  symbol: string,
  depth: number
): Promise<void> => {
  simulator.control.setRates({ tradesPerSecond: 0, ordersPerSecond: 0 })
  const texts = (levels: ReadonlyArray<readonly [unknown, unknown]>) =>
    levels.map(([price, size]) => `${Number(price)} ${Number(size)}`).join()
  await until(() => {
    const view = feed.book(symbol)
    const { asks, bids } = simulator.control.book(markets[venue], symbol, depth)
    return (
      view?.state === "live" &&
      texts(view.book.bids(depth)) === texts(bids) &&
      texts(view.book.asks(depth)) === texts(asks)
    )
  })
}
