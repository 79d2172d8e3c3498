/**
 * The streams themselves: one subscription for each URL that would be dialled, opened as a run opens it, until its first event.
 * Shows that a socket is upgraded, that the venue acknowledges, and that something comes.
 */
import { Channel, type Event, Event as Events, type Subscription, type VenueAdapter } from "@tidewire/core"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { ms, type Verdicts } from "./Checks.ts"
import { shown } from "./endpoints.ts"
import { ok, problem, type Verdict, warning } from "./Finding.ts"
import * as Reasons from "./reasons.ts"
import { oneLine } from "./report.ts"

/** How long a first event is waited for; a run has ways to tell a quiet stream from a dead one, which take longer. */
const FIRST_EVENT_WITHIN = Duration.seconds(12)

/** More than these are not opened beside a run that has its own. */
const MOST = 8

/** What says something soonest. */
const order: ReadonlyArray<Channel.Kind> = ["book", "quotes", "ticker", "mark", "trades", "bars", "liquidations"]

/** One way to the venue, and what is subscribed on it. */
interface Way {
  readonly url: string
  readonly subscription: Subscription.Subscription
  connection: string | undefined
  state: string | undefined
  reason: string | undefined
  activeMs: number | undefined
  firstMs: number | undefined
}

export const look = (
  adapter: VenueAdapter.VenueAdapter,
  subscriptions: ReadonlyArray<Subscription.Subscription>,
  proxy: string | undefined
): Verdicts =>
  Effect.scoped(
    Effect.gen(function* () {
      const ways = waysOf(adapter, subscriptions)
      if (ways.length === 0) return [warning("nothing is subscribed", "subscribe to something, or take the venue out")]
      const clock = yield* Clock.Clock
      const startedNs = clock.currentTimeNanosUnsafe()
      const elapsed = () => Number(clock.currentTimeNanosUnsafe() - startedNs) / 1e6
      const all = Deferred.makeUnsafe<void>()
      const take = (event: Event.Event): void => {
        if (event.type === "connection") return follow(ways, event, elapsed)
        if (!Events.isMarketEvent(event)) return
        const way = ways.find((each) => carries(each, event))
        if (way === undefined || way.firstMs !== undefined) return
        way.firstMs = elapsed()
        if (ways.every(({ firstMs }) => firstMs !== undefined)) Deferred.doneUnsafe(all, Effect.void)
      }
      for (const way of ways) way.connection = adapter.plan([way.subscription]).connections[0]?.name
      const failed = yield* adapter
        .open(
          ways.map(({ subscription }) => subscription),
          take
        )
        .pipe(
          Effect.as(undefined),
          Effect.catch((error) => Effect.succeed(error))
        )
      if (failed !== undefined) return [Reasons.verdict(failed, proxy)]
      yield* Effect.timeoutOption(Deferred.await(all), FIRST_EVENT_WITHIN)
      return ways.map((way) => verdict(way, proxy))
    })
  )

/** Of each URL the subscription that speaks soonest. */
const waysOf = (
  adapter: VenueAdapter.VenueAdapter,
  subscriptions: ReadonlyArray<Subscription.Subscription>
): ReadonlyArray<Way> => {
  const soonest = subscriptions.toSorted((a, b) => rank(a) - rank(b))
  const byUrl = new Map<string, Subscription.Subscription>()
  for (const { subscriptions: carried, url } of adapter.plan(subscriptions).connections) {
    const [best] = soonest.filter((each) => carried.includes(each))
    const before = byUrl.get(url)
    if (best !== undefined && (before === undefined || rank(best) < rank(before))) byUrl.set(url, best)
  }
  const nothing = {
    connection: undefined,
    state: undefined,
    reason: undefined,
    activeMs: undefined,
    firstMs: undefined
  }
  return [...byUrl].slice(0, MOST).map(([url, subscription]) => ({ url, subscription, ...nothing }))
}

const rank = ({ channel }: Subscription.Subscription): number => order.indexOf(Channel.kind(channel))

const follow = (
  ways: ReadonlyArray<Way>,
  { connection, reason, state }: Event.Connection,
  elapsed: () => number
): void => {
  const those = ways.length === 1 ? ways : ways.filter((each) => each.connection === connection)
  for (const way of those) {
    way.state = state
    if (reason !== undefined) way.reason = reason
    if (state === "Active") way.activeMs ??= elapsed()
  }
}

const types: Readonly<Record<Channel.Kind, Event.MarketEvent["type"]>> = {
  trades: "trade",
  quotes: "quote",
  book: "book",
  bars: "bar",
  ticker: "ticker",
  mark: "mark",
  liquidations: "liquidation"
}

const carries = ({ subscription: { channel, symbol } }: Way, event: Event.MarketEvent): boolean =>
  event.symbol === symbol && event.type === types[Channel.kind(channel)]

const verdict = ({ activeMs, firstMs, reason, state, subscription, url }: Way, proxy: string | undefined): Verdict => {
  const what = `${shown(url)} (${subscription.symbol} ${subscription.channel})`
  if (firstMs !== undefined) {
    const active = activeMs === undefined ? "" : `subscribed after ${ms(activeMs)}, `
    return ok(`${what}: ${active}first event after ${ms(firstMs)}`)
  }
  const within = Duration.format(FIRST_EVENT_WITHIN)
  if (activeMs !== undefined) {
    return warning(
      `${what}: subscribed after ${ms(activeMs)}, and no event within ${within}`,
      "a quiet symbol, or one that the venue acknowledges and does not serve: try a busy one; look at `endpoints`"
    )
  }
  const because = reason === undefined ? "" : `: ${oneLine(reason)}`
  const advice =
    proxy === undefined
      ? "look at the firewall, whether something between here and there refuses WebSockets, and at `endpoints`"
      : `look whether the proxy ${proxy} lets WebSockets through`
  return problem(`${what}: not subscribed within ${within} (${state ?? "not dialled"})${because}`, advice)
}
