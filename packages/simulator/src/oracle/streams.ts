/**
 * Which of the venue's streams carry a channel, by the beginning of their names after `<symbol>@`.
 */
import type { MarketKind } from "../market/definition.ts"

const fixed: Readonly<Record<string, string>> = {
  quotes: "bookTicker",
  book: "depth",
  ticker: "ticker",
  mark: "markPrice",
  liquidations: "forceOrder"
}

/** The beginning of the stream's name, symbol included. */
export const prefixOf = (market: MarketKind, symbol: string, channel: string): string => {
  const [kind = "", detail] = channel.split(":")
  const trades = market === "spot" ? "trade" : "aggTrade"
  const name = kind === "trades" ? trades : kind === "bars" ? `kline_${detail}` : fixed[kind]
  return `${symbol.toLowerCase()}@${name}`
}

/** Symbol and channel of a stream whose events have no consecutive numbers. */
export const unnumbered = (stream: string): { readonly symbol: string; readonly channel: string } | undefined => {
  const [symbol = "", name = ""] = stream.split("@")
  const channel = (["quotes", "ticker", "mark", "liquidations"] as const).find((each) => fixed[each] === name)
  return channel === undefined ? undefined : { symbol: symbol.toUpperCase(), channel }
}
