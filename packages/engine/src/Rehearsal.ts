/**
 * Orders that go the way of every order as far as the transport and are never sent, so that its code is compiled and near the
 * processor when there is one that is: docs/adr/0025-rehearsals.md.
 *
 * Guarantees: nothing is sent, journalled, told or remembered, no budget is used and no id is given; only while the account is
 * traded on and the book is live, and only on accounts that can. What fails in one that would have failed an order ends them,
 * and is told.
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
  readonly clock: Clock.Clock
  readonly timing: Timing
  readonly journal: Journal
  readonly tell: Tell
  readonly isOpen: () => boolean
  /** Does with an order what is done with every order. */
  readonly place: (order: Omit<NewOrder, "venue">, way: OrderWay) => Submitted
  /** Runs as far as that goes at once, and no further. */
  readonly begin: (effect: Effect.Effect<void>) => void
}

const ID = "rehearsal"

const nothing = (): void => undefined

export const keep = (venue: VenueDesk, setup: RehearsalSetup): Effect.Effect<void, never, Scope.Scope> => {
  const { rehearse } = venue.account
  const every = Duration.fromInputUnsafe(venue.setup.rehearseEvery ?? 0)
  if (rehearse === undefined || Duration.isZero(every)) return Effect.void
  const { begin, clock, isOpen, journal, place, tell, timing } = setup
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
  const once = Effect.sync(() => {
    const order = isOpen() ? orders.next() : undefined
    if (order !== undefined && place(order, way())._tag === "Refused") orders.refused(order)
  })
  const failed = (defect: unknown) => {
    const message = `${venue.venue}: orders are not rehearsed any more, the first ones will be slow: ${String(defect)}`
    return Effect.sync(() => tell({ _tag: "RehearsalFailed", level: "warn", venue: venue.venue, message }))
  }
  return Effect.forever(Effect.andThen(Effect.sleep(every), once)).pipe(
    Effect.catchDefect(failed),
    Effect.forkScoped,
    Effect.asVoid
  )
}
