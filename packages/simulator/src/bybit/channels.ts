/** Which of Bybit's topics carry a channel. A `book` is the deepest topic; each depth is numbered by itself. */
import type { Market } from "../market/market.ts"
import type { BookRow } from "../oracle/BookRow.ts"
import type { Channels } from "../oracle/Channels.ts"
import type { Payload } from "../topics/Frame.ts"
import { intervalOf } from "./interval.ts"
import { depthPeriods, isLevels, type Levels } from "./topicName.ts"

const DEEPEST = 1000

const levelsOf = (channel: string): Levels => {
  const levels = Number(channel.split(":")[1] ?? DEEPEST)
  if (!isLevels(levels)) throw new RangeError(`there is no topic of ${levels} levels`)
  return levels
}

const carried: Readonly<Record<string, ReadonlyArray<string>>> = {
  publicTrade: ["trades"],
  tickers: ["ticker", "mark"],
  allLiquidation: ["liquidations"]
}

/** What a topic without its symbol carries. */
const channelsOf = (kind: string, detail: string | undefined): ReadonlyArray<string> => {
  if (kind === "kline") return [`bars:${intervalOf(detail ?? "")}`]
  if (kind !== "orderbook") return carried[kind] ?? []
  if (detail === "1") return ["quotes", "book:1"]
  return Number(detail) === DEEPEST ? ["book", `book:${DEEPEST}`] : [`book:${detail}`]
}

const split = (topic: string) => {
  const parts = topic.split(".")
  const [kind = "", detail] = parts
  return { kind, symbol: parts.at(-1)!, channels: channelsOf(kind, parts.length > 2 ? detail : undefined) }
}

const row = (market: Market, levels: Levels): BookRow => {
  const chain = market.chain(levels, depthPeriods[levels])
  return { journals: () => chain.journals, last: () => chain.number, window: levels }
}

export const channels: Channels = {
  carries: (topic, symbol, channel) => {
    const found = split(topic)
    return found.symbol === symbol && found.channels.includes(channel)
  },
  unnumbered: (topic) => {
    const { channels: found, kind, symbol } = split(topic)
    if (kind === "kline" || kind === "publicTrade") return []
    return found.filter((channel) => !channel.startsWith("book")).map((channel) => ({ symbol, channel }))
  },
  book: (market, channel) => row(market, levelsOf(channel)),
  quotes: (market) => row(market, 1),
  tradeIds: ({ payload, stream }) =>
    stream.startsWith("publicTrade.") ? ((payload as Payload)["data"] as ReadonlyArray<Payload>).map(idOf) : []
}

const idOf = (trade: Payload): string => String(trade["i"])
