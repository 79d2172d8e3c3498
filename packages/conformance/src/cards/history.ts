/** Cards of the reads of the past: they agree with the stream and with the exchange. */
import type { Event, VenueError } from "@tidewire/core"
import * as Effect from "effect/Effect"
import type { Card } from "../Card.ts"
import * as claims from "../claims.ts"
import { equal, fail, type Failed, hold } from "../Failed.ts"
import * as flow from "../flow.ts"
import { type Stage, subscriptions } from "../Stage.ts"

/** Trades and bars that are read back. */
const COUNT = 5

const read = <A>(effect: Effect.Effect<A, VenueError.VenueError> | undefined): Effect.Effect<A, Failed> =>
  effect === undefined ? fail("the read is not there") : Effect.catch(effect, (error) => fail(error.message))

const told = ({ exchangeTime, id, price, side, size }: Event.Trade) => [id, price, size, side, exchangeTime]

/** Some trades that were streamed, all accounted for, with the market still behind them. */
const streamed = (stage: Stage) =>
  Effect.gen(function* () {
    const watched = yield* stage.openActive(subscriptions([stage.symbol], "trades"))
    yield* flow.run(stage, watched, stage.symbol, COUNT + 3)
    yield* flow.accounted(stage, watched, stage.symbol)
    return watched.of("trade", stage.symbol)
  })

const isPast =
  (name: string) =>
  ({ origin, venue }: Event.Trade) =>
    origin === "backfill" && venue === name

export const trades: Card = {
  id: "MD-10",
  title: "past trades by id are those that were streamed",
  prerequisite: "history.trades",
  action: "stream trades, stop the market, read five from the first streamed id on",
  pass: "at most as many as asked for, oldest first, equal to the streamed ones, of origin backfill",
  unless: claims.withoutHistory("trades"),
  check: (stage) =>
    Effect.gen(function* () {
      const { adapter, symbol } = stage
      const live = yield* streamed(stage)
      const first = live.slice(0, COUNT)
      const request = { symbol, fromId: first[0]!.id, limit: COUNT }
      const past = yield* read(adapter.history?.trades?.(request))
      yield* equal("the past trades", past.map(told), first.map(told))
      yield* hold("not all are of origin backfill", past.every(isPast(adapter.venue)))
    })
}

export const recentTrades: Card = {
  id: "MD-13",
  title: "the latest past trades are those that were streamed last",
  prerequisite: "history.recentTrades",
  action: "stream trades, stop the market, read the latest five",
  pass: "at most as many as asked for, oldest first, equal to the streamed ones, of origin backfill",
  unless: claims.withoutHistory("recentTrades"),
  check: (stage) =>
    Effect.gen(function* () {
      const { adapter, symbol } = stage
      const live = yield* streamed(stage)
      const past = yield* read(adapter.history?.recentTrades?.(symbol, COUNT))
      yield* equal("the past trades", past.map(told), live.slice(-COUNT).map(told))
      yield* hold("not all are of origin backfill", past.every(isPast(adapter.venue)))
    })
}

export const bars: Card = {
  id: "MD-11",
  title: "past bars are final, and the open one is not among them",
  prerequisite: "history.bars",
  action: "read the last five closed bars of the shortest interval, up to the open one",
  pass: "exactly the exchange's closed bars of the range, oldest first, final, of origin backfill",
  unless: claims.withoutHistory("bars"),
  check: (stage) =>
    Effect.gen(function* () {
      const { adapter, exchange, symbol } = stage
      const interval = claims.shortest(adapter.capabilities)!
      const truth = (yield* exchange.bars(symbol, interval)).slice(-COUNT)
      yield* hold("the exchange keeps too few closed bars", truth.length === COUNT)
      const [from, to] = [truth[0]!.openTime, truth.at(-1)!.openTime]
      // so far that the open bar would be in it
      const length = to - truth.at(-2)!.openTime
      const past = yield* read(adapter.history?.bars?.({ symbol, interval, from, to: to + length }))
      // a bar may have closed meanwhile
      const closed = (yield* exchange.bars(symbol, interval)).filter(({ openTime }) => openTime >= from)
      const rows = past.map(({ close, high, low, open, openTime, volume }) => [
        openTime,
        open,
        high,
        low,
        close,
        volume
      ])
      const right = closed.map(({ close, high, low, open, openTime, volume }) => [
        openTime,
        open,
        high,
        low,
        close,
        volume
      ])
      yield* equal("the past bars", rows, right.slice(0, Math.max(COUNT, rows.length)))
      yield* hold(
        "not all are final and of origin backfill",
        past.every((each) => each.isFinal && each.origin === "backfill")
      )
    })
}

export const lastTrade: Card = {
  id: "MD-12",
  title: "the last trade is the last, and a read of what does not exist is refused",
  prerequisite: "any read of history",
  action:
    "make a trade on a quiet market, ask for the last trade of it (where there is that read), and read an unknown symbol",
  pass: "the time of the exchange's last trade; a VenueError for the unknown symbol",
  unless: ({ history }) => (Object.values(history).includes(true) ? undefined : "no history is claimed"),
  check: (stage) =>
    Effect.gen(function* () {
      const { adapter, exchange, symbol } = stage
      const { history } = adapter
      yield* exchange.trade(symbol)
      if (history?.lastTrade !== undefined) {
        const last = yield* read(history.lastTrade(symbol))
        yield* equal("the time of the last trade", last?.time, (yield* exchange.trades(symbol)).at(-1)?.time)
      }
      const unknown = exchange.unknownSymbol
      const interval = claims.shortest(adapter.capabilities) ?? "1m"
      const asked: Effect.Effect<unknown, VenueError.VenueError> | undefined =
        history?.trades?.({ symbol: unknown, fromId: "1", limit: 1 }) ??
        history?.recentTrades?.(unknown, 1) ??
        history?.bars?.({ symbol: unknown, interval, from: 0, to: 60_000 })
      const refusal =
        asked === undefined
          ? "nothing was asked"
          : yield* Effect.flip(asked).pipe(Effect.orElseSucceed(() => "answered"))
      yield* hold(`a read of ${unknown}: ${String(refusal)}`, typeof refusal !== "string")
    })
}
