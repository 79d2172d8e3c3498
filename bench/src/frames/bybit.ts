/**
 * Bybit v5 linear: frames generated from a seed, in the shape of the recorded ones (the recordings hold one trade and one
 * change of `orderbook.50`, which cannot fill a run). One trade a frame; seven levels a change, as in the recorded one.
 * The best prices stand still, so that no order of changes can cross the book; each side always has 50 levels.
 * Source: docs/venues/bybit.md, "Trades", "Books", "Book chain".
 */
import type { Frames, TradeFrame } from "./Frames.ts"
import * as NaiveBook from "./naiveBook.ts"
import { seeded } from "./seeded.ts"

const TRADES = 10_000
const CHANGES = 3_000
const LEVELS = 50
/** Distances from the mid price at which a level may stand. */
const PLACES = 60
const MID_TICKS = 758_487
const FIRST_UPDATE = 2_876_700
const FIRST_SEQUENCE = 47_474_967_823
const FIRST_TIME = 1_731_035_685_326
const CONNECTION = "5758770c-8152-4545-a84f-dae089e56499"
const TOPIC = "orderbook.50.BTCUSDT"

const price = (ticks: number): string => (ticks / 10).toFixed(2)
const size = (random: () => number): string => (random() * 2 + 0.001).toFixed(3)

export const make = (): Frames => {
  const random = seeded(11)
  const trades = Array.from({ length: TRADES }, () => ({
    side: random() < 0.5 ? "Buy" : "Sell",
    size: size(random),
    price: price(MID_TICKS + Math.floor(random() * 200) - 100),
    tick: random() < 0.5 ? "ZeroPlusTick" : "MinusTick",
    salt: Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0")
  }))
  const book = makeBook()
  return {
    source: "generated",
    trade: (place, symbol): TradeFrame => {
      const trade = trades[place % TRADES]!
      const id = `${trade.salt}-0000-5000-8000-${place.toString(16).padStart(12, "0")}`
      const time = FIRST_TIME + place
      const head = `{"topic":"publicTrade.${symbol}","type":"snapshot","ts":${time + 2},"data":[{"T":${time},"s":"${symbol}"`
      const what = `"S":"${trade.side}","v":"${trade.size}","p":"${trade.price}","L":"${trade.tick}","i":"${id}"`
      const tail = `"BT":false,"RPI":false,"seq":${FIRST_SEQUENCE + place}}]}`
      return { text: `${head},${what},${tail}`, id, price: Number(trade.price) }
    },
    book: () => book,
    answers: ({ args, op, req_id }) => {
      const base = { success: true, ret_msg: op === "ping" ? "pong" : "", conn_id: CONNECTION }
      const acknowledgement = JSON.stringify(req_id === undefined ? { ...base, op } : { ...base, req_id, op })
      return args?.includes(TOPIC)
        ? [acknowledgement, bookText("snapshot", FIRST_UPDATE, book.start)]
        : [acknowledgement]
    },
    subscribes: ({ op }) => op === "subscribe",
    rest: () => undefined
  }
}

const bookText = (type: "snapshot" | "delta", update: number, { asks: a, bids: b }: NaiveBook.Levels): string => {
  const ts = FIRST_TIME + update
  const data = { s: "BTCUSDT", b, a, u: update, seq: FIRST_SEQUENCE + update * 31 }
  return JSON.stringify({ topic: TOPIC, type, ts, data, cts: ts - 3 })
}

const change = (update: number, levels: NaiveBook.Levels): NaiveBook.Change => ({
  ...levels,
  last: update,
  text: (raised) => bookText("delta", update + raised, levels)
})

const makeBook = (): NaiveBook.Round => {
  const random = seeded(13)
  const bids = new Side(-1, random)
  const asks = new Side(1, random)
  const start = { bids: bids.all(), asks: asks.all(), sequence: FIRST_UPDATE }
  const changes = Array.from({ length: CHANGES }, (_, index) =>
    change(FIRST_UPDATE + 1 + index, { bids: bids.next(2), asks: asks.next(5) })
  )
  return NaiveBook.round(start, changes, change)
}

/** One side of the book: 50 of 60 places are taken, the best one always. */
class Side {
  readonly #sign: 1 | -1
  readonly #random: () => number
  readonly #taken: Array<number> = Array.from({ length: LEVELS }, (_, index) => index + 1)
  readonly #free: Array<number> = Array.from({ length: PLACES - LEVELS }, (_, index) => LEVELS + index + 1)

  constructor(sign: 1 | -1, random: () => number) {
    this.#sign = sign
    this.#random = random
  }

  all(): ReadonlyArray<NaiveBook.Level> {
    return this.#taken.map((place) => this.#level(place))
  }

  /** One level goes, another comes, and others have a new size; best first. */
  next(levels: number): ReadonlyArray<NaiveBook.Level> {
    const places = new Map<number, string>()
    const leaves = 1 + Math.floor(this.#random() * (LEVELS - 1))
    const comes = Math.floor(this.#random() * this.#free.length)
    const gone = this.#taken[leaves]!
    this.#taken[leaves] = this.#free[comes]!
    this.#free[comes] = gone
    places.set(gone, "0").set(this.#taken[leaves], size(this.#random))
    while (places.size < levels) places.set(this.#taken[Math.floor(this.#random() * LEVELS)]!, size(this.#random))
    return [...places]
      .sort(([left], [right]) => left - right)
      .map(([place, written]) => [price(MID_TICKS + this.#sign * place), written])
  }

  #level(place: number): NaiveBook.Level {
    return [price(MID_TICKS + this.#sign * place), size(this.#random)]
  }
}
