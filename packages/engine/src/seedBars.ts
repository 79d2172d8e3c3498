/**
 * The past of the bars that strategies listen to, read from the venue's history before they start.
 * A history that cannot be read is told and is no failure: the bars then begin with the stream.
 */
import { Channel, Interval, type Subscription, type VenueAdapter } from "@tidewire/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { BarHistory } from "./BarHistory.ts"
import type { Tell } from "./Notice.ts"

/** As many as any venue gives with one request. */
const BARS = 500

export const seedBars = (
  { history, venue }: VenueAdapter.VenueAdapter,
  subscriptions: ReadonlyArray<Subscription.Subscription>,
  bars: BarHistory,
  tell: Tell
): Effect.Effect<void> =>
  Effect.gen(function* () {
    const read = history?.bars
    if (read === undefined) return
    const now = yield* Clock.currentTimeMillis
    const wanted = new Map(
      subscriptions.flatMap(({ channel, symbol }) => {
        const interval = Channel.interval(channel)
        return interval === undefined ? [] : [[`${channel} ${symbol}`, { interval, symbol }] as const]
      })
    )
    yield* Effect.forEach(
      wanted.values(),
      ({ interval, symbol }) => {
        const to = Interval.openTime(interval, now)
        let from = to
        for (let bar = 1; bar < BARS; bar++) from = Interval.openTime(interval, from - 1)
        return read({ symbol, interval, from, to }).pipe(
          Effect.map((found) => found.forEach((bar) => bars.take(bar))),
          Effect.catch(({ message }) =>
            Effect.sync(() =>
              tell({ _tag: "BarsMissing", level: "warn", venue, message, fields: { symbol, interval } })
            )
          )
        )
      },
      { concurrency: 4, discard: true }
    )
  })
