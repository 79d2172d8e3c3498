/**
 * The desk over all accounts, as `Desk.make` begins it: what is asked of it, checked and handed to the account it concerns.
 *
 * Guarantees: see `Desk.ts`. All of it is synchronous.
 */
import type { Amount, Order, PrivateEvent, VenueError } from "@tidewire/core"
import type * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as SubscriptionRef from "effect/SubscriptionRef"
import { defaultTiming } from "./AccountDesk.ts"
import { amendProblem, requestOf } from "./amendment.ts"
import type * as ClientOrderIds from "./ClientOrderIds.ts"
import * as DeadMan from "./DeadMan.ts"
import type { AccountView, Desk, DeskCounts, DeskSetup } from "./DeskSetup.ts"
import type { Entry, Journal } from "./Journal.ts"
import * as KillSwitch from "./KillSwitch.ts"
import type { Notice } from "./Notice.ts"
import type { NewOrder, OrderFilter, Requested, Submitted } from "./OrderDesk.ts"
import { OrderJudge } from "./OrderJudge.ts"
import type { OrderWay } from "./OrderWay.ts"
import { Outbox } from "./Outbox.ts"
import { InvalidOrder, NoSuchOrder, NotTrading, type Refusal } from "./Refusal.ts"
import * as Rehearsal from "./Rehearsal.ts"
import type { TrackedOrder } from "./TrackedOrder.ts"
import { VenueDesk } from "./VenueDesk.ts"

export type { Desk, DeskSetup }

const DEFAULT_AUDIT: Duration.Input = "5 minutes"

export interface Parts {
  readonly clock: Clock.Clock
  readonly ids: ClientOrderIds.ClientOrderIds
  readonly run: (effect: Effect.Effect<void>, key?: string) => void
  /** Runs as far as that goes at once, and no further. */
  readonly rehearse: (effect: Effect.Effect<void>) => void
  readonly restored: ReadonlyArray<Entry>
}

export class VenueDesks implements Desk {
  readonly restored: ReadonlyArray<Entry>
  readonly #setup: DeskSetup
  readonly #parts: Parts
  readonly #outbox: Outbox
  readonly #venues = new Map<string, VenueDesk>()
  readonly #judge: OrderJudge
  /** Called when an order has ended. */
  readonly #watchers = new Set<() => void>()
  #halted: string | undefined
  #isJournalBroken = false
  #written = 0
  readonly #refusals = new Map<string, number>()
  #phase: "trading" | "stopping" | "stopped" = "trading"

  constructor(setup: DeskSetup, parts: Parts) {
    this.#setup = setup
    this.#parts = parts
    this.restored = parts.restored
    this.#outbox = new Outbox(setup.emit)
    this.#judge = new OrderJudge(setup, this.#venues)
    const last = parts.restored.findLast((entry) => entry._tag === "Halt" || entry._tag === "Resume")
    if (last?._tag === "Halt") this.#halted = last.reason
  }

