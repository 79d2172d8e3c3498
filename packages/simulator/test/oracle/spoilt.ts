/**
 * Ways to spoil what a faultless client tells of spot, and what an oracle must see of each.
 */
import { assert } from "vitest"
import { SYMBOL, type Told } from "./client.ts"

export type Of<Type extends Told["type"]> = Extract<Told, { readonly type: Type }>

export const indexesOf = (events: ReadonlyArray<Told>, isMeant: (event: Told) => boolean): Array<number> =>
  events.flatMap((event, index) => (isMeant(event) ? [index] : []))

/** The place of a middle one of its kind. */
export const middle = (events: ReadonlyArray<Told>, isMeant: (event: Told) => boolean): number => {
  const found = indexesOf(events, isMeant)
  assert.isAbove(found.length, 4)
  return found[found.length >> 1]!
}

export const isTrade = (event: Told): event is Of<"trade"> => event.type === "trade"
export const isQuote = (event: Told): event is Of<"quote"> => event.type === "quote"
export const isDelta = (event: Told): event is Of<"book"> => event.type === "book" && event.kind === "delta"
export const isFinal = (event: Told): event is Of<"bar"> => event.type === "bar" && event.isFinal
export const isTicker = (event: Told): event is Of<"ticker"> => event.type === "ticker"
const isActive = (event: Told): boolean => event.type === "connection" && event.state === "Active"

const without = (events: ReadonlyArray<Told>, index: number, count = 1) => events.toSpliced(index, count)

export const changed = <Type extends Told["type"]>(
  events: ReadonlyArray<Told>,
  index: number,
  change: Partial<Of<Type>>
) => events.with(index, { ...events[index]!, ...change } as Told)

export const gapOf = (channel: string, change: Partial<Of<"gap">>): Told => ({
  type: "gap",
  venue: "spot",
  symbol: SYMBOL,
  receivedTime: 0,
  channel,
  reason: "disconnect",
  lost: null,
  repaired: false,
  ...change
})

/** The middle trade and its two neighbours: where they stand, and their ids. */
const threeTrades = (events: ReadonlyArray<Told>) => {
  const places = indexesOf(events, isTrade)
  const first = (places.length >> 1) - 1
  return places.slice(first, first + 3).map((place) => {
    const event = events[place]
    assert.isTrue(event !== undefined && isTrade(event))
    return { place, event: event as Of<"trade">, id: Number((event as Of<"trade">).id) }
  })
}

/** The middle trade gives way to these. */
const insteadOfTrade = (
  events: ReadonlyArray<Told>,
  make: (id: number, trade: Of<"trade">) => ReadonlyArray<Told>
): Array<Told> => {
  const [, middle] = threeTrades(events)
  return events.toSpliced(middle!.place, 1, ...make(middle!.id, middle!.event))
}

export const tradeGap = (from: number, to: number, lost: number | null, repaired = false) =>
  gapOf("trades", { from: String(from), to: String(to), lost, repaired })

/** The middle closed bar gives way to these, and so do the updates beside it. */
const insteadOfBar = (
  events: ReadonlyArray<Told>,
  make: (openTime: number, bar: Of<"bar">) => ReadonlyArray<Told>
): Array<Told> => {
  const place = middle(events, isFinal)
  const bar = events[place] as Of<"bar">
  return events.flatMap((event, index) => {
    if (index === place) return make(bar.openTime, bar)
    return event.type === "bar" && event.openTime === bar.openTime ? [] : [event]
  })
}

export const second = 1_000

interface Spoilt {
  readonly what: string
  readonly spoil: (events: ReadonlyArray<Told>) => ReadonlyArray<Told>
  readonly seen: ReadonlyArray<string>
}

