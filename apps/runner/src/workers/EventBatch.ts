/**
 * Events on their way from one thread to another: what there is much of (trades, quotes, books) as numbers in one array
 * that is handed over without a copy, the rest as objects. docs/adr/0021-workers.md has what other forms cost.
 *
 * Guarantees: what is read is what was written, in the same order; a writer and its reader belong together for as long
 * as both live, because a symbol is spelled out only once.
 */
import type { Event } from "@tidewire/core"

export interface EventBatch {
  readonly numbers: Float64Array<ArrayBuffer>
  /** Ids of trades that are no plain numbers. */
  readonly texts: ReadonlyArray<string>
  readonly others: ReadonlyArray<Event.Event>
  /** Symbols that are new to the reader, numbered on from those before. */
  readonly symbols: ReadonlyArray<string>
  readonly events: number
}

/** The lowest four bits of an event's first number; what stands above them depends on it. */
const KIND = 0b1111
const OTHER = 0
const TRADE = 1
const QUOTE = 2
const BOOK = 3

const SELLS = 1 << 4
const HAS_TEXT = 1 << 5
const ORIGIN_AT = 6
const IS_SNAPSHOT = 1 << 4

const origins: ReadonlyArray<Event.Origin> = ["stream", "backfill", "polling"]

/** Digits that a float64 holds, whatever they are. */
const EXACT_DIGITS = 15

const ABSENT = Number.NaN

/** Enough for a few hundred trades; it grows with the largest batch. */
const FIRST_CAPACITY = 4_096

/** Besides the levels of a book. */
const LONGEST = 16

export class EventBatchWriter {
  readonly #venue: string
  readonly #symbols = new Map<string, number>()
  #numbers = new Float64Array(FIRST_CAPACITY)
  #used = 0
  #events = 0
  #texts: Array<string> = []
  #others: Array<Event.Event> = []
  #newSymbols: Array<string> = []
  #lastSymbol: string | undefined
  #lastIndex = -1

  /** `venue` is what nearly all events carry. */
  constructor(venue: string) {
    this.#venue = venue
  }

  get events(): number {
    return this.#events
  }

  add(event: Event.Event): void {
    this.#events++
    if (event.venue !== this.#venue || ("exact" in event && event.exact !== undefined)) return this.#other(event)
    switch (event.type) {
      case "trade":
        return this.#trade(event)
      case "quote":
        return this.#quote(event)
      case "book":
        return this.#book(event)
      default:
        return this.#other(event)
    }
  }

  /** Everything that was added since the last time. */
  take(): EventBatch {
    const batch = {
      numbers: this.#numbers.slice(0, this.#used),
      texts: this.#texts,
      others: this.#others,
      symbols: this.#newSymbols,
      events: this.#events
    }
    this.#used = 0
    this.#events = 0
    this.#texts = []
    this.#others = []
    this.#newSymbols = []
    return batch
  }

  #trade(event: Event.Trade): void {
    const id = plainNumber(event.id)
    if (id === undefined) this.#texts.push(event.id)
    const code =
      TRADE |
      (event.side === "sell" ? SELLS : 0) |
      (id === undefined ? HAS_TEXT : 0) |
      (origins.indexOf(event.origin) << ORIGIN_AT)
    const numbers = this.#begin(code, event, 0)
    let at = this.#used
    numbers[at++] = id ?? ABSENT
    numbers[at++] = event.price
    numbers[at++] = event.size
    this.#used = at
  }

  #quote(event: Event.Quote): void {
    const numbers = this.#begin(QUOTE, event, 0)
    let at = this.#used
    numbers[at++] = event.bid
    numbers[at++] = event.bidSize
    numbers[at++] = event.ask
    numbers[at++] = event.askSize
    numbers[at++] = event.sequence ?? ABSENT
    this.#used = at
  }

  #book(event: Event.Book): void {
    const { asks, bids } = event
    const numbers = this.#begin(BOOK | (event.kind === "snapshot" ? IS_SNAPSHOT : 0), event, bids.length + asks.length)
    let at = this.#used
    numbers[at++] = event.sequence
    numbers[at++] = bids.length
    numbers[at++] = asks.length
    for (const level of bids) {
      numbers[at++] = level[0]
      numbers[at++] = level[1]
    }
    for (const level of asks) {
      numbers[at++] = level[0]
      numbers[at++] = level[1]
    }
    this.#used = at
  }

  #other(event: Event.Event): void {
    this.#others.push(event)
    this.#room(0)[this.#used++] = OTHER
  }

  /** What every event in numbers begins with. */
  #begin(code: number, event: Event.Trade | Event.Quote | Event.Book, levels: number): Float64Array {
    const numbers = this.#room(levels)
    let at = this.#used
    numbers[at++] = code
    numbers[at++] = this.#indexOf(event.symbol)
    numbers[at++] = event.exchangeTime ?? ABSENT
    numbers[at++] = event.receivedTime
    this.#used = at
    return numbers
  }

  #room(levels: number): Float64Array {
    const needed = this.#used + LONGEST + 2 * levels
    if (needed > this.#numbers.length) {
      const larger = new Float64Array(2 * needed)
      larger.set(this.#numbers.subarray(0, this.#used))
      this.#numbers = larger
    }
    return this.#numbers
  }

  #indexOf(symbol: string): number {
    if (symbol === this.#lastSymbol) return this.#lastIndex
    let index = this.#symbols.get(symbol)
    if (index === undefined) {
      index = this.#symbols.size
      this.#symbols.set(symbol, index)
      this.#newSymbols.push(symbol)
    }
    this.#lastSymbol = symbol
    this.#lastIndex = index
    return index
  }
}

