/**
 * A feed under observation: everything it told, in order, and the feed. Keeps at most `MOST` events; a card that is
 * told more than that fails.
 */
import { type Event, type VenueAdapter } from "@tidewire/core"
import * as SubscriptionRef from "effect/SubscriptionRef"

const MOST = 500_000

export type Typed<Type extends Event.Event["type"]> = Extract<Event.Event, { readonly type: Type }>

export class Watched {
  readonly events: Array<Event.Event> = []
  #feed: VenueAdapter.Feed | undefined

  readonly take = (event: Event.Event): void => {
    if (this.events.length >= MOST) throw new RangeError(`more than ${MOST} events`)
    this.events.push(event)
  }

  get feed(): VenueAdapter.Feed {
    return this.#feed!
  }

  watch(feed: VenueAdapter.Feed): this {
    this.#feed = feed
    return this
  }

  /** What was told of one type, of one symbol or of all. */
  of<Type extends Event.Event["type"]>(type: Type, symbol?: string): ReadonlyArray<Typed<Type>> {
    return this.events.filter(
      (event): event is Typed<Type> =>
        event.type === type && (symbol === undefined || ("symbol" in event && event.symbol === symbol))
    )
  }

  gaps(symbol: string, kind?: string): ReadonlyArray<Event.Gap> {
    return this.of("gap", symbol).filter(
      ({ channel }) => kind === undefined || channel === kind || channel.startsWith(`${kind}:`)
    )
  }

  /** The states of all connections, or of these. */
  states(names?: ReadonlyArray<string>): ReadonlyArray<Event.ConnectionStateName> {
    return [...SubscriptionRef.getUnsafe(this.feed.states).values()]
      .filter(({ name }) => names === undefined || names.includes(name))
      .map(({ state }) => state)
  }

  /** There are connections, and all are Active. */
  get isActive(): boolean {
    const states = this.states()
    return states.length > 0 && states.every((state) => state === "Active")
  }
}
