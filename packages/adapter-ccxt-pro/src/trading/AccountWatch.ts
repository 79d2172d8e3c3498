/**
 * What CCXT tells of an account by itself: orders, fills, balances, positions, each watched where the exchange can, on one
 * exchange object that is never used again after a loss, and else asked for.
 *
 * Guarantees: after a loss a new session begins, with the backoff of the connection; a session counts as up once everything
 * that is watched has waited on an open socket for `SETTLED` without an error, and all else was read once. CCXT does not say when a subscription is confirmed, so this is
 * no proof: whoever trades reconciles after it, and looks up what it does not hear of.
 */
import {
  AccountStream,
  Backoff,
  type ConnectionOptions,
  type VenueAdapter,
  type ConnectionStates,
  type PrivateEvent,
  Supervision,
  VenueError
} from "@tidewire/core"
import { Clock, Duration, Effect, Latch, Random, type Scope } from "effect"
import { can } from "../Exchange.ts"
import type { Maker } from "../Maker.ts"
import type * as AccountPolls from "./AccountPolls.ts"
import type { AccountQuirks } from "./accountQuirks.ts"
import type { PrivateExchange } from "./PrivateExchange.ts"
import * as rows from "./rows.ts"

export interface AccountWatchSetup {
  readonly venue: string
  readonly maker: Maker
  readonly hasPositions: boolean
  readonly quirks: AccountQuirks
  /** Reads what is not watched, for ever; runs what it is given after each round. */
  readonly polls: ReturnType<typeof AccountPolls.make>
  readonly connection: ConnectionOptions.ConnectionOptions
  readonly states: ConnectionStates.ConnectionStates
  readonly emit: (event: PrivateEvent.PrivateEvent) => void
}

const SETTLED = Duration.seconds(2)

const NAME = "account"

/** Of a socket that stays open: none of a close. */
const ENDED = 1000

type Read = () => Promise<ReadonlyArray<PrivateEvent.PrivateEvent | undefined>>

/** What this exchange can tell, each as a promise of what comes next. */
const watches = (
  exchange: PrivateExchange,
  { hasPositions, quirks, venue }: AccountWatchSetup
): ReadonlyArray<Read> => {
  const stamp = () => ({ venue, receivedTime: Supervision.receiveTime() })
  const each =
    <A>(
      next: () => Promise<ReadonlyArray<A>>,
      read: (told: A, stamp: rows.Stamp) => PrivateEvent.PrivateEvent | undefined
    ): Read =>
    async () => {
      const told = await next()
      const now = stamp()
      return told.map((one) => read(one, now))
    }
  return [
    ...(can(exchange, "watchOrders")
      ? [
          each(
            () => exchange.watchOrders(),
            (told, now) => rows.order(told, now, quirks)
          )
        ]
      : []),
    ...(can(exchange, "watchMyTrades") ? [each(() => exchange.watchMyTrades(), rows.fill)] : []),
    ...(can(exchange, "watchBalance")
      ? [async () => rows.balances(await exchange.watchBalance(), stamp(), quirks)]
      : []),
    ...(hasPositions && can(exchange, "watchPositions") ? [each(() => exchange.watchPositions(), rows.position)] : [])
  ]
}

export const watch = (setup: AccountWatchSetup): Effect.Effect<AccountStream.AccountStream, never, Scope.Scope> =>
  Effect.gen(function* () {
    const { connection, emit, maker, polls, quirks, states, venue } = setup
    const stream = yield* AccountStream.AccountStream.make
    let reconnects = -1

    const tell = (state: VenueAdapter.ConnectionStatus["state"], attempt: number, reason?: string) =>
      Effect.map(Clock.currentTimeMillis, (since) =>
        states.set({ name: NAME, state, attempt, reason, since, reconnects: Math.max(0, reconnects), rotations: 0 })
      )

    const settle = (connected: Latch.Latch | undefined, polled: Latch.Latch | undefined) =>
      Effect.gen(function* () {
        if (polled !== undefined) yield* polled.await
        if (connected !== undefined) {
          yield* connected.await
          yield* Effect.sleep(SETTLED)
        }
        stream.up()
        yield* tell("Active", 0)
        return yield* Effect.never
      })

    /** Fails when the exchange says that nothing more will come, which CCXT does not hear. */
    const ending = (exchange: PrivateExchange) =>
      Effect.callback<never, VenueError.VenueError>((resume) => {
        const handle = exchange.handleMessage?.bind(exchange)
        exchange.handleMessage = (client, message) => {
          if (quirks.isLast(message)) {
            const reason = new VenueError.ConnectionLost({ code: ENDED, message: "the exchange has ended the stream" })
            resume(Effect.fail(new VenueError.VenueError({ venue, operation: "watch the account", reason })))
          }
          return handle?.(client, message)
        }
      })

    /** Ends with why it is over. */
    const session = Effect.gen(function* () {
      const exchange = (yield* maker.account) as PrivateExchange
      reconnects++
      const connected = Latch.makeUnsafe(false)
      const polled = Latch.makeUnsafe(false)
      const before = exchange.onConnected?.bind(exchange)
      exchange.onConnected = (client, message) => {
        before?.(client, message)
        connected.openUnsafe()
      }
      const watching = watches(exchange, setup)
      // what comes while nobody waits CCXT tells with what comes next: so a turn of the event loop must not pass between
      const reading = watching.map((next) =>
        Effect.forever(
          Effect.map(maker.call("watch the account", next), (events) => {
            for (const event of events) if (event !== undefined) emit(event)
          }),
          { disableYield: true }
        )
      )
      return yield* Effect.raceAllFirst([
        ending(exchange),
        settle(watching.length > 0 ? connected : undefined, polls && polled),
        ...reading,
        ...(polls === undefined ? [] : [polls(() => polled.openUnsafe())])
      ])
    }).pipe(Effect.scoped, Effect.flip)

    const life = Effect.gen(function* () {
      let state = Backoff.initial
      for (let probe = 0; ;) {
        yield* tell("Connecting", state.attempts)
        const begun = yield* Clock.currentTimeMillis
        const { reason } = yield* session
        const activeForMs = stream.isUp ? (yield* Clock.currentTimeMillis) - begun : 0
        stream.down(VenueError.describe(reason))
        state = Backoff.sessionEnded(connection.reconnect, state, activeForMs)
        const isFatal = VenueError.recovery(reason)._tag === "Fatal"
        const next = isFatal ? "exhausted" : Backoff.next(connection.reconnect, state, yield* Random.next)
        if (next === "exhausted") {
          yield* tell("Failed", state.attempts, VenueError.describe(reason))
          yield* Effect.sleep(Backoff.coolDownMs(connection.reconnect, ++probe))
          state = Backoff.initial
        } else {
          state = next.state
          yield* tell("Reconnecting", next.attempt, VenueError.describe(reason))
          yield* Effect.sleep(next.delayMs)
        }
      }
    })
    yield* Effect.forkScoped(life)
    return stream
  })
