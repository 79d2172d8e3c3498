/**
 * What strategies want to hear, in the spelling of their venues. Pure.
 */
import { Capabilities, Channel, Spelling, type Subscription } from "@tidewire/core"
import * as Result from "effect/Result"
import { DuplicateName, EngineError, UnknownChannel, UnknownInstrument, UnknownVenue } from "./EngineError.ts"
import type { EngineVenue, NamedStrategy } from "./EngineSetup.ts"
import type { StrategySubscription } from "./Strategy.ts"

export interface Wanted {
  /** By the strategy's name. */
  readonly byStrategy: ReadonlyMap<string, ReadonlyArray<StrategySubscription>>
  /** By the venue's name, each once: to be subscribed beside what is configured. */
  readonly byVenue: ReadonlyMap<string, ReadonlyArray<Subscription.Subscription>>
}

const fail = (reason: EngineError["reason"]) => Result.fail(new EngineError({ reason }))

export const resolve = (
  strategies: ReadonlyArray<NamedStrategy>,
  venues: ReadonlyArray<EngineVenue>
): Result.Result<Wanted, EngineError> => {
  const byStrategy = new Map<string, ReadonlyArray<StrategySubscription>>()
  const byVenue = new Map<string, Array<Subscription.Subscription>>()
  for (const { name, strategy } of strategies) {
    if (byStrategy.has(name)) return fail(new DuplicateName({ message: `two strategies have the name ${name}` }))
    const resolved: Array<StrategySubscription> = []
    for (const [index, wanted] of strategy.subscriptions.entries()) {
      const at = `strategy ${name}, subscriptions[${index}]`
      const venue = venues.find((each) => each.adapter.venue === wanted.venue)
      if (venue === undefined) {
        const names = venues.map((each) => each.adapter.venue)
        const hint = Spelling.hint(wanted.venue, names)
        return fail(
          new UnknownVenue({ message: `${at}: there is no venue${hint}; expected one of ${names.join(", ")}` })
        )
      }
      const found = venue.instruments().find(wanted.symbol)
      if (found._tag === "Unknown") {
        const hint = found.nearest.length === 0 ? "" : `; did you mean ${found.nearest.join(", ")}?`
        return fail(
          new UnknownInstrument({ message: `${at}: ${wanted.venue} has no instrument ${wanted.symbol}${hint}` })
        )
      }
      const { symbol } = found.instrument
      const subscriptions = byVenue.get(wanted.venue) ?? []
      byVenue.set(wanted.venue, subscriptions)
      for (const text of wanted.channels) {
        const parsed = Channel.parse(text)
        if (parsed._tag === "Invalid") {
          const message = `${at}: there is no channel ${parsed.given}; expected one of ${parsed.expected.join(", ")}`
          return fail(new UnknownChannel({ message }))
        }
        const missing = Capabilities.missing(venue.adapter.capabilities, parsed.channel)
        if (missing !== undefined) return fail(new UnknownChannel({ message: `${at}: ${missing}` }))
        const { channel } = parsed
        if (!subscriptions.some((each) => each.symbol === symbol && each.channel === channel)) {
          subscriptions.push({ symbol, channel })
        }
      }
      resolved.push({ ...wanted, symbol })
    }
    byStrategy.set(name, resolved)
  }
  return Result.succeed({ byStrategy, byVenue })
}
