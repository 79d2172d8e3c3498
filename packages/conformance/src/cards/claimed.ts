/** Cards of what an adapter says about itself and its market: instruments, capabilities. */
import { Channel, Instrument, Interval } from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Card } from "../Card.ts"
import { equal, fail, hold } from "../Failed.ts"

const isInstrument = Schema.is(Instrument.Instrument)

/** CCXT's spelling of what an instrument is made of; a dated one has a date behind it, an option more. */
const isUnified = ({ base, kind, quote, settle, unified }: Instrument.Instrument): boolean => {
  const stem = settle === undefined ? `${base}/${quote}` : `${base}/${quote}:${settle}`
  if (kind === "spot" || kind === "perpetual") return unified === stem
  return unified.startsWith(`${stem}-`) && /^\d{6}/.test(unified.slice(stem.length + 1))
}

export const instruments: Card = {
  id: "LC-8",
  title: "the instruments are listed, each valid, with symbols of their own and unified spellings",
  prerequisite: "none",
  action: "list the instruments",
  pass: "all match the schema and carry the venue's name; symbols and trading unified spellings are unique; what trades is there",
  check: ({ adapter, exchange }) =>
    Effect.gen(function* () {
      const listed = yield* Effect.catch(adapter.instruments, (error) => fail(`instruments: ${error.message}`))
      const bad = listed.find((each) => !isInstrument(each) || each.venue !== adapter.venue || !isUnified(each))
      yield* hold(`not an instrument of ${adapter.venue}: ${JSON.stringify(bad)}`, bad === undefined)
      const symbols = listed.map(({ symbol }) => symbol)
      yield* equal("distinct symbols", new Set(symbols).size, symbols.length)
      const trading = listed.filter(({ status }) => status === "trading")
      yield* equal("distinct unified spellings", new Set(trading.map(({ unified }) => unified)).size, trading.length)
      const names = new Set(trading.map(({ symbol }) => symbol))
      yield* equal(
        "what trades and is not listed",
        exchange.symbols.filter((symbol) => !names.has(symbol)),
        []
      )
      yield* hold(`${exchange.unknownSymbol} is listed`, !symbols.includes(exchange.unknownSymbol))
    })
}

/** The reads of the past that capabilities speak of; `lastTrade` is nobody's claim. */
const reads = ["trades", "recentTrades", "bars"] as const

/** The reads of what is now, by what capabilities call them. */
const present = { quotes: "quote", book: "book", ticker: "ticker", mark: "mark", bars: "bar" } as const

export const capabilities: Card = {
  id: "LC-10",
  title: "the capabilities are those announced, make sense, and equal the members",
  prerequisite: "none",
  action: "compare the capabilities with the subject's and with the members of `history` and `present`",
  pass: "equal; every read that is claimed is there, and every one that is there is claimed; kinds, intervals and depths are known and distinct",
  check: ({ adapter, announced }) =>
    Effect.gen(function* () {
      const claimed = adapter.capabilities
      const { channels, depths, intervals } = claimed
      yield* equal("the capabilities", claimed, announced)
      for (const read of reads) {
        const [isClaimed, isThere] = [claimed.history[read], adapter.history?.[read] !== undefined]
        yield* equal(`history.${read}, claimed and there`, [isClaimed, isThere], [isClaimed, isClaimed])
      }
      for (const [claim, member] of Object.entries(present) as ReadonlyArray<[keyof typeof present, "quote"]>) {
        const [isClaimed, isThere] = [claimed.present[claim], adapter.present?.[member] !== undefined]
        yield* equal(`present.${claim}, claimed and there`, [isClaimed, isThere], [isClaimed, isClaimed])
      }
      const strange = channels.filter((kind) => !Channel.kinds.includes(kind))
      const odd = [...intervals.filter((each) => !Interval.isInterval(each)), ...depths.filter((each) => !(each > 0))]
      yield* equal("channels, intervals and depths of no known kind", [...strange, ...odd], [])
      const lists: ReadonlyArray<ReadonlyArray<unknown>> = [channels, intervals, depths]
      for (const list of lists) yield* equal("distinct claims", new Set(list).size, list.length)
      yield* equal("bars claimed and intervals given", channels.includes("bars"), intervals.length > 0)
      yield* hold("depths without books", depths.length === 0 || channels.includes("book"))
    })
}