export const spoiltStreams: ReadonlyArray<Spoilt> = [
  { what: "nothing", spoil: (events) => events, seen: [] },
  // trades
  {
    what: "a trade is left out",
    spoil: (events) => without(events, middle(events, isTrade)),
    seen: ["missing trades"]
  },
  {
    what: "the last trade is left out",
    spoil: (events) => without(events, indexesOf(events, isTrade).at(-1)!),
    seen: ["missing trades"]
  },
  { what: "no trade comes", spoil: (events) => events.filter((each) => !isTrade(each)), seen: ["missing trades"] },
  {
    what: "a trade comes twice",
    spoil: (events) => events.toSpliced(middle(events, isTrade), 0, events[middle(events, isTrade)]!),
    seen: ["repeated trades"]
  },
  {
    what: "two trades come in the wrong order",
    spoil: (events) => {
      const [first, next] = threeTrades(events)
      return events.with(first!.place, next!.event).with(next!.place, first!.event)
    },
    seen: ["missing trades", "repeated trades"]
  },
  ...(["price", "size", "exchangeTime"] as const).map((field) => ({
    what: `a trade has another ${field}`,
    spoil: (events: ReadonlyArray<Told>) => {
      const place = middle(events, isTrade)
      return changed<"trade">(events, place, { [field]: (events[place] as Of<"trade">)[field]! + 1 })
    },
    seen: ["wrong trades"]
  })),
  {
    what: "a trade has the other side",
    spoil: (events) => {
      const place = middle(events, isTrade)
      return changed<"trade">(events, place, { side: (events[place] as Of<"trade">).side === "buy" ? "sell" : "buy" })
    },
    seen: ["wrong trades"]
  },
  {
    what: "a trade comes that never happened",
    spoil: (events) => {
      const last = indexesOf(events, isTrade).at(-1)!
      const trade = events[last] as Of<"trade">
      return events.toSpliced(last + 1, 0, { ...trade, id: String(Number(trade.id) + 1) })
    },
    seen: ["unknown trades"]
  },
  // gaps of trades
  {
    what: "a lost trade is told",
    spoil: (events) => insteadOfTrade(events, (id) => [tradeGap(id - 1, id + 1, 1)]),
    seen: []
  },
  {
    what: "a gap begins one too early",
    spoil: (events) => insteadOfTrade(events, (id) => [tradeGap(id - 2, id + 1, 2)]),
    seen: ["gap-bounds trades"]
  },
  {
    what: "a gap ends one too late",
    spoil: (events) => insteadOfTrade(events, (id) => [tradeGap(id - 1, id + 2, 2)]),
    seen: ["in-gap trades"]
  },
  {
    what: "a gap ends too early",
    spoil: (events) => {
      const [, at, after] = threeTrades(events)
      return without(events.toSpliced(at!.place, 1, tradeGap(at!.id - 1, at!.id + 1, 1)), after!.place)
    },
    seen: ["missing trades"]
  },
  {
    what: "a gap miscounts",
    spoil: (events) => insteadOfTrade(events, (id) => [tradeGap(id - 1, id + 1, 2)]),
    seen: ["gap-lost trades"]
  },
  {
    what: "a gap does not count what it could",
    spoil: (events) => insteadOfTrade(events, (id) => [tradeGap(id - 1, id + 1, null)]),
    seen: ["gap-lost trades"]
  },
  {
    what: "a gap's ids are numbers",
    spoil: (events) => insteadOfTrade(events, (id) => [gapOf("trades", { from: id - 1, to: id + 1, lost: 1 })]),
    seen: ["gap-bounds trades"]
  },
  {
    what: "a gap is told where no hole is",
    spoil: (events) => insteadOfTrade(events, (id, trade) => [tradeGap(id - 1, id, 0), trade]),
    seen: ["gap-bounds trades"]
  },
  {
    what: "a gap claims to be repaired, and is not",
    spoil: (events) => insteadOfTrade(events, (id) => [tradeGap(id - 1, id + 1, 1, true)]),
    seen: ["gap-repaired trades", "missing trades"]
  },
  {
    what: "a gap is repaired",
    spoil: (events) =>
      insteadOfTrade(events, (id, trade) => [{ ...trade, origin: "backfill" }, tradeGap(id - 1, id + 1, 1, true)]),
    seen: []
  },
  {
    what: "a backfill comes without its gap",
    spoil: (events) => insteadOfTrade(events, (_, trade) => [{ ...trade, origin: "backfill" }]),
    seen: ["gap-missing trades"]
  },
  {
    what: "a repaired gap ends one too late",
    spoil: (events) =>
      insteadOfTrade(events, (id, trade) => [{ ...trade, origin: "backfill" }, tradeGap(id - 1, id + 2, 2, true)]),
    seen: ["gap-repaired trades"]
  },
  {
    what: "a repaired gap begins one too early",
    spoil: (events) =>
      insteadOfTrade(events, (id, trade) => [{ ...trade, origin: "backfill" }, tradeGap(id - 2, id + 1, 2, true)]),
    seen: ["gap-repaired trades"]
  },
  {
    what: "a repaired gap miscounts",
    spoil: (events) =>
      insteadOfTrade(events, (id, trade) => [{ ...trade, origin: "backfill" }, tradeGap(id - 1, id + 1, 7, true)]),
    seen: ["gap-lost trades"]
  },
  {
    what: "a gap that was filled is told as lost",
    spoil: (events) =>
      insteadOfTrade(events, (id, trade) => [{ ...trade, origin: "backfill" }, tradeGap(id - 1, id + 1, 1)]),
    seen: ["gap-bounds trades"]
  },
  {
    what: "the end of a hole is fetched, its beginning told",
    spoil: (events) => {
      const [before, at] = threeTrades(events)
      const fetched: Told = { ...at!.event, origin: "backfill" }
      const spoilt = events.toSpliced(at!.place, 1, fetched, tradeGap(before!.id - 1, at!.id, 1))
      return without(spoilt, before!.place)
    },
    seen: []
  },
  {
    what: "the end of a hole is fetched, its beginning not told",
    spoil: (events) => {
      const [before, at] = threeTrades(events)
      return without(events.with(at!.place, { ...at!.event, origin: "backfill" }), before!.place)
    },
    seen: ["missing trades"]
  },
  // quotes
  {
    what: "a quote has another size",
    spoil: (events) => changed<"quote">(events, middle(events, isQuote), { askSize: 0.123 }),
    seen: ["wrong quotes"]
  },
  {
    what: "a quote comes twice",
    spoil: (events) => events.toSpliced(middle(events, isQuote), 0, events[middle(events, isQuote)]!),
    seen: ["repeated quotes"]
  },
  {
    what: "an older quote comes after a newer one",
    spoil: (events) => {
      const places = indexesOf(events, isQuote)
      return events.toSpliced(places[10]! + 1, 0, events[places[5]!]!)
    },
    seen: ["backwards quotes"]
  },
  {
    what: "a quote has a sequence that never was",
    spoil: (events) => {
      const last = events[indexesOf(events, isQuote).at(-1)!] as Of<"quote">
      return changed<"quote">(events, indexesOf(events, isQuote).at(-1)!, { sequence: last.sequence! + 1 })
    },
    seen: ["behind quotes", "unknown quotes"]
  },
  {
    what: "a quote has no sequence",
    spoil: (events) => {
      const { sequence: _, ...quote } = events[middle(events, isQuote)] as Of<"quote">
      return events.with(middle(events, isQuote), quote)
    },
    seen: ["unknown quotes"]
  },
  {
    what: "the last quote is left out",
    spoil: (events) => without(events, indexesOf(events, isQuote).at(-1)!),
    seen: ["behind quotes"]
  },
  {
    what: "quotes are silent for longer than that may be missed",
    spoil: (events) => {
      const places = indexesOf(events, isQuote)
      const gone = new Set(places.slice(3, -3))
      return events.filter((_, index) => !gone.has(index))
    },
    seen: ["gap-missing quotes"]
  },
  {
    what: "a gap of quotes has wrong bounds",
    spoil: (events) => events.toSpliced(middle(events, isQuote), 0, gapOf("quotes", { from: 1, to: 2 })),
    seen: ["gap-bounds quotes"]
  },
  {
    what: "a gap of quotes claims to be repaired, and how much was lost",
    spoil: (events) => {
      const places = indexesOf(events, isQuote)
      const [from, to] = [places[5]!, places[6]!].map((place) => (events[place] as Of<"quote">).exchangeTime!)
      return events.toSpliced(places[6]!, 0, gapOf("quotes", { from: from!, to: to!, lost: 3, repaired: true }))
    },
    seen: ["gap-lost quotes", "gap-repaired quotes"]
  },
  // books
  {
    what: "a change of the book has another size",
    spoil: (events) => {
      const place = middle(events, (each) => isDelta(each) && each.bids.length > 0)
      const { bids } = events[place] as Of<"book">
      return changed<"book">(events, place, { bids: bids.with(0, [bids[0]![0], bids[0]![1] + 1]) })
    },
    seen: ["wrong book"]
  },
  {
    what: "a change of the book is left out",
    spoil: (events) => without(events, middle(events, isDelta)),
    seen: ["wrong book"]
  },
  {
    what: "the last change of the book is left out",
    spoil: (events) => without(events, indexesOf(events, isDelta).at(-1)!),
    seen: ["behind book"]
  },
  {
    what: "a change of the book comes twice",
    spoil: (events) => events.toSpliced(middle(events, isDelta), 0, events[middle(events, isDelta)]!),
    seen: ["repeated book"]
  },
  {
    what: "an older change of the book comes after a newer one",
    spoil: (events) => {
      const places = indexesOf(events, isDelta)
      return events.toSpliced(places[6]! + 1, 0, { ...(events[places[5]!] as Of<"book">), bids: [], asks: [] })
    },
    // at its own sequence the book had not what it has now
    seen: ["backwards book", "wrong book"]
  },
  {
    what: "the book has a level too much",
    spoil: (events) => {
      const place = events.findIndex(({ type }) => type === "book")
      return changed<"book">(events, place, { bids: [...(events[place] as Of<"book">).bids, [1, 1]] })
    },
    seen: ["wrong book"]
  },
  {
    what: "the book lacks its worst level",
    spoil: (events) => {
      const place = events.findIndex(({ type }) => type === "book")
      return changed<"book">(events, place, { bids: (events[place] as Of<"book">).bids.slice(0, -1) })
    },
    seen: ["wrong book"]
  },
  {
    what: "the book is told under a sequence that it never had",
    spoil: (events) => {
      const last = indexesOf(events, isDelta).at(-1)!
      return changed<"book">(events, last, { sequence: (events[last] as Of<"book">).sequence + 1 })
    },
    seen: ["behind book", "unknown book"]
  },
  {
    what: "changes go on after stale",
    spoil: (events) => {
      const place = middle(events, isDelta)
      return events.toSpliced(place, 0, {
        type: "bookState",
        venue: "spot",
        symbol: SYMBOL,
        receivedTime: 0,
        state: "stale"
      })
    },
    seen: ["behind book", "not-live book", "without-snapshot book"]
  },
  {
    what: "a book is live without a snapshot",
    spoil: (events) => {
      const place = middle(events, isDelta)
      const state = (name: string): Told => ({
        type: "bookState",
        venue: "spot",
        symbol: SYMBOL,
        receivedTime: 0,
        state: name
      })
      return events.toSpliced(place, 0, state("stale"), state("live"))
    },
    seen: ["behind book", "without-snapshot book"]
  },
  {
    what: "a gap of the book is told where no hole is",
    spoil: (events) => events.toSpliced(middle(events, isDelta), 0, gapOf("book", { from: 1, to: 2, repaired: true })),
    seen: ["gap-bounds book", "gap-repaired book"]
  },
  // bars
  {
    what: "a closed bar is left out",
    spoil: (events) => insteadOfBar(events, () => []),
    seen: ["missing bars:1s"]
  },
  {
    what: "a bar is final twice",
    spoil: (events) => insteadOfBar(events, (_, bar) => [bar, bar]),
    seen: ["repeated bars:1s"]
  },
  {
    what: "an update of a bar comes after its end",
    spoil: (events) => insteadOfBar(events, (_, bar) => [bar, { ...bar, isFinal: false }]),
    seen: ["after-final bars:1s"]
  },
  ...(["open", "high", "low", "close", "volume", "quoteVolume", "trades"] as const).map((field) => ({
    what: `a closed bar has another ${field}`,
    spoil: (events: ReadonlyArray<Told>) => insteadOfBar(events, (_, bar) => [{ ...bar, [field]: bar[field]! + 1 }]),
    seen: ["wrong bars:1s"]
  })),
  {
    what: "an update of a bar is higher than the bar",
    spoil: (events) => insteadOfBar(events, (_, bar) => [{ ...bar, isFinal: false, high: bar.high + 1 }, bar]),
    seen: ["wrong bars:1s"]
  },
  {
    what: "the trades of a bar become fewer",
    spoil: (events) =>
      insteadOfBar(events, (_, bar) => [
        { ...bar, isFinal: false, trades: 2 },
        { ...bar, isFinal: false, trades: 1 },
        bar
      ]),
    seen: ["backwards bars:1s"]
  },
  {
    what: "a bar stands between two seconds",
    spoil: (events) => insteadOfBar(events, (openTime, bar) => [{ ...bar, openTime: openTime + 1 }, bar]),
    seen: ["unknown bars:1s"]
  },
  {
    what: "a lost bar is told",
    spoil: (events) =>
      insteadOfBar(events, (at) => [gapOf("bars:1s", { from: at - second, to: at + second, lost: 1 })]),
    seen: []
  },
  {
    what: "a bar is told as lost that was not",
    spoil: (events) =>
      insteadOfBar(events, (at, bar) => [gapOf("bars:1s", { from: at - second, to: at + second, lost: 1 }), bar]),
    seen: ["in-gap bars:1s"]
  },
  {
    what: "a bar is fetched, and its gap repaired",
    spoil: (events) =>
      insteadOfBar(events, (at, bar) => [
        { ...bar, origin: "backfill" },
        gapOf("bars:1s", { from: at - second, to: at + second, lost: 1, repaired: true })
      ]),
    seen: []
  },
  // tickers
  {
    what: "a ticker comes twice",
    spoil: (events) => events.toSpliced(middle(events, isTicker), 0, events[middle(events, isTicker)]!),
    seen: ["repeated ticker"]
  },
  {
    what: "an older ticker comes after a newer one",
    spoil: (events) => {
      const places = indexesOf(events, isTicker)
      return events.toSpliced(places[6]! + 1, 0, events[places[4]!]!)
    },
    seen: ["backwards ticker"]
  },
  {
    what: "the last ticker has another price",
    spoil: (events) => changed<"ticker">(events, indexesOf(events, isTicker).at(-1)!, { last: 1 }),
    seen: ["behind ticker"]
  },
  {
    what: "a ticker has no time",
    spoil: (events) => {
      const { exchangeTime: _, ...ticker } = events[middle(events, isTicker)] as Of<"ticker">
      return events.with(middle(events, isTicker), ticker)
    },
    seen: ["unknown ticker"]
  },
  // states
  {
    what: "a connection is active without having connected",
    spoil: (events) => without(events, indexesOf(events, isActive)[0]! - 1),
    seen: ["illegal-state one"]
  },
  {
    what: "a connection that nobody planned",
    spoil: (events) =>
      events.toSpliced(indexesOf(events, isActive)[0]! + 1, 0, {
        type: "connection",
        venue: "spot",
        receivedTime: 0,
        connection: "two",
        state: "Connecting",
        attempt: 0
      }),
    seen: ["unknown two"]
  },
  {
    what: "a connection that never is active",
    spoil: (events) => without(events, indexesOf(events, isActive)[0]!),
    seen: ["not-active one"]
  },
  {
    what: "a subscription that is still pending",
    spoil: (events) => [
      ...events,
      { type: "subscription", venue: "spot", symbol: SYMBOL, receivedTime: 0, channel: "trades", state: "pending" }
    ],
    seen: ["not-live trades"]
  },
  {
    what: "what nobody asked for",
    spoil: (events) => [...events, { type: "mark", venue: "spot", symbol: SYMBOL, exchangeTime: 1, receivedTime: 1 }],
    seen: ["unknown mark"]
  },
  {
    what: "a symbol that nobody asked for",
    spoil: (events) => [...events, { ...(events[middle(events, isTrade)] as Of<"trade">), symbol: "ETHUSDT" }],
    seen: ["unknown "]
  }
]
