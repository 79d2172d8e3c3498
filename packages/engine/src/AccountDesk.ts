/**
 * Requests about the orders of one account: sends them, follows what becomes of them, and looks up what is not known.
 *
 * Guarantees: a request is on its way when the call returns; no order is ever sent twice. A request whose outcome is unknown
 * (by the adapter's word, or without an answer for `ackWithin`) is looked up after 1, 3, 10, 30 s and then every minute until
 * the venue says what it is; "there is no such order" counts only when it is said `settle` after the order was known to be
 * there. A cancel that fails is repeated as long as the order may be open; cancels are harmless.
 */
import type { Order, PrivateEvent, Trading } from "@tidewire/core"
import { VenueError } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"
import * as Cause from "effect/Cause"
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type { Notice, Tell } from "./Notice.ts"
import * as OrderState from "./OrderState.ts"
import { missingFills, type OrderStore } from "./OrderStore.ts"
import type { TrackedOrder } from "./TrackedOrder.ts"

export interface Timing {
  /** Without an answer for so long, the outcome of a request is unknown. Default 5 s. */
  readonly ackWithin: Duration.Input
  /** Only so long after an order was last known to be there does "no such order" count. Default 10 s. */
  readonly settle: Duration.Input
}

export const defaultTiming: Timing = { ackWithin: "5 seconds", settle: "10 seconds" }

const LOOKUP_DELAYS: ReadonlyArray<Duration.Input> = ["1 second", "3 seconds", "10 seconds", "30 seconds"]
const LOOKUP_PACE: Duration.Input = "1 minute"
const CANCEL_DELAYS: ReadonlyArray<Duration.Input> = ["500 millis", "1 second", "2 seconds", "5 seconds"]
const FILL_DELAYS: ReadonlyArray<Duration.Input> = ["2 seconds", "5 seconds", "15 seconds", "1 minute", "5 minutes"]

/** Fills are asked for from a little earlier than is known, because clocks differ. */
export const FILLS_OVERLAP_MS = 60_000

export interface AccountDeskSetup {
  readonly venue: string
  readonly account: Trading.Account
  readonly store: OrderStore
  readonly clock: Clock.Clock
  readonly timing: Timing
  readonly tell: Tell
  readonly emit: (event: PrivateEvent.PrivateEvent) => void
  /** Runs until the desk ends; with a key, unless one of that key is running. */
  readonly run: (effect: Effect.Effect<void>, key?: string) => void
}

interface Failure {
  readonly kind: "unknown" | "rejected" | "notSent"
  readonly reason: string
}

export class AccountDesk {
  readonly #setup: AccountDeskSetup
  /** Orders whose reports are ahead of their fills. */
  readonly #behind = new Set<TrackedOrder>()

  constructor(setup: AccountDeskSetup) {
    this.#setup = setup
  }

