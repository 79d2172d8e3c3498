/**
 * What was subscribed when a recording was made: what is configured, and what its strategies heard beside. A replay asks the
 * venues for exactly that, whatever strategies it runs; what was not recorded nobody can hear.
 */
import { Channel, type Subscription } from "@tidewire/core"
import * as Result from "effect/Result"
import type { Problem } from "../configuration/Problem.ts"
import type { Header } from "../record/Tape.ts"
import type { Beside } from "../venues/open.ts"
import type { PreparedVenue } from "../venues/PreparedVenue.ts"
import { asGiven, onList, resolve } from "../venues/resolve.ts"

type Heard = NonNullable<Header["heard"]>

/** By the venue's name. */
export const beside = (heard: Heard, prepared: ReadonlyArray<PreparedVenue>): Beside => {
  const byVenue = new Map<string, Array<Subscription.Subscription>>()
  for (const { channels, symbol, venue } of heard) {
    const found = prepared.find(({ name }) => name === venue)?.index?.find(symbol)
    const own = byVenue.get(venue) ?? []
    byVenue.set(venue, own)
    for (const text of channels) {
      const parsed = Channel.parse(text)
      if (parsed._tag === "Invalid") continue
      own.push({ symbol: found?._tag === "Found" ? found.instrument.symbol : symbol, channel: parsed.channel })
    }
  }
  return byVenue
}

/** What strategies want and the recording has not. */
export const missing = (
  wanted: Beside,
  heard: Beside,
  prepared: ReadonlyArray<PreparedVenue>
): ReadonlyArray<Problem> =>
  prepared.flatMap(({ adapter, index, name, setup }) => {
    if (Result.isFailure(adapter)) return []
    const { subscriptions } = resolve(setup.wanted, index === undefined ? asGiven : onList(index))
    const recorded = [...subscriptions, ...(heard.get(name) ?? [])]
    const lacking = (wanted.get(name) ?? []).filter(
      ({ channel, symbol }) =>
        !recorded.some((each) => each.symbol === symbol && (each.channel === channel || isBook(each.channel, channel)))
    )
    return [...new Set(lacking.map(({ channel, symbol }) => `${channel} of ${symbol}`))].map((what) => ({
      path: "strategies",
      message: `a strategy wants ${what} on ${name}, which is not in the recording`
    }))
  })

/** A symbol has one book, whatever its depth. */
const isBook = (one: Channel.Channel, other: Channel.Channel): boolean =>
  Channel.kind(one) === "book" && Channel.kind(other) === "book"
