/**
 * What a store missed between two runs: trades from the last stored id to the first of this run, final bars from the last stored
 * to the first of this run, read from the venue's history.
 *
 * Guarantees: nothing is stored twice, because only what lies between the two is taken; reads have the urgency `background` and
 * keep within the venue's budget; nothing older than `within` is asked for. Each hole is told by a gap (`toldBy: "store"`), when
 * its outcome is known. A series that the store knows nothing of, and one of which nothing comes, is left alone.
 */
import { type Channel, type Event, Interval, Urgency, type VenueAdapter, type VenueError } from "@tidewire/core"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Semaphore from "effect/Semaphore"
import type { Told } from "../output/Output.ts"
import type { PreparedVenue } from "../venues/PreparedVenue.ts"
import type { Firsts } from "./Firsts.ts"
import { type Last, type LastTrade, RECENT_IDS } from "./Store.ts"

/** Trades that one read asks for. */
const PAGE = 1_000

/** Reads of a venue under way at once: others need its budget as well. */
const AT_ONCE = 2

/** How often a long one says how far it is. */
const TELL_EVERY_MS = 10_000

const ATTEMPTS = 5

export interface Options {
  readonly venues: ReadonlyArray<PreparedVenue>
  readonly firsts: Firsts
  readonly last: Last
  readonly within: Duration.Duration
  readonly offer: (events: ReadonlyArray<Told>) => Effect.Effect<void>
}

/** The hole before the first event of a series. */
interface Hole<First> {
  readonly venue: PreparedVenue
  readonly history: VenueAdapter.History | undefined
  readonly first: First
}

/** Mends series by series, as they begin; done when all are. */
export const mend = (options: Options): Effect.Effect<void> =>
  Effect.gen(function* () {
    const { firsts, last, venues } = options
    const permits = new Map(venues.map(({ name }) => [name, Semaphore.makeUnsafe(AT_ONCE)]))
    const one = <First extends Event.Trade | Event.Bar>(
      series: { readonly venue: string; readonly symbol: string },
      first: Effect.Effect<First>,
      work: (hole: Hole<First>) => Effect.Effect<void>
    ): Effect.Effect<void> => {
      const venue = venues.find(({ name }) => name === series.venue)
      if (venue === undefined) return Effect.void
      const history = Result.isSuccess(venue.adapter) ? venue.adapter.success.history : undefined
      return Effect.flatMap(first, (first) => permits.get(venue.name)!.withPermits(1)(work({ venue, history, first })))
    }
    const all = [
      ...last.trades.map((each) =>
        one(each, firsts.trade(each.venue, each.symbol), (hole) => trades(options, hole, each))
      ),
      ...last.bars.map((each) =>
        Interval.isInterval(each.interval)
          ? one(each, firsts.bar(each.venue, each.symbol, each.interval), bars(options, each.interval, each.openTime))
          : Effect.void
      )
    ]
    yield* Effect.all(all, { concurrency: "unbounded", discard: true })
  }).pipe(Effect.provideService(Urgency.current, "background"))

const trades = (options: Options, hole: Hole<Event.Trade>, last: LastTrade) => {
  const isNumbered = /^\d{1,30}$/.test(last.id) && /^\d{1,30}$/.test(hole.first.id)
  return isNumbered && hole.history?.trades !== undefined
    ? numberedTrades(options, hole, last, hole.history.trades)
    : recentTrades(options, hole, last)
}

/** Page by page, from the last stored to the first of this run, both exclusive. */
const numberedTrades = (
  { offer, within }: Options,
  { first, venue }: Hole<Event.Trade>,
  last: LastTrade,
  read: NonNullable<VenueAdapter.History["trades"]>
): Effect.Effect<void> =>
  Effect.gen(function* () {
    const until = BigInt(first.id)
    let next = BigInt(last.id) + 1n
    if (next >= until) return
    const missing = until - next
    const began = yield* Clock.currentTimeMillis
    let fetched = 0
    let problem = last.time < began - Duration.toMillis(within) ? "it is too long ago" : undefined
    let toldAt = began
    while (problem === undefined && next < until) {
      const limit = Number(until - next > BigInt(PAGE) ? PAGE : until - next)
      const page = yield* patient(read({ symbol: last.symbol, fromId: String(next), limit }))
      if (Result.isFailure(page)) {
        problem = page.failure.message
        break
      }
      const fresh = page.success.filter(({ id }) => BigInt(id) >= next && BigInt(id) < until)
      if (fresh.length === 0) break
      next = BigInt(fresh.at(-1)!.id) + 1n
      fetched += fresh.length
      yield* offer(fresh)
      const now = yield* Clock.currentTimeMillis
      if (now - toldAt < TELL_EVERY_MS) continue
      toldAt = now
      yield* Effect.annotateLogs(Effect.logInfo("fetching what the store missed"), {
        series: `${venue.name} ${last.symbol} trades`,
        fetched,
        left: Number(until - next)
      })
    }
    const isConsecutive = Result.isSuccess(venue.adapter) && venue.adapter.success.capabilities.consecutiveTradeIds
    const isWhole =
      problem === undefined && (isConsecutive ? BigInt(fetched) === missing : next >= until || fetched > 0)
    yield* tell(offer, first, "trades", {
      from: last.id,
      to: first.id,
      lost: isConsecutive ? Number(missing) : isWhole ? fetched : null,
      repaired: isWhole,
      fetched,
      problem
    })
  })

