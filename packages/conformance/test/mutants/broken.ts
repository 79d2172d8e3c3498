/** Ways to break the made-up venue: its adapter, its feed, the events it tells, or what its exchange shows. */
import type { Event, VenueAdapter } from "@tidewire/core"
import * as Effect from "effect/Effect"
import type { Exchange, Opened, Subject } from "../../src/index.ts"
import { reference } from "../reference/subject.ts"

type Adapter = VenueAdapter.VenueAdapter
type Feed = VenueAdapter.Feed

export const opened = (change: (opened: Opened) => Opened, subject = reference): Subject => ({
  ...subject,
  open: (connection) => Effect.map(subject.open(connection), change)
})

export const adapter = (change: (adapter: Adapter, exchange: Exchange) => Partial<Adapter>, subject = reference) =>
  opened((made) => ({ ...made, adapter: { ...made.adapter, ...change(made.adapter, made.exchange) } }), subject)

export const feed = (change: (feed: Feed) => Partial<Feed>): Subject =>
  adapter(({ open }) => ({
    open: (wanted, emit) => Effect.map(open(wanted, emit), (made) => ({ ...made, ...change(made) }))
  }))

type Retell = (event: Event.Event, emit: (event: Event.Event) => void) => void

/** Every feed tells its events otherwise; `make` is called for each feed. */
export const telling = (make: () => Retell): Subject =>
  adapter(({ open }) => ({
    open: (wanted, emit) => {
      const retell = make()
      return open(wanted, (event) => retell(event, emit))
    }
  }))

/** Events of one type are changed; those that become `undefined` are not told. */
export const changing = <Type extends Event.Event["type"]>(
  type: Type,
  change: (event: Extract<Event.Event, { readonly type: Type }>) => Event.Event | undefined
): Subject =>
  telling(() => (event, emit) => {
    const told = event.type === type ? change(event as Extract<Event.Event, { readonly type: Type }>) : event
    if (told !== undefined) emit(told)
  })

export const exchange = (change: (exchange: Exchange) => Partial<Exchange>): Subject =>
  opened((made) => ({ ...made, exchange: { ...made.exchange, ...change(made.exchange) } }))

/** What is claimed, before and after opening alike. */
export const claiming = (change: Partial<Subject["capabilities"]>): Subject => {
  const capabilities = { ...reference.capabilities, ...change }
  return { ...adapter(() => ({ capabilities })), capabilities }
}
