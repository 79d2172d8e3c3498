/** Venues that tell something else than what happened, or remember something else. */
import type { Event } from "@tidewire/core"
import * as Effect from "effect/Effect"
import { adapter, changing, claiming, feed, opened, telling } from "./broken.ts"
import type { Mutants } from "./table.ts"

/** Every fifth event of a type is treated otherwise. */
export const fifth = (
  type: Event.Event["type"],
  otherwise: (event: Event.Event, emit: (event: Event.Event) => void) => void
) =>
  telling(() => {
    let count = 0
    return (event, emit) => (event.type === type && ++count % 5 === 0 ? otherwise(event, emit) : emit(event))
  })

export const repeating = fifth("trade", (event, emit) => {
  emit(event)
  emit(event)
})

export const losing = fifth("trade", () => {})

/** One trade waits for the next of its symbol. */
const overtaking = telling(() => {
  let held: Event.Event | undefined
  return (event, emit) => {
    const isOurs = event.type === "trade" && event.symbol === "AAAUSD"
    if (isOurs && event.id === "5007") {
      held = event
      return
    }
    emit(event)
    if (!isOurs || held === undefined) return
    emit(held)
    held = undefined
  }
})

/** Ids that count by two are claimed to count by one. */
const sparse = opened(({ adapter: made, exchange }) => {
  const twice = (id: string) => String(2 * Number(id))
  return {
    exchange: {
      ...exchange,
      trades: (symbol) =>
        Effect.map(exchange.trades(symbol), (trades) => trades.map((each) => ({ ...each, id: twice(each.id) })))
    },
    adapter: {
      ...made,
      open: (wanted, emit) =>
        made.open(wanted, (event) => emit(event.type === "trade" ? { ...event, id: twice(event.id) } : event))
    }
  }
})

