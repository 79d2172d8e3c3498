/**
 * Orders that go the way of every order as far as the transport and are never sent, so that its code is compiled and near the
 * processor when there is one that is: docs/adr/0025-rehearsals.md.
 *
 * Guarantees: nothing is sent, journalled, told or remembered, no budget is used and no id is given; only while the account is
 * traded on and the book is live, and only on accounts that can; a tenth of the time at the most, whatever the number of accounts.
 * What fails in one that would have failed an order ends them, and is told.
 */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { AccountDesk, type Timing } from "./AccountDesk.ts"
import type { Journal } from "./Journal.ts"
import type { Tell } from "./Notice.ts"
import type { NewOrder, Submitted } from "./OrderDesk.ts"
import { OrderStore } from "./OrderStore.ts"
import type { OrderWay } from "./OrderWay.ts"
import { RehearsedOrders } from "./RehearsedOrders.ts"
import type { VenueDesk } from "./VenueDesk.ts"

export interface RehearsalSetup {
  /** From the end of one to the next, if they are quick; each is of the next account. Zero: never. */
  readonly every: Duration.Input
  readonly clock: Clock.Clock
  readonly timing: Timing
  readonly journal: Journal
  readonly tell: Tell
  readonly isOpen: (venue: VenueDesk) => boolean
  /** Does with an order what is done with every order. */
  readonly place: (venue: VenueDesk, order: Omit<NewOrder, "venue">, way: OrderWay) => Submitted
  /** Runs as far as that goes at once, and no further. */
  readonly begin: (effect: Effect.Effect<void>) => void
}

const ID = "rehearsal"

/** How much longer than a rehearsal the rest is that follows it. */
const REST = 9

/** What took longer was interrupted by other processes: it has used no more, and a longer rest would make the next one cold. */
const LONGEST_REST_MS = 5

const NANOS = 1_000_000

export const keep = (
  venues: ReadonlyArray<VenueDesk>,
  setup: RehearsalSetup
): Effect.Effect<void, never, Scope.Scope> => {
  const every = Duration.fromInputUnsafe(setup.every)
  const rehearsals = venues.flatMap((venue) => rehearsal(venue, setup) ?? [])
  if (rehearsals.length === 0 || Duration.isZero(every)) return Effect.void
  const { clock, tell } = setup
  let count = 0
  let rest = every
  const once = Effect.sync(() => {
    const began = clock.monotonicTimeNanosUnsafe()
    rehearsals[count++ % rehearsals.length]!()
    const took = Number(clock.monotonicTimeNanosUnsafe() - began)
    // timers have whole milliseconds
    rest = Duration.max(every, Duration.millis(Math.min(LONGEST_REST_MS, Math.ceil((took * REST) / NANOS))))
  })
  const resting = Effect.suspend(() => Effect.sleep(rest))
  const failed = (defect: unknown) => {
    const message = `Orders are not rehearsed any more, the first ones will be slow: ${String(defect)}`
    return Effect.sync(() => tell({ _tag: "RehearsalFailed", level: "warn", message }))
  }
  return Effect.forever(Effect.andThen(resting, once)).pipe(
    Effect.catchDefect(failed),
    Effect.forkScoped,
    Effect.asVoid
  )
}

const nothing = (): void => undefined

/** One of an account, from its beginning to its end; `undefined` where there is none. */
const rehearsal = (venue: VenueDesk, setup: RehearsalSetup): (() => void) | undefined => {
  const { rehearse } = venue.account
  if (rehearse === undefined) return undefined
  const { begin, clock, isOpen, journal, place, timing } = setup
  const account = { ...venue.account, submit: rehearse }
  const orders = new RehearsedOrders(venue.setup)
  const way = (): OrderWay => {
    const told = { emit: nothing, tell: nothing }
    const write = nothing
    const store = new OrderStore({ venue: venue.venue, ...told, write, forget: write, onLearnt: write, onFill: write })
    return {
      nextId: () => ID,
      write: (entry) => (journal.rehearse?.(entry), true),
      sent: nothing,
      store,
      desk: new AccountDesk({ venue: venue.venue, account, store, clock, timing, ...told, run: begin })
    }
  }
  return () => {
    const order = isOpen(venue) ? orders.next() : undefined
    if (order !== undefined && place(venue, order, way())._tag === "Refused") orders.refused(order)
  }
}
