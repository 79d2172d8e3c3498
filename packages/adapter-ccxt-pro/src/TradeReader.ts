/**
 * Reads CCXT's trades. Where an exchange gives none an id, it is made of the trade's own time, price, size and side, and
 * of how many such trades came in a row, so that equal trades of one millisecond stay two and a trade read twice stays one.
 */
import type { Event } from "@tidewire/core"
import type { Trade } from "./Exchange.ts"
import { isNumber, type Place, stamps } from "./Watch.ts"

export class TradeReader {
  readonly #place: Place
  readonly #onUnreadable: (field: string, raw: Trade) => void
  #timestamp: number | undefined
  /** How often each trade of that millisecond has come. */
  readonly #alike = new Map<string, number>()

  /** What lacks something that a trade must have is handed on, with what it lacks. */
  constructor(place: Place, onUnreadable: (field: string, raw: Trade) => void) {
    this.#place = place
    this.#onUnreadable = onUnreadable
  }

  /** The trade, or nothing when it lacks something. */
  read(raw: Trade, receivedTime: number, origin: Event.Origin): Event.Trade | undefined {
    const { amount: size, price, side, timestamp } = raw
    if (!isNumber(price) || !isNumber(size) || (side !== "buy" && side !== "sell")) {
      this.#onUnreadable(isNumber(price) ? (isNumber(size) ? "side" : "amount") : "price", raw)
      return undefined
    }
    const id = raw.id ?? this.#made(`${timestamp}-${price}-${size}-${side}`, timestamp)
    return { type: "trade", ...stamps(this.#place, receivedTime, timestamp), id, price, size, side, origin }
  }

  #made(stem: string, timestamp: number | undefined): string {
    if (timestamp !== this.#timestamp) {
      this.#timestamp = timestamp
      this.#alike.clear()
    }
    const number = (this.#alike.get(stem) ?? 0) + 1
    this.#alike.set(stem, number)
    return `${stem}-${number}`
  }
}
