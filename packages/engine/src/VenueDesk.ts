/**
 * One account as the desk keeps it: its orders, what it has, and whether it may be traded on.
 *
 * Guarantees: trading is open only while the private stream is up and everything has been reconciled since it came up, in the
 * position mode that is expected; each new session of the stream closes it until then. What is told by the account is taken in
 * at all times. Lives as long as its scope.
 */
import type { Instrument, OrderBook, PrivateEvent, Trading } from "@tidewire/core"
import { VenueError } from "@tidewire/core"
import type * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FiberHandle from "effect/FiberHandle"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as SubscriptionRef from "effect/SubscriptionRef"
import { AccountDesk, type Timing } from "./AccountDesk.ts"
import { AccountHoldings } from "./AccountHoldings.ts"
import type { Entry } from "./Journal.ts"
import type { Tell } from "./Notice.ts"
import { OrderStore } from "./OrderStore.ts"
import * as Reconciliation from "./Reconciliation.ts"
import { NotTrading } from "./Refusal.ts"

/** An account to trade on. */
export interface VenueSetup {
  /** The configured name. */
  readonly venue: string
  readonly trading: Trading.Trading
  /** By any spelling. */
  readonly instrument: (symbol: string) => Instrument.Instrument | undefined
  /** The symbols that are traded, in the venue's spelling: what is reconciled, and cancelled by a halt. */
  readonly symbols: () => ReadonlyArray<string>
  /** The checked book, where there is one. */
  readonly book: (symbol: string) => OrderBook.BookView | undefined
  /** Default: `oneWay`. */
  readonly positionMode?: "oneWay" | "hedge"
  /** The venue cancels everything unless it hears of us within this time; where it can (`capabilities.deadMan`). */
  readonly deadMan?: Duration.Input
  /** All orders are cancelled when the private stream has been down for so long; see `DeadMan`. */
  readonly watchdog?: Duration.Input
}

export interface VenueDeskContext {
  readonly clock: Clock.Clock
  readonly timing: Timing
  readonly write: (entry: Entry) => void
  readonly forget: (clientOrderId: string) => void
  readonly emit: (event: PrivateEvent.PrivateEvent) => void
  readonly tell: Tell
  readonly onEnded: () => void
  /** Runs until the desk ends; with a key, unless one of that key is running. */
  readonly run: (effect: Effect.Effect<void>, key?: string) => void
  /** What an earlier process has left of this account. */
  readonly restored: ReadonlyArray<Entry>
  /** From when on fills are wanted of symbols that have none, epoch ms. */
  readonly fillsSince: number
  /** How often the account is compared with the venue while all seems well. */
  readonly auditEvery: Duration.Input
}

class WrongMode extends Data.TaggedError("WrongMode")<{ readonly message: string }> {}

/** Fills whose order is not known after this time are somebody else's. */
const UNMATCHED_MS = 10_000

const retries = Schedule.min([Schedule.exponential("1 second"), Schedule.spaced("30 seconds")])

export class VenueDesk {
  readonly venue: string
  readonly setup: VenueSetup
  readonly store: OrderStore
  readonly holdings: AccountHoldings
  readonly desk: AccountDesk
  readonly account: Trading.Account
  readonly #context: VenueDeskContext
  /** The session of the stream since whose beginning all is reconciled. */
  #reconciled: number | undefined
  #modeProblem: string | undefined
  /** The watchdog's time is up, and not all could be cancelled yet. */
  #mustCancelAll = false

  private constructor(
    setup: VenueSetup,
    context: VenueDeskContext,
    parts: { readonly store: OrderStore; readonly holdings: AccountHoldings; readonly account: Trading.Account },
    desk: AccountDesk
  ) {
    this.venue = setup.venue
    this.setup = setup
    this.store = parts.store
    this.holdings = parts.holdings
    this.account = parts.account
    this.desk = desk
    this.#context = context
  }

  /** Opens the account and returns at once; it is traded on when it is reconciled. */
  static open(
    setup: VenueSetup,
    context: VenueDeskContext
  ): Effect.Effect<VenueDesk, VenueError.VenueError, Scope.Scope> {
    return Effect.gen(function* () {
      const { clock, emit, forget, run, tell, timing, write } = context
      const { venue } = setup
      const holdings = new AccountHoldings(emit)
      const store: OrderStore = new OrderStore({
        venue,
        write,
        forget,
        emit,
        tell,
        onFill: (fill) => holdings.onFill(fill),
        onLearnt: (order) => {
          opened?.desk.onLearnt(order)
          if (order.isEnded) context.onEnded()
        }
      })
      for (const entry of context.restored) store.restore(entry)
      store.restored(clock.currentTimeMillisUnsafe())
      let opened: VenueDesk | undefined
      const account = yield* setup.trading.open((event) => take(store, holdings, write, emit, event))
      const desk = new AccountDesk({ venue, account, store, clock, timing, tell, emit, run })
      opened = new VenueDesk(setup, context, { store, holdings, account }, desk)
      yield* opened.#run()
      return opened
    })
  }