/** Where there is no way back but the latest: whole when they reach what is stored. */
const recentTrades = ({ offer }: Options, { first, history, venue }: Hole<Event.Trade>, last: LastTrade) =>
  Effect.gen(function* () {
    const known = new Set([...last.recentIds, last.id])
    if (known.has(first.id)) return
    const read = history?.recentTrades
    const page = read === undefined ? undefined : yield* patient(read(last.symbol, RECENT_IDS))
    const latest = page !== undefined && Result.isSuccess(page) ? page.success : []
    const at = latest.findIndex(({ id }) => id === first.id)
    const isBefore = (trade: Event.Trade, index: number): boolean =>
      at === -1 ? timeOf(trade) < timeOf(first) : index < at
    const before = latest.filter(isBefore)
    const fresh = before.filter((trade) => !known.has(trade.id) && timeOf(trade) >= last.time)
    const meets = before.some(({ id }) => known.has(id))
    yield* offer(fresh)
    if (meets && fresh.length === 0) return
    yield* tell(offer, first, "trades", {
      from: last.time,
      to: timeOf(first),
      lost: meets ? fresh.length : null,
      repaired: meets,
      fetched: fresh.length,
      problem: meets
        ? undefined
        : read === undefined
          ? `${venue.name} shows no trades of the past`
          : page !== undefined && Result.isFailure(page)
            ? page.failure.message
            : "the latest that the venue shows do not reach back so far"
    })
  })

const timeOf = ({ exchangeTime, receivedTime }: Event.Trade): number => exchangeTime ?? receivedTime

const bars =
  ({ offer, within }: Options, interval: Interval.Interval, stored: number) =>
  ({ first, history }: Hole<Event.Bar>): Effect.Effect<void> =>
    Effect.gen(function* () {
      const earliest = Interval.nextOpenTime(interval, stored)
      const to = Interval.previousOpenTime(interval, first.openTime)
      if (to < earliest) return
      const now = yield* Clock.currentTimeMillis
      const from = Math.max(earliest, Interval.openTime(interval, now - Duration.toMillis(within)))
      const read = history?.bars
      const page =
        read === undefined || to < from ? undefined : yield* patient(read({ symbol: first.symbol, interval, from, to }))
      const fetched = page !== undefined && Result.isSuccess(page) ? page.success : []
      const fresh = fetched.filter(({ isFinal, openTime }) => isFinal && openTime >= from && openTime <= to)
      yield* offer(fresh)
      const lost = Interval.countBetween(interval, earliest, first.openTime)
      yield* tell(offer, first, `bars:${interval}`, {
        from: stored,
        to: first.openTime,
        lost,
        repaired: fresh.length === lost,
        fetched: fresh.length,
        problem:
          page !== undefined && Result.isFailure(page)
            ? page.failure.message
            : fresh.length === lost
              ? undefined
              : read === undefined
                ? "the venue shows no bars of the past"
                : "the venue has no more of them, or they are too long ago"
      })
    })

/** A venue that is busy or away is asked again, later and later. */
const patient = <A>(read: Effect.Effect<A, VenueError.VenueError>) =>
  Effect.gen(function* () {
    for (let attempt = 1; ; attempt++) {
      const result = yield* Effect.result(read)
      if (Result.isSuccess(result) || attempt === ATTEMPTS) return result
      yield* Effect.sleep(Duration.seconds(2 ** attempt))
    }
  })

interface Outcome extends Pick<Event.Gap, "from" | "to" | "lost" | "repaired"> {
  readonly fetched: number
  readonly problem: string | undefined
}

const tell = (
  offer: Options["offer"],
  { symbol, venue }: Event.Trade | Event.Bar,
  channel: Channel.Channel,
  { fetched, problem, ...hole }: Outcome
): Effect.Effect<void> =>
  Effect.gen(function* () {
    const receivedTime = yield* Clock.currentTimeMillis
    const gap = { type: "gap", venue, symbol, receivedTime, channel, reason: "disconnect", ...hole, toldBy: "store" }
    yield* offer([gap as unknown as Told])
    const log = hole.repaired
      ? Effect.logInfo("what the store missed is fetched")
      : Effect.logWarning("what the store missed is not whole")
    yield* Effect.annotateLogs(log, {
      series: `${venue} ${symbol} ${channel}`,
      fetched,
      ...(hole.lost !== null && { missed: hole.lost }),
      ...(problem !== undefined && { reason: problem })
    })
  })
