/**
 * Mark and index price: streamed where CCXT has that, with the funding as it was read last, about once a minute; else all
 * of it is read every few seconds. Only what is there is told.
 */
import type { Event } from "@tidewire/core"
import { Duration } from "effect"
import { can, type FundingRate, type Ticker } from "../Exchange.ts"
import { isNumber, type Place, stamps, type Watch, type WatchContext } from "../Watch.ts"

const READ_EVERY = Duration.seconds(5)

/** Funding changes slowly, and reading it costs a request. */
const FUNDING_EVERY_MS = 60_000

/** The event of a mark; `undefined` when nothing of it is there. */
export const markOf = (
  place: Place,
  { indexPrice: index, markPrice: mark, timestamp }: Ticker,
  { fundingRate, fundingTimestamp: nextFundingTime }: FundingRate,
  receivedTime: number
): Event.Mark | undefined => {
  const fields = Object.entries({ mark, index, fundingRate, nextFundingTime })
  const known = Object.fromEntries(fields.filter(([, value]) => isNumber(value)))
  return Object.keys(known).length === 0
    ? undefined
    : { type: "mark", ...stamps(place, receivedTime, timestamp), ...known }
}

export const watchMark = (context: WatchContext): Watch => {
  const { exchange, leg, market } = context
  const hasFunding = can(exchange, "fetchFundingRate")
  let funding: FundingRate = {}
  let readAtMs = Number.NEGATIVE_INFINITY

  const tell = (ticker: Ticker, receivedTime: number): void => {
    const event = markOf(context, ticker, funding, receivedTime)
    if (event !== undefined) leg.event(event)
  }

  const streamed = (next: () => Promise<unknown>): Watch => ({
    next,
    drain: (answer, receivedTime) => {
      if (hasFunding && receivedTime - readAtMs >= FUNDING_EVERY_MS) {
        readAtMs = receivedTime
        // one that fails is read again in a minute; until then the last one is told
        exchange.fetchFundingRate(market.symbol).then(
          (read) => void (funding = read),
          () => {}
        )
      }
      tell(answer as Ticker, receivedTime)
    }
  })

  if (can(exchange, "watchMarkPrice")) return streamed(() => exchange.watchMarkPrice(market.symbol))
  if (can(exchange, "watchMarkPrices")) {
    return streamed(() => exchange.watchMarkPrices([market.symbol]).then((all) => all[market.symbol]))
  }
  return {
    next: () => exchange.fetchFundingRate(market.symbol),
    drain: (answer, receivedTime) => {
      funding = answer as FundingRate
      tell(funding, receivedTime)
    },
    every: READ_EVERY
  }
}