  /** Why it is not traded on; `undefined` when it is. */
  get closed(): NotTrading | undefined {
    const stream = SubscriptionRef.getUnsafe(this.account.stream)
    const { venue } = this
    if (stream._tag === "Down") {
      const message = `${venue}: the private stream is down${stream.reason === undefined ? "" : `: ${stream.reason}`}.`
      return new NotTrading({ cause: "disconnected", message })
    }
    if (this.#modeProblem !== undefined) return new NotTrading({ cause: "positionMode", message: this.#modeProblem })
    return stream.session === this.#reconciled
      ? undefined
      : new NotTrading({ cause: "reconciling", message: `${venue}: what is open at the venue is being read.` })
  }

  /** The traded symbols and those of open orders. */
  get symbols(): ReadonlyArray<string> {
    const symbols = new Set(this.setup.symbols())
    for (const order of this.store.open.values()) if (order.view !== undefined) symbols.add(order.view.symbol)
    return [...symbols]
  }

  #run(): Effect.Effect<void, never, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      const { auditEvery, clock, run } = this.#context
      const handle = yield* FiberHandle.make<void>()
      const follow = (state: Trading.StreamState) =>
        FiberHandle.run(handle, state._tag === "Up" ? this.#reconciling(state.session) : this.#watching())
      run(Stream.runForEach(SubscriptionRef.changes(this.account.stream), follow))
      const audit = Effect.suspend(() => (this.closed === undefined ? this.#audit() : Effect.void))
      run(Effect.forever(Effect.delay(audit, auditEvery)))
      const sweep = Effect.sync(() => this.store.release(clock.currentTimeMillisUnsafe() - UNMATCHED_MS))
      run(Effect.forever(Effect.delay(sweep, "1 second")))
    })
  }

  #reconciling(session: number): Effect.Effect<void> {
    let attempt = 0
    const once = Effect.gen({ self: this }, function* () {
      const read = this.#reading()
      if (!(yield* Reconciliation.checkMode(read))) return yield* new WrongMode({ message: this.#wrongMode(read) })
      this.#modeProblem = undefined
      if (this.#mustCancelAll) yield* this.cancelAll()
      const differences = yield* Reconciliation.reconcile(read, "all")
      this.#reconciled = session
      const { adopted, fills, gone } = differences
      const message = `${this.venue}: reconciled: ${adopted} orders adopted, ${gone} ended, ${fills} fills missed.`
      this.#context.tell({ _tag: "Reconciled", level: "info", venue: this.venue, message, fields: { ...differences } })
    })
    const failed = (error: VenueError.VenueError | WrongMode) =>
      Effect.sync(() => {
        attempt++
        if (error._tag === "WrongMode") this.#modeProblem = error.message
        this.#context.tell({
          _tag: error._tag === "WrongMode" ? "PositionMode" : "ReconciliationFailed",
          level: "error",
          venue: this.venue,
          message: error.message,
          fields: { attempt }
        })
      })
    return once.pipe(Effect.tapError(failed), Effect.retry(retries), Effect.orDie)
  }

  /** As a reconciliation, but trading stays open, and a failure waits for the next. */
  #audit(): Effect.Effect<void> {
    return Effect.matchEffect(Reconciliation.reconcile(this.#reading(), "open"), {
      onFailure: (error) =>
        Effect.sync(() =>
          this.#context.tell({
            _tag: "ReconciliationFailed",
            level: "warn",
            venue: this.venue,
            message: error.message
          })
        ),
      onSuccess: ({ adopted, fills, gone }) =>
        Effect.sync(() => {
          if (adopted + fills + gone === 0) return
          const message = `${this.venue}: an audit found ${adopted} orders, ${gone} ends and ${fills} fills not told.`
          this.#context.tell({ _tag: "Reconciled", level: "warn", venue: this.venue, message })
        })
    })
  }

  /** Everything of the symbols at the venue, orders that are not ours included. */
  cancelAll(): Effect.Effect<void, VenueError.VenueError> {
    return Effect.map(
      Effect.suspend(() => this.account.cancelAll(this.symbols)),
      () => void (this.#mustCancelAll = false)
    )
  }

  #watching(): Effect.Effect<void> {
    const { watchdog } = this.setup
    this.#reconciled = undefined
    if (watchdog === undefined) return Effect.void
    return Effect.gen({ self: this }, function* () {
      yield* Effect.sleep(watchdog)
      this.#mustCancelAll = true
      const span = Duration.format(Duration.fromInputUnsafe(watchdog))
      const message = `${this.venue}: the private stream has been down for ${span}: all orders are being cancelled.`
      this.#context.tell({ _tag: "Watchdog", level: "error", venue: this.venue, message })
      yield* Effect.retry(this.cancelAll(), retries)
    }).pipe(Effect.orDie)
  }

  #reading(): Reconciliation.ReconciliationSetup {
    const { account, desk, holdings, setup, store, venue } = this
    const { clock, fillsSince, tell } = this.#context
    const { capabilities } = setup.trading
    const expectedMode = setup.positionMode ?? "oneWay"
    const { symbols } = setup
    return {
      venue,
      account,
      capabilities,
      desk,
      store,
      holdings,
      clock,
      tell,
      symbols,
      since: fillsSince,
      expectedMode
    }
  }

  #wrongMode({ expectedMode }: Reconciliation.ReconciliationSetup): string {
    return `${this.venue}: the account is not in ${expectedMode} position mode, so it is not traded on.`
  }
}

const take = (
  store: OrderStore,
  holdings: AccountHoldings,
  write: (entry: Entry) => void,
  emit: (event: PrivateEvent.PrivateEvent) => void,
  event: PrivateEvent.PrivateEvent
): void => {
  switch (event.type) {
    case "order":
      store.onOrder(event)
      return
    case "fill":
      store.onFill(event)
      return
    case "balance":
      return holdings.onBalance(event)
    case "position":
      return holdings.onPosition(event)
    case "funding":
      write({ _tag: "Funding", funding: event })
      return emit(event)
  }
}
