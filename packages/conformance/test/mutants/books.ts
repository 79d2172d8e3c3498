/** Venues whose books are told out of order, differ from the exchange's, or hide that they are broken. */
import type { Event, OrderBook } from "@tidewire/core"
import { adapter, changing, feed } from "./broken.ts"
import type { Mutants } from "./table.ts"
import * as Effect from "effect/Effect"

const isRemoved = ([, size]: Event.Level) => size === 0

/** No level is ever told to be gone. */
const hoarding = changing("book", (event) => ({
  ...event,
  bids: event.bids.filter((level) => !isRemoved(level)),
  asks: event.asks.filter((level) => !isRemoved(level))
}))

/** Shows the last live book whatever has become of it. */
const rosy = feed(({ book }) => {
  let last: OrderBook.BookView | undefined
  return {
    book: (symbol) => {
      const view = book(symbol)
      if (view?.state === "live") last = view
      return view === undefined ? undefined : (last ?? view)
    }
  }
})

export const books: Mutants = {
  "BK-1": [
    [
      "syncing is not told",
      changing("bookState", (event) => (event.state === "syncing" ? undefined : event)),
      "came while untold"
    ],
    [
      "there is no snapshot",
      changing("book", (event) => (event.kind === "snapshot" ? undefined : event)),
      "before a snapshot"
    ],
    [
      "a change comes twice",
      adapter(({ open }) => ({
        open: (wanted, emit) =>
          open(wanted, (event) => {
            emit(event)
            if (event.type === "book" && event.kind === "delta") emit(event)
          })
      })),
      "came after"
    ]
  ],
  "BK-2": [
    ["removed levels stay", hoarding, "told: "],
    ["the book is another symbol's", feed(({ book }) => ({ book: () => book("BBBUSD") })), "kept: "]
  ],
  "BK-3": [
    [
      "the gap is not told",
      changing("gap", (event) => (event.channel === "book" ? undefined : event)),
      "what was told of the book"
    ],
    [
      "all books are rebuilt",
      adapter(({ open }) => ({
        open: (wanted, emit) => {
          let made:
            | { readonly retellBook: (symbol: string, hole: { from: undefined; lost: number }) => void }
            | undefined
          const told = (event: Event.Event): void => {
            emit(event)
            if (event.type === "bookState" && event.state === "stale" && event.symbol === "AAAUSD")
              made?.retellBook("BBBUSD", { from: undefined, lost: 1 })
          }
          return Effect.tap(open(wanted, told), (feed) => Effect.sync(() => (made = feed)))
        }
      })),
      "what was told of the other book"
    ]
  ],
  "BK-4": [["a broken book passes for live", rosy, "what the view showed otherwise"]],
  "BK-5": [
    ["a book is not told again", feed(() => ({ retellBook: () => {} })), "the book told again"],
    [
      "what was lost is forgotten",
      feed(({ retellBook }) => ({ retellBook: (symbol) => retellBook(symbol, { from: undefined, lost: 0 }) })),
      "the gap"
    ]
  ],
  "BK-6": [
    ["nothing is replaced", feed(() => ({ rotate: () => [] })), "what rotates"],
    [
      "a book is told anew when its connection is replaced",
      feed(({ retellBook, rotate }) => ({
        rotate: (name) => {
          retellBook("AAAUSD", { from: undefined, lost: 1 })
          return rotate(name)
        }
      })),
      "what was told of the book"
    ]
  ]
}
