/**
 * Makes the exchange objects of a venue. One reads: instruments and the past; each session has one of its own, which is
 * never used again after a loss. Markets are loaded once and shared, and so is CCXT's pacing of requests.
 *
 * Guarantees: an object is closed with the scope it was made in, within `CLOSE_WITHIN`; the list of markets is asked for
 * by one at a time, and again after a failure.
 */
import { VenueError } from "@tidewire/core"
import { Duration, Effect, Semaphore, type Scope } from "effect"
import { venueError } from "./errors.ts"
import type { Exchange, Market } from "./Exchange.ts"
import type { Library } from "./library.ts"
import { keepOrder } from "./keepOrder.ts"
import { marketOf } from "./markets.ts"
import { type Hosts, type Options, redirect } from "./settings.ts"

/** How long sockets may take to say good-bye. */
const CLOSE_WITHIN = Duration.seconds(1)

export interface MakerSetup {
  readonly venue: string
  readonly id: string
  readonly isTest: boolean
  readonly endpoints: Partial<Hosts>
  readonly options: Options
}

export class Maker {
  readonly reader: Exchange
  readonly #library: Library
  readonly #setup: MakerSetup
  readonly #loading = Semaphore.makeUnsafe(1)

  /** Throws of settings that CCXT does not take: what it throws, or a `VenueError`. */
  constructor(library: Library, setup: MakerSetup) {
    this.#library = library
    this.#setup = setup
    this.reader = this.#make()
  }

  /** The markets, by the reader. */
  readonly markets: Effect.Effect<Exchange, VenueError.VenueError> = Effect.suspend(() =>
    this.reader.markets === undefined
      ? this.#loading.withPermits(1)(
          Effect.suspend(() => (this.reader.markets === undefined ? this.reload : Effect.succeed(this.reader)))
        )
      : Effect.succeed(this.reader)
  )

  /** The markets, asked for anew. */
  readonly reload: Effect.Effect<Exchange, VenueError.VenueError> = Effect.suspend(() =>
    Effect.as(
      this.call("load markets", async () => {
        await this.reader.loadHttpProxyAgent?.()
        await this.reader.loadMarkets(true)
      }),
      this.reader
    )
  )

  /** A market, by the reader. */
  market(
    symbol: string
  ): Effect.Effect<{ readonly exchange: Exchange; readonly market: Market }, VenueError.VenueError> {
    return Effect.flatMap(this.markets, (exchange) => {
      const market = marketOf(exchange, symbol)
      if (market !== undefined) return Effect.succeed({ exchange, market })
      const message = `${symbol} is no market of this exchange`
      const reason = new VenueError.SubscriptionRejected({ message, permanent: true })
      return Effect.fail(new VenueError.VenueError({ venue: this.#setup.venue, operation: "find a market", reason }))
    })
  }

  /** An object for one session. */
  readonly session: Effect.Effect<Exchange, VenueError.VenueError, Scope.Scope> = Effect.suspend(() =>
    Effect.flatMap(this.markets, (reader) =>
      Effect.acquireRelease(
        this.call("make an exchange", async () => {
          const made = this.#make()
          await made.loadHttpProxyAgent?.()
          made.setMarketsFromExchange(reader)
          made.throttler = reader.throttler
          return made
        }),
        close
      )
    )
  )

  call<A>(operation: string, run: () => Promise<A>): Effect.Effect<A, VenueError.VenueError> {
    return Effect.tryPromise({ try: run, catch: (cause) => venueError(this.#setup.venue, operation, cause) })
  }

  #make(): Exchange {
    const { endpoints, id, isTest, options, venue } = this.#setup
    const { bookDepth: _, ...settings } = options
    const exchange = this.#library(id, settings)
    if (isTest) {
      // CCXT takes it for there where the key is, and then has no URLs at all
      if (!isGiven(exchange.urls.test)) throw unsupported(venue, id)
      exchange.setSandboxMode(true)
    }
    exchange.urls.api = redirect(exchange.urls.api, endpoints)
    keepOrder(exchange)
    return exchange
  }
}

const isGiven = (urls: unknown): boolean =>
  typeof urls === "string" || (typeof urls === "object" && urls !== null && Object.keys(urls).length > 0)

const unsupported = (venue: string, id: string): VenueError.VenueError =>
  new VenueError.VenueError({
    venue,
    operation: "make an exchange",
    reason: new VenueError.Unsupported({ message: `CCXT knows no test network of ${id}` })
  })

/** Closes its sockets; one that does not answer is cut. */
const close = (exchange: Exchange): Effect.Effect<void> =>
  Effect.suspend(() => {
    const clients = Object.values(exchange.clients ?? {})
    return Effect.tryPromise(() => exchange.close()).pipe(
      Effect.timeout(CLOSE_WITHIN),
      Effect.ignore,
      Effect.andThen(Effect.sync(() => clients.forEach(({ connection }) => connection?.terminate?.())))
    )
  })
