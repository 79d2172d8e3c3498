/**
 * The desk over all accounts, as `Desk.make` begins it: what is asked of it, checked and handed to the account it concerns.
 *
 * Guarantees: see `Desk.ts`. All of it is synchronous.
 */
import { Amount, type Instrument, type Order, type PrivateEvent, type VenueError } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"
import type * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { defaultTiming, type Timing } from "./AccountDesk.ts"
import type * as ClientOrderIds from "./ClientOrderIds.ts"
import * as DeadMan from "./DeadMan.ts"
import type { Entry, Journal } from "./Journal.ts"
import * as KillSwitch from "./KillSwitch.ts"
import type { Limits } from "./Limits.ts"
import type { Notice, Tell } from "./Notice.ts"
import * as OrderCheck from "./OrderCheck.ts"
import type { NewOrder, OrderDesk, OrderFilter, Requested, Submitted } from "./OrderDesk.ts"
import { OrderRate } from "./OrderRate.ts"
import * as OrderState from "./OrderState.ts"
import { Outbox } from "./Outbox.ts"
import { InvalidOrder, NoSuchOrder, NotTrading, type Refusal } from "./Refusal.ts"
import * as Risk from "./Risk.ts"
import { situation } from "./situation.ts"
import type { TrackedOrder } from "./TrackedOrder.ts"
import { VenueDesk, type VenueSetup } from "./VenueDesk.ts"

export interface DeskSetup {
  readonly venues: ReadonlyArray<VenueSetup>
  readonly journal: Journal
  readonly limits: Limits
  /** Hears of every private event that is new, in order; must not throw. */
  readonly emit: (event: PrivateEvent.PrivateEvent) => void
  /** Hears what people should know; must not throw. */
  readonly tell: Tell
  /** What was won or lost today (UTC), of all venues; where nobody counts it, it limits nothing. */
  readonly dailyPnl?: () => Amount.Amount | undefined
  /** The position that is limited, where it is not the account's. */
  readonly position?: (venue: string, symbol: string) => Amount.Amount | undefined
  readonly timing?: Partial<Timing>
  /** How often the accounts are compared with the venues while all seems well. Default 5 minutes. */
  readonly auditEvery?: Duration.Input
}

export interface Desk extends OrderDesk {
  /** Why a venue is not traded on; `undefined` when it is. */
  readonly closed: (venue: string) => NotTrading | undefined
  readonly balance: (venue: string, asset: string) => PrivateEvent.Balance | undefined
  /** The legs of the account's position. */
  readonly positions: (venue: string, symbol: string) => ReadonlyArray<PrivateEvent.Position>
  /** Why trading is halted; `undefined` when it is not. */
  readonly halted: () => string | undefined
  /** Refuses everything new at once, cancels everything, and makes sure of it. */
  readonly halt: (reason: string) => void
  /** Takes a halt back: for an operator. */
  readonly resume: (reason: string) => void
  /** Refuses everything new; cancels still go. */
  readonly stop: () => void
  /** Ends when none of the orders is open any more. */
  readonly settled: (filter?: OrderFilter) => Effect.Effect<void>
  /** Keeps what a part of the engine needs of the journal, so that entries before it may be forgotten. */
  readonly snapshot: (name: string, value: unknown) => void
  /** What the journal had at the start: to build a portfolio of. */
  readonly restored: ReadonlyArray<Entry>
}

const DEFAULT_AUDIT: Duration.Input = "5 minutes"

export interface Parts {
  readonly clock: Clock.Clock
  readonly ids: ClientOrderIds.ClientOrderIds
  readonly run: (effect: Effect.Effect<void>, key?: string) => void
  readonly restored: ReadonlyArray<Entry>
}

export class VenueDesks implements Desk {
  readonly restored: ReadonlyArray<Entry>
  readonly #setup: DeskSetup
  readonly #parts: Parts
  readonly #outbox: Outbox
  readonly #rate: OrderRate
  readonly #venues = new Map<string, VenueDesk>()
  /** Called when an order has ended. */
  readonly #watchers = new Set<() => void>()
  #halted: string | undefined
  #isJournalBroken = false
  #phase: "trading" | "stopping" | "stopped" = "trading"

  constructor(setup: DeskSetup, parts: Parts) {
    this.#setup = setup
    this.#parts = parts
    this.restored = parts.restored
    this.#outbox = new Outbox(setup.emit)
    this.#rate = new OrderRate(setup.limits.maxOrdersPerMinute)
    const last = parts.restored.findLast((entry) => entry._tag === "Halt" || entry._tag === "Resume")
    if (last?._tag === "Halt") this.#halted = last.reason
  }

