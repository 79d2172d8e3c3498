/** Cards of what is told about a symbol beside its trades and book: ticker, mark, liquidations. */
import * as Effect from "effect/Effect"
import type { Card } from "../Card.ts"
import * as claims from "../claims.ts"
import { equal, fail, hold, settled, until } from "../Failed.ts"
import { subscriptions } from "../Stage.ts"

export const ticker: Card = {
  id: "MD-5",
  title: "the ticker tells the last price and the statistics of the day",
  prerequisite: "channel ticker; the exchange tells its own (`ticker`)",
  action: "stream the ticker on a busy market, stop it",
  pass: "the last ticker has the exchange's last, open, high, low and volumes",
  unless: claims.without("ticker"),
  check: (stage) =>
    Effect.gen(function* () {
      const { exchange, symbol } = stage
      if (exchange.ticker === undefined) return yield* fail("the exchange does not tell its ticker")
      const watched = yield* stage.openActive(subscriptions([symbol], "ticker"))
      yield* exchange.busy
      yield* until("a ticker", () => watched.of("ticker").length > 0)
      yield* exchange.quiet
      const truth = yield* exchange.ticker(symbol)
      yield* settled(() => {
        const { high, last, low, open, quoteVolume, volume } = watched.of("ticker").at(-1)!
        const told = JSON.stringify([last, open, high, low, volume, quoteVolume])
        const right = [truth.last, truth.open, truth.high, truth.low, truth.volume, truth.quoteVolume]
        return told === JSON.stringify(right)
          ? undefined
          : `the last ticker was ${told}; true is ${JSON.stringify(right)}`
      })
    })
}

export const mark: Card = {
  id: "MD-6",
  title: "the mark is the venue's, with its index",
  prerequisite: "channel mark; the exchange tells its own (`mark`)",
  action: "stream marks on a busy market, stop it",
  pass: "the last mark has the exchange's mark and index; a funding rate is a fraction, the next funding is to come",
  unless: claims.without("mark"),
  check: (stage) =>
    Effect.gen(function* () {
      const { exchange, symbol } = stage
      if (exchange.mark === undefined) return yield* fail("the exchange does not tell its mark")
      const watched = yield* stage.openActive(subscriptions([symbol], "mark"))
      yield* exchange.busy
      yield* until("a mark", () => watched.of("mark").length > 0)
      yield* exchange.quiet
      const truth = yield* exchange.mark(symbol)
      yield* settled(() => {
        const { index, mark: price } = watched.of("mark").at(-1)!
        const [told, right] = [
          [price, index],
          [truth.mark, truth.index]
        ].map((each) => JSON.stringify(each))
        return told === right ? undefined : `the last mark and index were ${told}; true is ${right}`
      })
      const { fundingRate = 0, nextFundingTime = Number.POSITIVE_INFINITY } = watched.of("mark").at(-1)!
      const isPlausible = Math.abs(fundingRate) < 0.1 && nextFundingTime > (yield* exchange.now)
      yield* hold(`a funding rate of ${fundingRate}, next at ${nextFundingTime}`, isPlausible)
    })
}

export const liquidations: Card = {
  id: "MD-7",
  title: "a liquidation is told once, with the side of the forced order",
  prerequisite: "channel liquidations; the exchange can make one (`liquidate`)",
  action: "stream liquidations on a quiet market, make one forced order",
  pass: "exactly one liquidation, with the exchange's side, price and size",
  unless: claims.without("liquidations"),
  check: (stage) =>
    Effect.gen(function* () {
      const { exchange, symbol } = stage
      if (exchange.liquidate === undefined) return yield* fail("the exchange cannot liquidate")
      const watched = yield* stage.openActive(subscriptions([symbol], "liquidations"))
      const { price, side, size } = yield* exchange.liquidate(symbol)
      yield* settled(() => (watched.of("liquidation").length > 0 ? undefined : "no liquidation was told"))
      const told = watched.of("liquidation").map((each) => [each.side, each.price, each.size])
      yield* equal("the liquidations", told, [[side, price, size]])
    })
}
