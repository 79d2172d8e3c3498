/**
 * What CCXT signs with: the exchange's time where it can be asked for, else our own. CCXT can do so by itself
 * (`adjustForTimeDifference`), but on some exchanges only, once, and not for what it signs on sockets.
 *
 * Guarantees: it is measured before anything is signed and every half hour; where it cannot be read our clock is used, and
 * that is logged. What CCXT holds against the wall clock itself, the last pong of a socket, stays of the wall clock.
 */
import { Supervision, VenueClock, type VenueError } from "@tidewire/core"
import { Effect, type Scope } from "effect"
import { can, type Client, type Exchange } from "./Exchange.ts"

export interface VenueTime {
  readonly now: () => number
  /** Measures unless that was done before. */
  readonly ready: Effect.Effect<void>
  /** The exchange found a stamp of that time wrong. */
  readonly corrected: (stamp: number) => Effect.Effect<void>
}

/** `undefined` where the exchange does not tell its time. */
export const make = (
  exchange: Exchange,
  call: <A>(operation: string, run: () => Promise<A>) => Effect.Effect<A, VenueError.VenueError>
): Effect.Effect<VenueTime | undefined, never, Scope.Scope> =>
  Effect.gen(function* () {
    if (!can(exchange, "fetchTime")) return undefined
    const clock = yield* VenueClock.make({
      serverTime: (sending) =>
        call("read the time", async () => {
          sending()
          const time = await exchange.fetchTime()
          if (!Number.isFinite(time)) throw new TypeError(`${time} is no time`)
          return time
        })
    })
    const orOurs = (measuring: Effect.Effect<void, VenueError.VenueError>) =>
      Effect.catch(measuring, ({ message }) =>
        Effect.logWarning("the exchange's clock could not be read: requests are signed by ours", message)
      )
    return {
      now: clock.now,
      ready: orOurs(clock.ready),
      corrected: (stamp) => orOurs(clock.corrected(stamp))
    }
  })

/** From here on the object takes this for the time. */
export const keep = (exchange: Exchange, now: () => number): void => {
  exchange.milliseconds = now
  exchange.seconds = () => Math.floor(now() / 1_000)
  exchange.microseconds = () => now() * 1_000
  // it would take the difference off once more
  Object.assign(exchange.options ?? {}, { adjustForTimeDifference: false, timeDifference: 0 })
  const before = exchange.onConnected?.bind(exchange)
  exchange.onConnected = (client, message) => {
    before?.(client, message)
    pongsByTheWall(client)
  }
}

/** CCXT ends a socket whose last pong is old by its own clock; exchanges' parts stamp it by the exchange's. */
const pongsByTheWall = (client: Client): void => {
  let last = Supervision.receiveTime()
  Object.defineProperty(client, "lastPong", {
    get: () => last,
    set: () => {
      last = Supervision.receiveTime()
    }
  })
}