  begin(fillsSince: number): Effect.Effect<void, VenueError.VenueError, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      const { auditEvery = DEFAULT_AUDIT, journal, rehearseEvery = 0, tell, venues } = this.#setup
      const { clock, rehearse, restored, run } = this.#parts
      const timing = { ...defaultTiming, ...this.#setup.timing }
      for (const setup of venues) {
        const venue = yield* VenueDesk.open(setup, {
          clock,
          timing,
          write: (entry) => void this.#write(entry),
          forget: (clientOrderId) => void this.#journalled((journal) => journal.forget(setup.venue, clientOrderId)),
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
      yield* Rehearsal.keep([...this.#venues.values()], {
        every: rehearseEvery,
        clock,
        timing,
        journal,
        tell,
        isOpen: (venue) => this.#closed === undefined && venue.closed === undefined,
        place: (venue, order, way) => this.#outbox.hold(() => this.#place(venue, "rehearsal", order, way)),
        begin: rehearse
      })
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
      if (venue === undefined)
        return this.#refused(new InvalidOrder({ message: `There is no venue ${name} to trade on.` }))
      const problem = this.#closed ?? venue.closed
      if (problem !== undefined) return this.#refused(problem)
      return this.#counted(
        this.#place(venue, strategy, given, {
          nextId: this.#parts.ids.next,
          write: this.#write,
          sent: this.#judge.sent,
          store: venue.store,
          desk: venue.desk
        })
      )
    })

  #place(venue: VenueDesk, strategy: string, given: Omit<NewOrder, "venue">, way: OrderWay): Submitted {
    const time = this.#now()
    const checked = this.#judge.judge(venue, given, time)
    if ("refusal" in checked) return refused(checked.refusal)
    const request = { ...checked.order.request, clientOrderId: way.nextId() }
    const intent = { time, venue: venue.venue, strategy, request }
    if (!way.write({ _tag: "Intent", ...intent })) return refused(this.#closed!)
    way.sent(time)
    const tracked = way.store.begin(intent)
    const view = tracked.view!
    way.desk.submit(tracked, request)
    return { _tag: "Submitted", order: view }
  }

  readonly amend = (
    clientOrderId: string,
    change: { readonly price?: Amount.Amount; readonly size?: Amount.Amount }
  ): Requested =>
    this.#outbox.hold((): Requested => {
      const found = this.#find(clientOrderId)
      if (found instanceof NoSuchOrder) return this.#refused(found)
      const { order, venue, view } = found
      const problem = this.#closed ?? venue.closed ?? amendProblem(venue, order, view, change)
      if (problem !== undefined) return this.#refused(problem)
      const time = this.#now()
      const checked = this.#judge.judge(venue, { ...requestOf(view), ...change }, time, order)
      if ("refusal" in checked) return this.#refused(checked.refusal)
      const { price, size } = checked.order.request
      const amendment: Order.Amendment = {
        ...order.reference(view.symbol),
        ...(change.price === undefined ? {} : { price: price! }),
        ...(change.size === undefined ? {} : { size })
      }
      if (!this.#write({ _tag: "Amend", time, venue: venue.venue, amendment })) return this.#refused(this.#closed!)
      this.#judge.sent(time)
      venue.desk.amend(order, amendment)
      return { _tag: "Requested" }
    })

  readonly cancel = (clientOrderId: string): Requested =>
    this.#outbox.hold((): Requested => {
      const found = this.#find(clientOrderId)
      if (found instanceof NoSuchOrder) return this.#refused(found)
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
    this.#outbox.hold(() => this.#cancelEverything())
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

  readonly counts = (): DeskCounts => ({ journalWrites: this.#written, refusals: Object.fromEntries(this.#refusals) })

  readonly flush = (): void => this.#outbox.flush()

  readonly accounts = (): ReadonlyArray<AccountView> =>
    [...this.#venues.values()].map(({ account, holdings, venue }) => {
      const closed = this.closed(venue)
      return {
        venue,
        stream: SubscriptionRef.getUnsafe(account.stream),
        ...(closed !== undefined && { closed }),
        balances: [...holdings.balances.values()],
        positions: [...holdings.positions.values()].filter(({ size }) => size !== "0")
      }
    })

  get #closed(): NotTrading | undefined {
    if (this.#isJournalBroken) return new NotTrading({ cause: "journal", message: "The journal cannot be written." })
    if (this.#halted !== undefined) {
      return new NotTrading({ cause: "halted", message: `Trading is halted: ${this.#halted}` })
    }
    if (this.#phase === "trading") return undefined
    return new NotTrading({ cause: this.#phase, message: `The engine is ${this.#phase}.` })
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
  readonly #write = (entry: Entry): boolean => this.#journalled((journal) => journal.write(entry))

  /** Gives whether the journal has done it. */
  #journalled(use: (journal: Journal) => void): boolean {
    if (this.#isJournalBroken) return false
    try {
      use(this.#setup.journal)
      this.#written++
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

  #refused<R extends Refusal>(refusal: R) {
    return this.#counted(refused(refusal))
  }

  #counted<A extends Submitted | Requested>(answer: A): A {
    if (answer._tag === "Refused") {
      const why = reasonOf(answer.refusal)
      this.#refusals.set(why, (this.#refusals.get(why) ?? 0) + 1)
    }
    return answer
  }

  #tell(_tag: Notice["_tag"], level: Notice["level"], message: string): void {
    this.#setup.tell({ _tag, level, message })
  }
}

const refused = <R extends Refusal>(refusal: R) => ({ _tag: "Refused", refusal }) as const

/** What it is counted under. */
const reasonOf = (refusal: Refusal): string => {
  if (refusal._tag === "RiskLimit") return `${refusal._tag}:${refusal.limit}`
  return refusal._tag === "NotTrading" ? `${refusal._tag}:${refusal.cause}` : refusal._tag
}

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