  /** Of an order that has begun. */
  submit(order: TrackedOrder, request: Order.Request): void {
    const { account, run, store } = this.#setup
    const answered = this.#answer("submit", account.submit(request), order, (failure, accepted) => {
      const time = this.#now()
      if (failure === undefined) return store.learn(order, { _tag: "Accepted", time, ...accepted })
      if (failure.kind !== "unknown") {
        const reason = failure.kind === "rejected" ? failure.reason : `not sent: ${failure.reason}`
        return store.learn(order, { _tag: "Refused", time, reason })
      }
      store.learn(order, { _tag: "OutcomeUnknown", time, reason: failure.reason })
      this.#tell("OutcomeUnknown", "warn", order, `What became of it is not known: ${failure.reason}`)
      this.lookUp(order)
    })
    run(answered)
  }

  /** Until the venue tells of the change, the order counts as the larger of what it was and what it is to be. */
  amend(order: TrackedOrder, amendment: Order.Amendment): void {
    const { account, emit, run, timing } = this.#setup
    order.amending(amendment)
    const lookUp = Effect.sync(() => {
      if (order.amendment !== amendment || order.isEnded) return
      order.isDoubtful = true
      this.lookUp(order)
    })
    const answered = this.#answer("amend", account.amend(amendment), order, (failure) => {
      if (failure === undefined) return Effect.delay(lookUp, timing.ackWithin)
      const reason = `${failure.kind === "unknown" ? "perhaps not" : "not"} amended: ${failure.reason}`
      this.#tell("AmendFailed", "warn", order, reason)
      if (order.view !== undefined && !order.isEnded) emit({ ...order.view, reason })
      return lookUp
    })
    run(Effect.flatten(answered))
  }

  cancel(order: TrackedOrder): void {
    if (order.isCancelling || order.isEnded) return
    order.isCancelling = true
    const done = Effect.sync(() => {
      order.isCancelling = false
      if (order.isEnded) return
      order.isDoubtful = true
      this.lookUp(order)
    })
    this.#setup.run(Effect.ensuring(this.#cancelling(order), done))
  }

  /** Asks until the venue says what it is. */
  lookUp(order: TrackedOrder): void {
    this.#setup.run(this.#lookingUp(order), `lookup ${order.clientOrderId}`)
  }

  /** Goes on with what was begun before the stream was lost, or by an earlier process. */
  resume(order: TrackedOrder): void {
    if (order.needsLookup) this.lookUp(order)
    if (order.status === "open" && order.state.cancelRequestedAt !== undefined) this.cancel(order)
  }

  /** Something was learnt of this order. */
  onLearnt(order: TrackedOrder): void {
    if (order.needsLookup) this.lookUp(order)
    if (!order.isOurs || BigDecimal.isZero(OrderState.missing(order.state))) {
      this.#behind.delete(order)
      return
    }
    this.#behind.add(order)
    const symbol = order.view?.symbol
    if (symbol !== undefined) this.#setup.run(this.#seekingFills(symbol), `fills ${symbol}`)
  }

  /** Asks the venue once. A failure changes nothing. */
  ask(order: TrackedOrder): Effect.Effect<void, VenueError.VenueError> {
    return Effect.suspend(() => {
      const symbol = order.view?.symbol
      if (symbol === undefined) return Effect.void
      const asked = this.#now()
      const { account, store, timing } = this.#setup
      return Effect.map(account.order(order.reference(symbol)), (found) => {
        if (found !== undefined) {
          order.isDoubtful = false
          order.amending(undefined)
          return store.learn(order, { _tag: "Report", order: { ...found, clientOrderId: order.clientOrderId } })
        }
        const knownAt = Math.max(order.since, order.state.seenAt ?? 0)
        if (asked - knownAt >= Duration.toMillis(timing.settle)) store.learn(order, { _tag: "NotFound", time: asked })
      })
    })
  }

  #lookingUp(order: TrackedOrder): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      for (let attempt = 0; ; attempt++) {
        yield* Effect.sleep(LOOKUP_DELAYS[attempt] ?? LOOKUP_PACE)
        if (!order.needsLookup) return
        const before = order.status
        const exit = yield* this.#timed(this.ask(order), order)
        if (Exit.isFailure(exit)) {
          this.#tell("LookupFailed", attempt < LOOKUP_DELAYS.length ? "info" : "warn", order, reasonOf(exit.cause))
        }
        const after = order.status as Order.Status
        if (before === "unknown" && after !== before) this.#tell("OutcomeLearnt", "info", order, `It is ${after}.`)
        // a cancel that came too early for the venue to know the order
        if (after === "open" && order.state.cancelRequestedAt !== undefined) this.cancel(order)
        if (!order.needsLookup) return
      }
    })
  }

  #cancelling(order: TrackedOrder): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      for (let attempt = 0; !order.isEnded; attempt++) {
        const symbol = order.view?.symbol
        if (symbol === undefined) return
        const exit = yield* this.#timed(this.#setup.account.cancel(order.reference(symbol)), order)
        // taken in: its end is told by an event, else it is looked up
        if (Exit.isSuccess(exit)) return yield* Effect.sleep(this.#setup.timing.ackWithin)
        yield* this.#timed(this.ask(order), order)
        const delay = CANCEL_DELAYS[attempt]
        if (order.isEnded) return
        if (delay === undefined) return this.#tell("CancelFailed", "error", order, reasonOf(exit.cause))
        yield* Effect.sleep(delay)
      }
    })
  }

  #seekingFills(symbol: string): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      const { account, store } = this.#setup
      for (const delay of FILL_DELAYS) {
        yield* Effect.sleep(delay)
        const since = missingFills(this.#behind).get(symbol)
        if (since === undefined) return
        const exit = yield* Effect.exit(account.fills({ symbol, since: since - FILLS_OVERLAP_MS }))
        if (Exit.isSuccess(exit)) for (const fill of exit.value) store.onFill(fill)
      }
      for (const order of this.#behind) {
        if (order.view?.symbol !== symbol) continue
        this.#behind.delete(order)
        this.#tell("FillsMissing", "error", order, `${order.view.filled} are filled, and not all fills are found.`)
      }
    })
  }

  #answer<A, B>(
    name: string,
    request: Effect.Effect<A, VenueError.VenueError>,
    order: TrackedOrder,
    then: (failure: Failure | undefined, value: A | undefined) => B
  ): Effect.Effect<B> {
    return Effect.map(this.#timed(request, order, name), (exit) =>
      Exit.isSuccess(exit) ? then(undefined, exit.value) : then(failureOf(exit.cause), undefined)
    )
  }

  #timed<A>(
    request: Effect.Effect<A, VenueError.VenueError>,
    order: TrackedOrder,
    operation = "order"
  ): Effect.Effect<Exit.Exit<A, VenueError.VenueError>> {
    const { timing, venue } = this.#setup
    const { clientOrderId } = order
    const orElse = () => {
      const message = `no answer within ${Duration.format(Duration.fromInputUnsafe(timing.ackWithin))}`
      const reason = new VenueError.OutcomeUnknown({ message, clientOrderId })
      return Effect.fail(new VenueError.VenueError({ venue, operation, reason }))
    }
    return Effect.exit(Effect.timeoutOrElse(request, { duration: timing.ackWithin, orElse }))
  }

  #now(): number {
    return this.#setup.clock.currentTimeMillisUnsafe()
  }

  #tell(_tag: Notice["_tag"], level: Notice["level"], order: TrackedOrder, message: string): void {
    const { tell, venue } = this.#setup
    const { clientOrderId, status } = order
    tell({ _tag, level, venue, message: `Order ${clientOrderId}: ${message}`, fields: { clientOrderId, status } })
  }
}

/** What is no answer of the venue may have been carried out: a mistake of the adapter, an interruption of its own. */
const failureOf = (cause: Cause.Cause<VenueError.VenueError>): Failure => {
  const error = Option.getOrUndefined(Cause.findErrorOption(cause))
  if (error === undefined) return { kind: "unknown", reason: "the adapter failed" }
  const { reason } = error
  if (reason._tag === "OutcomeUnknown") return { kind: "unknown", reason: reason.message }
  if (reason._tag === "OrderRejected") return { kind: "rejected", reason: reason.message }
  return { kind: "notSent", reason: VenueError.describe(reason) }
}

const reasonOf = (cause: Cause.Cause<VenueError.VenueError>): string => failureOf(cause).reason
