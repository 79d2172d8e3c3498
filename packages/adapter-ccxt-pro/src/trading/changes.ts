/**
 * Requests that change something, over REST or on a socket of CCXT's for orders.
 *
 * Guarantees: nothing is sent twice; what fails has an unknown outcome unless CCXT says that nothing was done, or nothing was
 * sent at all. CCXT waits for ever for an answer on a socket: here it is `ANSWER_WITHIN`, and then that socket is closed, so
 * that nothing leaves it late.
 */
import { VenueError } from "@tidewire/core"
import { Effect, Scope, Semaphore } from "effect"
import type { Maker } from "../Maker.ts"
import type { AccountQuirks } from "./accountQuirks.ts"
import { isNotFound, orderReason } from "./outcome.ts"
import type { PrivateExchange } from "./PrivateExchange.ts"
import { reasonOf } from "../errors.ts"
import { sentBy } from "./sent.ts"

/** Exchanges themselves wait up to 10 s for their matching engine. */
const ANSWER_WITHIN = "11 seconds"

/** A change that failed, and whether because there is no such order. */
export class ChangeFailed {
  readonly error: VenueError.VenueError
  readonly isNotFound: boolean

  constructor(error: VenueError.VenueError, isNotFound: boolean) {
    this.error = error
    this.isNotFound = isNotFound
  }
}

export type Failure = ChangeFailed | VenueError.VenueError

/** What a change is called in an error, and the order that it is about. */
export interface About {
  readonly operation: string
  readonly clientOrderId: string
}

type Run<A> = (on: PrivateExchange) => Promise<A>

export interface Changes {
  readonly rest: <A>(about: About, run: Run<A>) => Effect.Effect<A, Failure>
  /** On the socket for orders, which is dialled where there is none. */
  readonly socket: <A>(about: About, run: Run<A>) => Effect.Effect<A, Failure>
  /** Whether a socket for orders is open. */
  readonly isOpen: () => boolean
}

export const make = (
  venue: string,
  maker: Maker,
  { unknown }: Pick<AccountQuirks, "unknown">
): Effect.Effect<Changes, never, Scope.Scope> =>
  Effect.gen(function* () {
    const scope = yield* Effect.scope
    const making = Semaphore.makeUnsafe(1)
    let made: PrivateExchange | undefined
    let waiting = 0

    const entry = making.withPermits(1)(
      Effect.suspend(() =>
        made === undefined
          ? Effect.map(Scope.provide(maker.account, scope), (each) => (made = each as PrivateExchange))
          : Effect.succeed(made)
      )
    )

    const failed = ({ operation }: About, reason: VenueError.Reason, error?: unknown) =>
      new ChangeFailed(new VenueError.VenueError({ venue, operation, reason }), isNotFound(error))

    const reasonFor = (error: unknown, { clientOrderId }: About) =>
      orderReason(error, clientOrderId, maker.hide, unknown)

    /** The request was begun, and nobody knows what will still leave. */
    const unanswered = (on: PrivateExchange, about: About) => {
      const message = `no answer within ${ANSWER_WITHIN}`
      const reason = new VenueError.OutcomeUnknown({ message, clientOrderId: about.clientOrderId })
      return Effect.andThen(Effect.ignore(Effect.tryPromise(() => on.close())), Effect.fail(failed(about, reason)))
    }

    return {
      isOpen: () => Object.values(made?.clients ?? {}).some(({ isConnected }) => isConnected === true),
      rest: (about, run) =>
        Effect.flatMap(maker.trader, (trader) =>
          Effect.mapError(
            maker.attempt(() => run(trader as PrivateExchange)),
            (error) => failed(about, reasonFor(error, about), error)
          )
        ),
      socket: (about, run) =>
        Effect.flatMap(entry, (on) => {
          const before = sentBy(on)
          waiting++
          return maker
            .attempt(() => run(on))
            .pipe(
              Effect.mapError((error) => {
                const reason = reasonFor(error, about)
                const isUnsent = reason._tag === "OutcomeUnknown" && sentBy(on) === before
                return failed(about, isUnsent ? reasonOf(error, maker.hide) : reason, error)
              }),
              Effect.timeoutOrElse({ duration: ANSWER_WITHIN, orElse: () => unanswered(on, about) }),
              Effect.ensuring(
                Effect.sync(() => {
                  if (--waiting === 0) forget(on)
                })
              )
            )
        })
    }
  })

/** CCXT keeps each request that it made on a socket, by its number, for as long as the socket lives. */
const forget = ({ clients = {} }: PrivateExchange): void => {
  for (const { subscriptions = {} } of Object.values(clients)) {
    for (const key of Object.keys(subscriptions)) if (/^\d+$/.test(key)) delete subscriptions[key]
  }
}
