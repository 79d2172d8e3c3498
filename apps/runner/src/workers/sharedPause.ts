/**
 * Two who may stop reading a connection, each for its own queue: the stream in the worker and the one in the main thread.
 *
 * Guarantees: what either holds stays held until both have let go.
 */
import { Subscription, type VenueAdapter } from "@tidewire/core"
import * as Effect from "effect/Effect"

export interface SharedPause {
  readonly adapter: VenueAdapter.VenueAdapter
  readonly hold: (subscription: Subscription.Subscription) => void
  readonly release: (subscription: Subscription.Subscription) => void
}

export const sharedPause = (adapter: VenueAdapter.VenueAdapter): SharedPause => {
  const here = new Set<string>()
  const there = new Set<string>()
  let feed: VenueAdapter.Feed | undefined
  const letGo = (by: Set<string>, other: Set<string>) => (subscription: Subscription.Subscription) => {
    const key = Subscription.key(subscription)
    if (by.delete(key) && !other.has(key)) feed?.resume(subscription)
  }
  return {
    adapter: {
      ...adapter,
      open: (subscriptions, emit) =>
        Effect.map(adapter.open(subscriptions, emit), (opened) => {
          feed = opened
          const pause: VenueAdapter.Feed["pause"] = (subscription) => {
            const isPaused = opened.pause(subscription)
            if (isPaused) here.add(Subscription.key(subscription))
            return isPaused
          }
          const resume = letGo(here, there)
          return {
            states: opened.states,
            update: (wanted, reasons) => opened.update(wanted, reasons),
            rotate: (connection) => opened.rotate(connection),
            reconnect: (connection) => opened.reconnect(connection),
            reset: (connection) => opened.reset(connection),
            counts: () => opened.counts(),
            book: (symbol) => opened.book(symbol),
            retellBook: (symbol, hole) => opened.retellBook(symbol, hole),
            samples: () => opened.samples(),
            pause,
            resume
          }
        })
    },
    hold: (subscription) => {
      if (feed?.pause(subscription) === true) there.add(Subscription.key(subscription))
    },
    release: letGo(there, here)
  }
}