export const market: Mutants = {
  "MD-1": [
    ["trades come twice", repeating, "told twice"],
    ["trades are lost", losing, "neither told nor inside a gap"],
    ["trades overtake each other", overtaking, "was told after"],
    ["ids that are claimed to be consecutive are not", sparse, "does not follow"],
    ["ids are our own", changing("trade", (event) => ({ ...event, id: `t${event.id}` })), "never made"],
    ["sizes are rounded", changing("trade", (event) => ({ ...event, size: Math.floor(event.size / 4) })), "it was"],
    [
      "the side is the maker's",
      changing("trade", (event) => ({ ...event, side: event.side === "buy" ? "sell" : "buy" })),
      "it was"
    ]
  ],
  "MD-2": [
    [
      "sizes are swapped",
      changing("quote", (event) => ({ ...event, bidSize: event.bidSize + 1 })),
      "the last quote was"
    ],
    [
      "sides are swapped",
      changing("quote", (event) => ({ ...event, bid: event.ask, ask: event.bid })),
      "the last quote was"
    ]
  ],
  "MD-3": [
    [
      "a level is left out",
      feed(({ book }) => ({
        book: (symbol) => {
          const view = book(symbol)
          if (view?.state !== "live") return view
          return {
            state: "live",
            book: Object.assign(Object.create(view.book), {
              asks: () => view.book.asks().slice(1),
              bids: (depth?: number) => view.book.bids(depth),
              sequence: view.book.sequence
            })
          }
        }
      })),
      "asks at"
    ],
    ["a depth is claimed that is not there", claiming({ depths: [5, 7] }), "open: "]
  ],
  "MD-4": [
    [
      "a bar is final twice",
      telling(() => (event, emit) => {
        emit(event)
        if (event.type === "bar" && event.isFinal) emit(event)
      }),
      "is the one that is open"
    ],
    ["no bar is final", changing("bar", (event) => ({ ...event, isFinal: false })), "a final bar of 1s"],
    [
      "a final bar lacks a trade",
      changing("bar", (event) => ({ ...event, volume: event.volume - 1 })),
      "the final bar"
    ],
    [
      "a bar is left out",
      changing("bar", (event) => ((event.openTime / 1_000) % 2 === 0 ? undefined : event)),
      "is the one that is open"
    ]
  ],
  "MD-5": [
    [
      "the volume is the wrong one",
      changing("ticker", (event) => ({ ...event, volume: event.quoteVolume })),
      "the last ticker was"
    ]
  ],
  "MD-6": [
    [
      "mark and index are confused",
      changing("mark", (event) => ({ ...event, mark: event.index!, index: event.mark! })),
      "the last mark and index"
    ],
    [
      "funding is told in basis points",
      changing("mark", (event) => ({ ...event, fundingRate: 1 })),
      "a funding rate of 1"
    ]
  ],
  "MD-7": [
    ["the side is the position's", changing("liquidation", (event) => ({ ...event, side: "buy" })), "the liquidations"],
    [
      "liquidations come twice",
      telling(() => (event, emit) => {
        emit(event)
        if (event.type === "liquidation") emit(event)
      }),
      "the liquidations"
    ]
  ],
  "MD-8": [
    ["a channel is claimed and says nothing", changing("mark", () => undefined), "an event of channel mark"],
    [
      "events carry the venue's id",
      changing("quote", (event) => ({ ...event, venue: "made-up" })),
      "not an event of AAAUSD at mine"
    ],
    [
      "events carry another spelling",
      changing("ticker", (event) => ({ ...event, symbol: "AAA/USD" })),
      "an event of channel ticker"
    ],
    [
      "a number is none",
      changing("mark", (event) => ({ ...event, index: Number.NaN })),
      "not an event of AAAUSD at mine"
    ]
  ],
  "MD-9": [
    [
      "times are seconds",
      changing("trade", (event) => ({ ...event, exchangeTime: event.exchangeTime! / 1_000 })),
      "made at"
    ],
    ["the receipt is not stamped", changing("quote", (event) => ({ ...event, receivedTime: 0 })), "was received at 0"]
  ],
  "MD-10": [
    [
      "the first id is left out",
      adapter(({ history }) => ({
        history: {
          ...history!,
          trades: (request) => Effect.map(history!.trades!(request), (trades) => trades.slice(1))
        }
      })),
      "the past trades"
    ],
    [
      "the past passes for the stream",
      adapter(({ history }) => ({
        history: {
          ...history!,
          trades: (request) =>
            Effect.map(history!.trades!(request), (trades) =>
              trades.map((each) => ({ ...each, origin: "stream" as const }))
            )
        }
      })),
      "origin backfill"
    ]
  ],
  "MD-11": [
    [
      "the open bar is told as final",
      adapter(({ history }) => ({
        history: {
          ...history!,
          bars: (request) =>
            Effect.map(history!.bars!(request), (bars) => [...bars, { ...bars.at(-1)!, openTime: request.to }])
        }
      })),
      "the past bars"
    ]
  ],
  "MD-13": [
    [
      "the page begins with the oldest",
      adapter(({ history }) => ({
        history: {
          ...history!,
          recentTrades: (symbol) => Effect.map(history!.recentTrades!(symbol, 1_000), (trades) => trades.slice(0, 5))
        }
      })),
      "the past trades"
    ]
  ],
  "MD-14": [
    [
      "bid and ask are exchanged",
      adapter(({ present }) => ({
        present: {
          ...present!,
          quote: (symbol) => Effect.map(present!.quote!(symbol), (each) => ({ ...each, bid: each.ask, ask: each.bid }))
        }
      })),
      "the quote"
    ],
    [
      "a book has its worst levels first",
      adapter(({ present }) => ({
        present: {
          ...present!,
          book: (symbol, channel) =>
            Effect.map(present!.book!(symbol, channel), (each) => ({ ...each, bids: each.bids.toReversed() }))
        }
      })),
      "the book"
    ],
    [
      "the ticker is another symbol's",
      adapter(({ present }, { symbols }) => ({
        present: { ...present!, ticker: () => present!.ticker!(symbols[1]!) }
      })),
      "the ticker"
    ],
    [
      "the index passes for the mark",
      adapter(({ present }) => ({
        present: {
          ...present!,
          mark: (symbol) => Effect.map(present!.mark!(symbol), (each) => ({ ...each, mark: each.index! }))
        }
      })),
      "the mark"
    ],
    [
      "the bar that closed last passes for the open one",
      adapter(({ history, present }) => ({
        present: {
          ...present!,
          bar: (symbol, interval) =>
            Effect.gen(function* () {
              const open = yield* present!.bar!(symbol, interval)
              const bars = yield* history!.bars!({ symbol, interval, from: 0, to: open.openTime })
              return { ...bars.at(-1)!, isFinal: false }
            })
        }
      })),
      "the bar"
    ]
  ],
  "MD-12": [
    [
      "the last trade was another",
      adapter(({ history }) => ({ history: { ...history!, lastTrade: () => Effect.succeed({ time: 1 }) } })),
      "the time of the last trade"
    ],
    [
      "what does not exist has an empty past",
      adapter(({ history }) => ({ history: { ...history!, trades: () => Effect.succeed([]) } })),
      "a read of NONESUCH"
    ]
  ]
}
