/**
 * Mark and index price: streamed where CCXT has that, else read every few seconds together with the funding. Only what is
 * there is told.
 */
import type { Event } from "@tidewire/core"
import { Duration } from "effect"
import { can, type FundingRate, type Ticker } from "../Exchange.ts"
import { isNumber, stamps, type Watch, type WatchContext } from "../Watch.ts"

const READ_EVERY = Duration.seconds(5)

export const watchMark = (context: WatchContext): Watch => {
  const { exchange, leg, market } = context
  const tell = (told: Ticker & FundingRate, receivedTime: number): void => {
    const { fundingRate, fundingTimestamp: nextFundingTime, indexPrice: index, markPrice: mark, timestamp } = told
    const fields = { mark, index, fundingRate, nextFundingTime }
    const known = Object.entries(fields).filter(([, value]) => isNumber(value))
    if (known.length === 0) return
    const event: Event.Mark = {
      type: "mark",
      ...stamps(context, receivedTime, timestamp),
      ...Object.fromEntries(known)
    }
    leg.event(event)
  }
  const drain = (answer: unknown, receivedTime: number) => tell(answer as Ticker, receivedTime)
  if (can(exchange, "watchMarkPrice")) return { next: () => exchange.watchMarkPrice(market.symbol), drain }
  if (can(exchange, "watchMarkPrices")) {
    return { next: () => exchange.watchMarkPrices([market.symbol]).then((all) => all[market.symbol]), drain }
  }
  return { next: () => exchange.fetchFundingRate(market.symbol), drain, every: READ_EVERY }
}