  begin(fillsSince: number): Effect.Effect<void, VenueError.VenueError, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      const { auditEvery = DEFAULT_AUDIT, tell, timing, venues } = this.#setup
      const { clock, restored, run } = this.#parts
      for (const setup of venues) {
        const venue = yield* VenueDesk.open(setup, {
          clock,
          timing: { ...defaultTiming, ...timing },
          write: (entry) => void this.#write(entry),
          emit: (event) => this.#outbox.push(event),
          tell,
          onEnded: () => this.#watchers.forEach((watcher) => watcher()),
          run,
          restored: restored.filter((entry) => venueOf(entry) === setup.venue),
          fillsSince,
          auditEvery
        })
        this.#venues.set(setup.venue, venue)
        yield* DeadMan.keep(venue, tell)
      }
      const isOpen = [...this.#venues.values()].some((each) => each.store.open.size > 0)
      if (this.#halted !== undefined && isOpen) this.#cancelEverything()
    })
  }

  end(): void {
    this.#phase = "stopped"
  }

  readonly stop = (): void => {
    if (this.#phase === "trading") this.#phase = "stopping"
  }

  readonly closed = (name: string): NotTrading | undefined => {
    const venue = this.#venues.get(name)
    const message = `${name} is not traded on.`
    return this.#closed ?? (venue === undefined ? new NotTrading({ cause: "disconnected", message }) : venue.closed)
  }

  readonly halted = (): string | undefined => this.#halted

  readonly balance = (venue: string, asset: string): PrivateEvent.Balance | undefined =>
    this.#venues.get(venue)?.holdings.balances.get(asset)

  readonly positions = (venue: string, symbol: string): ReadonlyArray<PrivateEvent.Position> =>
    [...(this.#venues.get(venue)?.holdings.positions.values() ?? [])].filter((each) => each.symbol === symbol)

  readonly submit = (strategy: string, order: NewOrder): Submitted =>
    this.#outbox.hold((): Submitted => {
      const { venue: name, ...given } = order
      const venue = this.#venues.get(name)
      if (venue === undefined) return refused(new InvalidOrder({ message: `There is no venue ${name} to trade on.` }))
      const problem = this.#closed ?? venue.closed
      if (problem !== undefined) return refused(problem)
      const checked = this.#check(venue, given)
      if ("refusal" in checked) return refused(checked.refusal)
      const request = { ...checked.order.request, clientOrderId: this.#parts.ids.next() }
      const intent = { time: this.#now(), venue: name, strategy, request }
      if (!this.#write({ _tag: "Intent", ...intent })) return refused(this.#closed!)
      this.#rate.add(intent.time)
      const tracked = venue.store.begin(intent)
      const view = tracked.view!
      venue.desk.submit(tracked, request)
      return { _tag: "Submitted", order: view }
    })

  readonly amend = (
    clientOrderId: string,
    change: { readonly price?: Amount.Amount; readonly size?: Amount.Amount }
  ): Requested =>
    this.#outbox.hold((): Requested => {
      const found = this.#find(clientOrderId)
      if (found instanceof NoSuchOrder) return refused(found)
      const { order, venue, view } = found
      const problem = this.#closed ?? venue.closed ?? amendProblem(venue, order, view, change)
      if (problem !== undefined) return refused(problem)
      const checked = this.#check(venue, { ...requestOf(view), ...change }, order)
      if ("refusal" in checked) return refused(checked.refusal)
      const { price, size } = checked.order.request
      const amendment: Order.Amendment = {
        ...order.reference(view.symbol),
        ...(change.price === undefined ? {} : { price: price! }),
        ...(change.size === undefined ? {} : { size })
      }
      const time = this.#now()
      if (!this.#write({ _tag: "Amend", time, venue: venue.venue, amendment })) return refused(this.#closed!)
      this.#rate.add(time)
      venue.desk.amend(order, amendment)
      return { _tag: "Requested" }
    })

  readonly cancel = (clientOrderId: string): Requested =>
    this.#outbox.hold((): Requested => {
      const found = this.#find(clientOrderId)
      if (found instanceof NoSuchOrder) return refused(found)
      this.#cancel(found.venue, found.order)
      return { _tag: "Requested" }
    })

  readonly cancelAll = (filter: OrderFilter = {}): number => {
    const found = this.#matching(filter)
    this.#outbox.hold(() => found.forEach(([venue, order]) => this.#cancel(venue, order)))
    return found.length
  }

  readonly open = (filter: OrderFilter = {}): ReadonlyArray<PrivateEvent.Order> =>
    this.#matching(filter).flatMap(([, order]) => (order.view === undefined ? [] : [order.view]))

  readonly order = (clientOrderId: string): PrivateEvent.Order | undefined => this.#tracked(clientOrderId)?.order.view

  readonly settled = (filter: OrderFilter = {}): Effect.Effect<void> =>
    Effect.callback((resume) => {
      const watcher = () => {
        if (this.#matching(filter).length > 0) return
        this.#watchers.delete(watcher)
        resume(Effect.void)
      }
      this.#watchers.add(watcher)
      watcher()
      return Effect.sync(() => void this.#watchers.delete(watcher))
    })

  readonly halt = (reason: string): void => {
    if (this.#halted !== undefined) return
    this.#halted = reason
    this.#write({ _tag: "Halt", time: this.#now(), reason })
    this.#tell("Halted", "error", `Trading is halted: ${reason}`)
    this.#cancelEverything()
  }

  readonly resume = (reason: string): void => {
    if (this.#halted === undefined) return
    this.#isJournalBroken = false
    if (!this.#write({ _tag: "Resume", time: this.#now(), reason })) return
    this.#halted = undefined
    this.#tell("Resumed", "warn", `Trading is allowed again: ${reason}`)
  }

  readonly snapshot = (name: string, value: unknown): void =>
    void this.#write({ _tag: "Snapshot", time: this.#now(), name, value })

  get #closed(): NotTrading | undefined {
    if (this.#isJournalBroken) return new NotTrading({ cause: "journal", message: "The journal cannot be written." })
    if (this.#halted !== undefined) {
      return new NotTrading({ cause: "halted", message: `Trading is halted: ${this.#halted}` })
    }
    if (this.#phase === "trading") return undefined
    return new NotTrading({ cause: this.#phase, message: `The engine is ${this.#phase}.` })
  }

  #check(
    venue: VenueDesk,
    given: Omit<NewOrder, "venue">,
    amended?: TrackedOrder
  ): { readonly order: OrderCheck.CheckedOrder } | { readonly refusal: Refusal } {
    const instrument = venue.setup.instrument(given.symbol)
    if (instrument === undefined) {
      return { refusal: new InvalidOrder({ message: `${venue.venue} has no instrument ${given.symbol}.` }) }
    }
    const named = { ...given, symbol: instrument.symbol }
    const order = OrderCheck.check(named, instrument, venue.setup.trading.capabilities)
    if (order instanceof InvalidOrder) return { refusal: order }
    // of an order that is amended, what is filled is in the position already
    const left = amended === undefined ? order.size : BigDecimal.subtract(order.size, OrderState.filled(amended.state))
    const risked = { ...order, size: left }
    const now = this.#now()
    const pnl = this.#setup.dailyPnl?.()
    const position = this.#setup.position?.(venue.venue, instrument.symbol)
    const whole = {
      openOrders: this.#openOrders(),
      dailyPnl: pnl === undefined ? undefined : Amount.read(pnl),
      rate: { second: this.#rate.inLastSecond(now), minute: this.#rate.inLastMinute(now) },
      position: position === undefined ? undefined : Amount.read(position)
    }
    const stands = situation(venue, instrument, risked, whole, amended)
    const price = Risk.priceOf(order, stands)
    const refusal =
      (price === undefined ? undefined : OrderCheck.notionalProblem(instrument, order, price)) ??
      this.#crowded(venue, instrument, amended) ??
      Risk.check(this.#setup.limits, risked, stands)
    return refusal === undefined ? { order } : { refusal }
  }

  /** The venue's own bound on the open orders of a symbol. */
  #crowded(
    venue: VenueDesk,
    instrument: Instrument.Instrument,
    amended: TrackedOrder | undefined
  ): InvalidOrder | undefined {
    const most = instrument.orderRules?.maxOpenOrders
    if (most === undefined || amended !== undefined) return undefined
    let open = 0
    for (const order of venue.store.open.values()) if (order.view?.symbol === instrument.symbol) open++
    const message = `${instrument.symbol}: ${open} orders are open, ${most} is what the venue takes.`
    return open < most ? undefined : new InvalidOrder({ message })
  }

  #openOrders(): number {
    let open = 0
    for (const venue of this.#venues.values()) for (const order of venue.store.open.values()) if (order.isOurs) open++
    return open
  }

  #tracked(clientOrderId: string): { readonly venue: VenueDesk; readonly order: TrackedOrder } | undefined {
    for (const venue of this.#venues.values()) {
      const order = venue.store.get(clientOrderId)
      if (order !== undefined) return { venue, order }
    }
    return undefined
  }

  #find(clientOrderId: string) {
    const found = this.#tracked(clientOrderId)
    const view = found?.order.view
    if (found === undefined || view === undefined) {
      return new NoSuchOrder({ message: `There is no order ${clientOrderId}.` })
    }
    return found.order.isEnded
      ? new NoSuchOrder({ message: `Order ${clientOrderId} has ended: it is ${view.status}.` })
      : { ...found, view }
  }

  #matching({ strategy, symbol, venue }: OrderFilter): ReadonlyArray<readonly [VenueDesk, TrackedOrder]> {
    const found: Array<readonly [VenueDesk, TrackedOrder]> = []
    for (const desk of this.#venues.values()) {
      if (venue !== undefined && desk.venue !== venue) continue
      for (const order of desk.store.open.values()) {
        if (symbol !== undefined && order.view?.symbol !== symbol) continue
        if (strategy !== undefined && order.view?.strategy !== strategy) continue
        found.push([desk, order])
      }
    }
    return found
  }

  #cancel(venue: VenueDesk, order: TrackedOrder): void {
    if (order.isCancelling) return
    const time = this.#now()
    const { clientOrderId } = order
    // a cancel that cannot be journalled is sent all the same: it can do no harm
    this.#write({ _tag: "Cancel", time, venue: venue.venue, clientOrderId })
    venue.store.learn(order, { _tag: "CancelRequested", time })
    venue.desk.cancel(order)
  }

  #cancelEverything(): void {
    for (const venue of this.#venues.values()) {
      const isHalted = () => this.#halted !== undefined
      this.#parts.run(KillSwitch.cancelEverything(venue, this.#setup.tell, isHalted), `halt ${venue.venue}`)
    }
  }

  /** Gives whether it was written. */
  #write(entry: Entry): boolean {
    if (this.#isJournalBroken) return false
    try {
      this.#setup.journal.write(entry)
      return true
    } catch (error) {
      this.#isJournalBroken = true
      this.#tell("JournalFailed", "error", `The journal cannot be written: ${String(error)}`)
      this.halt("the journal cannot be written")
      return false
    }
  }

  #now(): number {
    return this.#parts.clock.currentTimeMillisUnsafe()
  }

  #tell(_tag: Notice["_tag"], level: Notice["level"], message: string): void {
    this.#setup.tell({ _tag, level, message })
  }
}

const refused = <R extends Refusal>(refusal: R) => ({ _tag: "Refused", refusal }) as const

const venueOf = (entry: Entry): string | undefined => {
  switch (entry._tag) {
    case "Intent":
    case "Amend":
    case "Cancel":
      return entry.venue
    case "Order":
      return entry.order.venue
    case "Fill":
      return entry.fill.venue
    default:
      return undefined
  }
}

const requestOf = (view: PrivateEvent.Order): Omit<NewOrder, "venue"> => {
  const { kind, price, reduceOnly, side, size, symbol, timeInForce, triggerPrice } = view
  return {
    symbol,
    side,
    kind,
    size,
    ...(price === undefined ? {} : { price }),
    ...(triggerPrice === undefined ? {} : { triggerPrice }),
    ...(timeInForce === undefined ? {} : { timeInForce }),
    ...(reduceOnly === undefined ? {} : { reduceOnly })
  }
}

/** What this venue does not amend, or what is no amendment. */
const amendProblem = (
  venue: VenueDesk,
  order: TrackedOrder,
  view: PrivateEvent.Order,
  change: { readonly price?: Amount.Amount; readonly size?: Amount.Amount }
): InvalidOrder | undefined => {
  const { amends } = venue.setup.trading.capabilities
  const invalid = (message: string) => new InvalidOrder({ message: `Order ${view.clientOrderId}: ${message}.` })
  if (change.price === undefined && change.size === undefined) return invalid("nothing is to be changed")
  if (amends === "none") return invalid(`${venue.venue} amends no orders: cancel it, and place another`)
  if (amends === "size" && change.price !== undefined) return invalid(`${venue.venue} amends no prices`)
  const size = change.size === undefined ? undefined : Amount.read(change.size)
  if (size === undefined) return undefined
  if (amends === "size" && BigDecimal.isGreaterThan(size, OrderState.size(order.state))) {
    return invalid(`${venue.venue} makes sizes smaller only`)
  }
  return BigDecimal.isGreaterThan(size, OrderState.filled(order.state))
    ? undefined
    : invalid(`${view.filled} of it are filled, so it cannot have a size of ${change.size}`)
}
