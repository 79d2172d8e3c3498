/**
 * Makes the exchange objects of a venue. One reads: instruments and the past; each session has one of its own, which is
 * never used again after a loss. Markets are loaded once and shared, and so is CCXT's pacing of requests.
 *
 * Guarantees: an object is closed with the scope it was made in, within `CLOSE_WITHIN`; the list of markets is asked for
 * by one at a time, and again after a failure.
 */
import { VenueError } from "@tidewire/core"
import { Duration, Effect, Semaphore, type Scope } from "effect"
import { isStampWrong, venueError } from "./errors.ts"
import type { Exchange, Market } from "./Exchange.ts"
import type { Library } from "./library.ts"
import { keepOrder } from "./keepOrder.ts"
import { marketOf } from "./markets.ts"
import { forAccount } from "./trading/forAccount.ts"
import * as venueTime from "./venueTime.ts"
import { type Hosts, type Options, original, redirect, secrets } from "./settings.ts"

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
  #trader: Exchange | undefined
  #time: venueTime.VenueTime | undefined

  /** Throws of settings that CCXT does not take: what it throws, or a `VenueError`. */
  constructor(library: Library, setup: MakerSetup) {
    this.#library = library
    this.#setup = setup
    this.reader = this.#make()
  }

  /** Whether it was given what CCXT asks of an account. */
  get hasCredentials(): boolean {
    return this.reader.checkRequiredCredentials?.(false) === true
  }

  /**
   * From here on what is signed by the reader and for an account is signed with the exchange's time, where it has to sign
   * at all. It is asked for beside CCXT's pacing, whose waits would count as distance.
   */
  readonly keepTime: Effect.Effect<void, never, Scope.Scope> = Effect.suspend(() => {
    if (!this.hasCredentials) return Effect.void
    const asked = this.#make({ enableRateLimit: false })
    // not `call`, which asks for the time when a stamp was wrong
    const call = <A>(operation: string, run: () => Promise<A>) =>
      Effect.tryPromise({
        try: async () => {
          await asked.loadHttpProxyAgent?.()
          return run()
        },
        catch: (cause) => venueError(this.#setup.venue, operation, cause, this.hide)
      })
    return Effect.map(venueTime.make(asked, call), (time) => {
      this.#time = time
      this.#keepTime(this.reader)
    })
  })

  #keepTime(exchange: Exchange): void {
    if (this.#time !== undefined) venueTime.keep(exchange, this.#time.now)
  }

  get #ready(): Effect.Effect<void> {
    return this.#time?.ready ?? Effect.void
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
    this.#ready.pipe(
      Effect.andThen(
        this.call("load markets", async () => {
          await this.reader.loadHttpProxyAgent?.()
          await this.reader.loadMarkets(true)
        })
      ),
      Effect.as(this.reader)
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

  /** An object for one session of an account: its amounts are texts, and it has loaded its markets as such. */
  readonly account: Effect.Effect<Exchange, VenueError.VenueError, Scope.Scope> = Effect.suspend(() =>
    Effect.flatMap(this.trader, (trader) =>
      Effect.acquireRelease(
        this.call("make an exchange", async () => {
          const made = this.#makeExact()
          await made.loadHttpProxyAgent?.()
          made.setMarketsFromExchange(trader)
          made.throttler = trader.throttler
          return made
        }),
        close
      )
    )
  )

  /** The one object that asks and orders for an account, made when it is first needed. Its amounts are texts. */
  readonly trader: Effect.Effect<Exchange, VenueError.VenueError> = Effect.suspend(() =>
    this.#loading.withPermits(1)(
      Effect.suspend(() => {
        const trader = (this.#trader ??= this.#makeExact())
        if (trader.markets !== undefined) return Effect.succeed(trader)
        return this.#ready.pipe(
          Effect.andThen(
            this.call("load markets", async () => {
              await trader.loadHttpProxyAgent?.()
              trader.throttler = this.reader.throttler
              await trader.loadMarkets()
            })
          ),
          Effect.as(trader)
        )
      })
    )
  )

  #makeExact(): Exchange {
    const made = forAccount(this.#make())
    this.#keepTime(made)
    return made
  }

  /** A message without the credentials of this exchange. */
  readonly hide = (message: string): string =>
    secrets.reduce((text, name) => {
      const value = this.#setup.options[name]
      return typeof value === "string" && value !== "" ? text.replaceAll(value, "…") : text
    }, message)

  call<A>(operation: string, run: () => Promise<A>): Effect.Effect<A, VenueError.VenueError> {
    return Effect.mapError(this.attempt(run), (cause) => venueError(this.#setup.venue, operation, cause, this.hide))
  }

  /** Fails with what CCXT throws. The exchange's time is read again when it found a stamp wrong; nothing is sent again. */
  attempt<A>(run: () => Promise<A>): Effect.Effect<A, unknown> {
    return Effect.suspend(() => {
      const stamp = this.#time?.now() ?? 0
      return Effect.tapError(Effect.tryPromise({ try: run, catch: (cause) => cause }), (cause) =>
        this.#time !== undefined && isStampWrong(cause) ? this.#time.corrected(stamp) : Effect.void
      )
    })
  }

  #make(over: Readonly<Record<string, unknown>> = {}): Exchange {
    const { endpoints, id, isTest, options, venue } = this.#setup
    const { bookDepth: _, orderEntry: __, ...settings } = options
    const exchange = this.#library(id, { ...settings, ...over })
    if (isTest) {
      // CCXT takes it for there where the key is, and then has no URLs at all
      if (!isGiven(exchange.urls.test)) throw unsupported(venue, id)
      exchange.setSandboxMode(true)
    }
    exchange.urls.api = redirect(exchange.urls.api, endpoints)
    const handleErrors = exchange.handleErrors?.bind(exchange)
    if (handleErrors !== undefined) {
      exchange.handleErrors = (status, reason, url, ...rest) =>
        handleErrors(status, reason, original(url, endpoints), ...rest)
    }
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
