/**
 * Conflation: what is left of a channel's waiting events when only the latest state matters. Nothing that is left out
 * would have changed the state that the consumer arrives at.
 */
import type { Book, Level, MarketEvent } from "./Event.ts"

interface Kept {
  readonly offset: number
  readonly event: MarketEvent
}

/**
 * The latest event of each key: a bar's open time, else the symbol. Changes of a book are merged level by level into one
 * (a snapshot among them stays one); books that come whole are replaced by the latest.
 */
export const conflate = (events: ReadonlyArray<MarketEvent>): ReadonlyArray<Kept> => {
  const last = events.at(-1)
  if (last === undefined) return []
  const offset = events.length - 1
  switch (last.type) {
    case "bar":
      return latestByOpenTime(events)
    case "book":
      return [{ offset, event: last.kind === "snapshot" ? last : mergeBooks(events as ReadonlyArray<Book>) }]
    default:
      return [{ offset, event: last }]
  }
}

const latestByOpenTime = (events: ReadonlyArray<MarketEvent>): ReadonlyArray<Kept> => {
  const latest = new Map<number, Kept>()
  events.forEach((event, offset) => {
    if (event.type !== "bar") return
    latest.delete(event.openTime)
    latest.set(event.openTime, { offset, event })
  })
  return [...latest.values()]
}

interface Merged {
  readonly level: Level
  readonly texts: ReadonlyArray<string | undefined>
}

const mergeBooks = (books: ReadonlyArray<Book>): Book => {
  const start = Math.max(
    0,
    books.findLastIndex((each) => each.kind === "snapshot")
  )
  const isSnapshot = books[start]?.kind === "snapshot"
  const bids = mergeSide(books.slice(start), "bids", isSnapshot).sort((a, b) => b.level[0] - a.level[0])
  const asks = mergeSide(books.slice(start), "asks", isSnapshot).sort((a, b) => a.level[0] - b.level[0])
  const { exact: _, ...last } = books.at(-1)!
  const exact = { ...textsOf("bids", bids), ...textsOf("asks", asks) }
  return {
    ...last,
    kind: isSnapshot ? "snapshot" : "delta",
    bids: bids.map((each) => each.level),
    asks: asks.map((each) => each.level),
    ...(Object.keys(exact).length > 0 && { exact })
  }
}

/** In a merged snapshot a level that was removed is gone; in a merged change it must still say so. */
const mergeSide = (books: ReadonlyArray<Book>, side: "bids" | "asks", forgetRemoved: boolean): Array<Merged> => {
  const levels = new Map<number, Merged>()
  for (const book of books) {
    book[side].forEach((level, index) => {
      if (forgetRemoved && level[1] === 0) levels.delete(level[0])
      else levels.set(level[0], { level, texts: [0, 1].map((part) => book.exact?.[`${side}[${index}][${part}]`]) })
    })
  }
  return [...levels.values()]
}

const textsOf = (side: "bids" | "asks", levels: ReadonlyArray<Merged>): Record<string, string> =>
  Object.fromEntries(
    levels.flatMap(({ texts }, index) =>
      texts.flatMap((text, part) => (text === undefined ? [] : [[`${side}[${index}][${part}]`, text]]))
    )
  )
