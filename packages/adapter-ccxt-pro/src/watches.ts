/** CCXT claims these for an exchange, whose spot markets have none of them. */
const ofContracts: ReadonlySet<Channel.Kind> = new Set(["mark", "liquidations"])

/** The watch of each kind of channel, or why there is none. */
import { Channel } from "@tidewire/core"
import type { Watch, WatchContext } from "./Watch.ts"
import { watchBars } from "./watch/bars.ts"
import { watchBook } from "./watch/book.ts"
import { watchLiquidations } from "./watch/liquidations.ts"
import { watchMark } from "./watch/mark.ts"
import { watchQuotes } from "./watch/quotes.ts"
import { watchTicker } from "./watch/ticker.ts"
import { watchTrades } from "./watch/trades.ts"

export const watchOf = (context: WatchContext): Watch | string => {
  const kind = Channel.kind(context.channel)
  if (context.market.spot === true && ofContracts.has(kind)) return `a spot market has no ${kind}`
  switch (kind) {
    case "trades":
      return watchTrades(context)
    case "quotes":
      return watchQuotes(context)
    case "book":
      return watchBook(context)
    case "bars":
      return watchBars(context, Channel.interval(context.channel)!)
    case "ticker":
      return watchTicker(context)
    case "mark":
      return watchMark(context)
    case "liquidations":
      return watchLiquidations(context)
  }
}