export class EventBatchReader {
  readonly #venue: string
  readonly #symbols: Array<string> = []

  constructor(venue: string) {
    this.#venue = venue
  }

  /** Gives each event to `take`, in order. */
  read(batch: EventBatch, take: (event: Event.Event) => void): void {
    this.#symbols.push(...batch.symbols)
    const { numbers, others, texts } = batch
    const venue = this.#venue
    let text = 0
    let other = 0
    let at = 0
    while (at < numbers.length) {
      const code = numbers[at]!
      const kind = code & KIND
      if (kind === OTHER) {
        at++
        take(others[other++]!)
        continue
      }
      const symbol = this.#symbols[numbers[at + 1]!]!
      const exchangeTime = numbers[at + 2]!
      const receivedTime = numbers[at + 3]!
      at += 4
      if (kind === TRADE) {
        const id = (code & HAS_TEXT) === 0 ? String(numbers[at]!) : texts[text++]!
        const price = numbers[at + 1]!
        const size = numbers[at + 2]!
        const side = (code & SELLS) === 0 ? "buy" : "sell"
        const origin = origins[code >> ORIGIN_AT]!
        at += 3
        take(
          exchangeTime === exchangeTime
            ? { type: "trade", venue, symbol, exchangeTime, receivedTime, id, price, size, side, origin }
            : { type: "trade", venue, symbol, receivedTime, id, price, size, side, origin }
        )
      } else if (kind === QUOTE) {
        take(quote(venue, symbol, exchangeTime, receivedTime, numbers, at))
        at += 5
      } else {
        const sequence = numbers[at]!
        const asksAt = at + 3 + 2 * numbers[at + 1]!
        const end = asksAt + 2 * numbers[at + 2]!
        const bids = levels(numbers, at + 3, asksAt)
        const asks = levels(numbers, asksAt, end)
        const what = (code & IS_SNAPSHOT) === 0 ? "delta" : "snapshot"
        at = end
        take(
          exchangeTime === exchangeTime
            ? { type: "book", venue, symbol, exchangeTime, receivedTime, kind: what, bids, asks, sequence }
            : { type: "book", venue, symbol, receivedTime, kind: what, bids, asks, sequence }
        )
      }
    }
  }
}

const quote = (
  venue: string,
  symbol: string,
  exchangeTime: number,
  receivedTime: number,
  numbers: Float64Array,
  at: number
): Event.Quote => {
  const bid = numbers[at]!
  const bidSize = numbers[at + 1]!
  const ask = numbers[at + 2]!
  const askSize = numbers[at + 3]!
  const sequence = numbers[at + 4]!
  return {
    type: "quote",
    venue,
    symbol,
    ...(Number.isNaN(exchangeTime) ? undefined : { exchangeTime }),
    receivedTime,
    bid,
    bidSize,
    ask,
    askSize,
    ...(Number.isNaN(sequence) ? undefined : { sequence })
  }
}

const levels = (numbers: Float64Array, from: number, to: number): ReadonlyArray<Event.Level> => {
  const list: Array<Event.Level> = []
  for (let at = from; at < to; at += 2) list.push([numbers[at]!, numbers[at + 1]!])
  return list
}

/** The number that an id is the plain spelling of, if it is. */
const plainNumber = (id: string): number | undefined => {
  const { length } = id
  if (length === 0 || length > EXACT_DIGITS || (id.charCodeAt(0) === 48 && length > 1)) return undefined
  let value = 0
  for (let index = 0; index < length; index++) {
    const digit = id.charCodeAt(index) - 48
    if (digit < 0 || digit > 9) return undefined
    value = value * 10 + digit
  }
  return value
}
