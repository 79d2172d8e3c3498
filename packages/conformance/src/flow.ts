/** What many cards do with trades: set the market in motion until some have come, stop it, and account for every one. */
import * as Effect from "effect/Effect"
import { account } from "./account.ts"
import { type Failed, settled, until } from "./Failed.ts"
import type { Stage } from "./Stage.ts"
import type { Watched } from "./Watched.ts"

/** Waits until so many more trades of a symbol have been told. */
export const more = (watched: Watched, symbol: string, count: number): Effect.Effect<void, Failed> =>
  Effect.suspend(() => {
    const before = watched.of("trade", symbol).length
    const isEnough = () => watched.of("trade", symbol).length >= before + count
    return Effect.asVoid(until(`${count} more trades of ${symbol}`, isEnough))
  })

/** Sets the market in motion until so many trades of a symbol have been told. */
export const run = (
  { exchange }: Stage,
  watched: Watched,
  symbol: string,
  count: number
): Effect.Effect<void, Failed> => Effect.andThen(exchange.busy, more(watched, symbol, count))

/** Stops the market, and waits until every trade of a symbol since the first that was told is accounted for. */
export const accounted = ({ exchange }: Stage, watched: Watched, symbol: string): Effect.Effect<void, Failed> =>
  Effect.gen(function* () {
    yield* exchange.quiet
    const truth = yield* exchange.trades(symbol)
    yield* settled(() => {
      const told = watched.events.filter((event) => "symbol" in event && event.symbol === symbol)
      const wrong = account(truth, told)
      return wrong === undefined ? undefined : `${symbol}: ${wrong}`
    })
  })
