/** Which of Binance's streams carry a channel, by the beginning of their names after `<symbol>@`. */
import type { MarketKind } from "../market/definition.ts"
import type { Market } from "../market/market.ts"
import type { BookRow } from "../oracle/BookRow.ts"
import type { Channels } from "../oracle/Channels.ts"

const fixed: Readonly<Record<string, string>> = {
  quotes: "bookTicker",
  book: "depth",
  ticker: "ticker",
  mark: "markPrice",
  liquidations: "forceOrder"
}

const withoutNumbers = ["quotes", "ticker", "mark", "liquidations"]

/** All depths are numbered as the market's own book. */
const row = ({ book, journal }: Market): BookRow => ({
  journals: () => (journal === undefined ? [] : [journal]),
  last: () => book.updateId,
  window: undefined
})

export const channels = (kind: MarketKind): Channels => ({
  carries: (stream, symbol, channel) => {
    const [name = "", detail] = channel.split(":")
    const trades = kind === "spot" ? "trade" : "aggTrade"
    const wanted = name === "trades" ? trades : name === "bars" ? `kline_${detail}` : fixed[name]
    return stream.startsWith(`${symbol.toLowerCase()}@${wanted}`)
  },
  unnumbered: (stream) => {
    const [symbol = "", name = ""] = stream.split("@")
    return withoutNumbers
      .filter((channel) => fixed[channel] === name)
      .map((channel) => ({ symbol: symbol.toUpperCase(), channel }))
  },
  book: row,
  quotes: row,
  tradeIds: () => []
})
