/**
 * Symbols while a venue runs: its list is read again and again, what patterns match anew is subscribed, and what no
 * longer trades ends with the reason why. What stays is not touched.
 *
 * A list that does not come, or that has lost half of what traded (as when a venue is under maintenance), changes
 * nothing. A symbol asked for by name that did not trade in the first place is left alone.
 */
import { Instrument, type MarketStream, type Subscription, Urgency, type VenueAdapter } from "@tidewire/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import { format } from "../configuration/Problem.ts"
import { resolve, type SymbolsOf } from "./resolve.ts"
import type { Known, Subscribing } from "./Subscribing.ts"
import type { Wanted } from "./Wanted.ts"

/** How long a venue may take to say what it trades. */
export const LIST_WITHIN = "10 seconds"

/** Between 0.9 and 1.1 of the interval, so that not everybody asks at the same moment. */
const JITTER = 0.2

/** As many symbols as a log line names. */
const NAMED = 20

type Subscriptions = ReadonlyArray<Subscription.Subscription>

export interface Change {
  readonly subscriptions: Subscriptions
  readonly added: ReadonlyArray<string>
  /** Why each symbol that goes does. */
  readonly ended: ReadonlyMap<string, string>
  /** What the list brings that cannot be had. */
  readonly problems: ReadonlyArray<string>
}

export interface Refresh {
  readonly venue: string
  readonly every: Duration.Duration
  readonly subscribing: Subscribing
  readonly adapter: VenueAdapter.VenueAdapter
  readonly stream: MarketStream.MarketStream
  /** Hears of each list that is used. */
  readonly listed: (index: Instrument.InstrumentIndex) => void
}

/** Goes on until it is interrupted. */
export const run = (refresh: Refresh): Effect.Effect<never> => {
  const { every, subscribing, venue } = refresh
  // nobody waits for it
  const list = refresh.adapter.instruments.pipe(
    Effect.provideService(Urgency.current, "background"),
    Effect.timeout(LIST_WITHIN)
  )
  let told: ReadonlyArray<string> = []
  const once = Effect.gen(function* () {
    yield* Effect.sleep(Duration.times(every, 1 + JITTER * ((yield* Random.next) - 0.5)))
    const listed = yield* Effect.result(list)
    if (Result.isFailure(listed)) return yield* keep(listed.failure.message)
    yield* subscribing.exclusively(take(new Instrument.InstrumentIndex(listed.success)))
  })
  const take = Effect.fnUntraced(function* (index: Instrument.InstrumentIndex) {
    const { known } = subscribing
    const doubt = implausible(known.index, index)
    if (doubt !== undefined) return yield* keep(doubt)
    const { added, ended, problems, subscriptions } = change(subscribing.wanted, known, index, subscribing.isRemoved)
    for (const each of problems.filter((each) => !told.includes(each))) yield* Effect.logWarning(each)
    told = problems
    if (added.length > 0 || ended.size > 0) {
      const updated = yield* Effect.result(refresh.stream.update(subscriptions, ended))
      if (Result.isFailure(updated)) return yield* keep(updated.failure.message)
    }
    subscribing.known = { index, subscriptions }
    refresh.listed(index)
    if (added.length > 0) yield* Effect.annotateLogs(Effect.logInfo("symbols added"), { symbols: names(added) })
    if (ended.size > 0) {
      const symbols = [...ended].map(([symbol, reason]) => `${symbol} (${reason})`)
      yield* Effect.annotateLogs(Effect.logWarning("symbols ended"), { symbols: names(symbols) })
    }
  })
  return Effect.forever(once).pipe(Effect.annotateLogs({ venue }))
}

const keep = (reason: string) =>
  Effect.logWarning("the list of instruments could not be used: symbols stay as they are").pipe(
    Effect.annotateLogs({ reason })
  )

const names = (symbols: ReadonlyArray<string>): string =>
  symbols.length <= NAMED
    ? symbols.join(", ")
    : `${symbols.slice(0, NAMED).join(", ")} and ${symbols.length - NAMED} more`

const trading = (index: Instrument.InstrumentIndex | undefined): number =>
  (index?.instruments ?? []).filter((each) => each.status === "trading").length

/** Why a list is not to be believed. */
const implausible = (
  before: Instrument.InstrumentIndex | undefined,
  after: Instrument.InstrumentIndex
): string | undefined => {
  const [was, is] = [trading(before), trading(after)]
  if (is > 0 && is >= was / 2) return undefined
  return before === undefined ? "nothing on it trades" : `${is} of its instruments trade, where ${was} did`
}

/** What another list makes of what is wanted, but for what was removed by hand: a pure function. */
export const change = (
  wanted: ReadonlyArray<Wanted>,
  known: Known,
  index: Instrument.InstrumentIndex,
  isRemoved: (subscription: Subscription.Subscription) => boolean = () => false
): Change => {
  const before = new Set(known.subscriptions.map((each) => each.symbol))
  const { problems, subscriptions: all } = resolve(wanted, symbolsOn(index, known.index, before))
  const subscriptions = all.filter((each) => !isRemoved(each))
  const after = new Set(subscriptions.map((each) => each.symbol))
  return {
    subscriptions,
    added: [...after].filter((symbol) => !before.has(symbol)),
    ended: new Map(
      [...before]
        .filter((symbol) => !after.has(symbol))
        .map((symbol) => [symbol, reasonOf(symbol, known.index, index)] as const)
    ),
    problems: problems.map(format)
  }
}

/** The symbols of a wanted one that are to be subscribed; none is no problem here. */
const symbolsOn =
  (
    index: Instrument.InstrumentIndex,
    earlier: Instrument.InstrumentIndex | undefined,
    subscribed: ReadonlySet<string>
  ): SymbolsOf =>
  ({ isPattern, symbol: text }) => {
    if (isPattern) return index.match(text).map((each) => each.symbol)
    const found = index.find(text)
    if (found._tag === "Unknown") return []
    const { status, symbol } = found.instrument
    if (status === "trading") return [symbol]
    return subscribed.has(symbol) && statusOn(earlier, symbol) !== "trading" ? [symbol] : []
  }

const statusOn = (index: Instrument.InstrumentIndex | undefined, text: string) => {
  const found = index?.find(text)
  return found?._tag === "Found" ? found.instrument.status : undefined
}

const reasonOf = (
  symbol: string,
  earlier: Instrument.InstrumentIndex | undefined,
  index: Instrument.InstrumentIndex
): string => {
  const found = index.find(symbol)
  if (found._tag === "Unknown") {
    return earlier?.find(symbol)._tag === "Found"
      ? "delisted: no longer on the venue's list"
      : "unknown: not on the venue's list"
  }
  const { status, symbol: spelling } = found.instrument
  if (spelling !== symbol) return `the venue spells it ${spelling}`
  return status === "trading" ? "unsubscribed" : `delisted: no longer trading (${status})`
}
