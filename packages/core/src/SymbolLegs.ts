/**
 * What one session carries of one symbol, found by the type of an event: the last turn of a frame's way before its
 * channel.
 */
import * as Channel from "./Channel.ts"
import type { MarketEvent } from "./Event.ts"
import type { Leg } from "./Leg.ts"

export class SymbolLegs {
  readonly #byKind = new Map<Channel.Kind, Leg>()
  readonly #bars = new Map<string, Leg>()
  #trades: Leg | undefined
  #quotes: Leg | undefined
  #wholeBook: Leg | undefined
  /** A book that is kept from changes; one that comes whole is an event like others. */
  checkedBook: Leg | undefined

  add(leg: Leg): void {
    const { channel } = leg.stream.subscription
    const interval = Channel.interval(channel)
    if (interval !== undefined) this.#bars.set(interval, leg)
    else this.#byKind.set(Channel.kind(channel), leg)
    this.#refresh()
  }

  remove(leg: Leg): void {
    const { channel } = leg.stream.subscription
    const interval = Channel.interval(channel)
    if (interval !== undefined) this.#bars.delete(interval)
    else this.#byKind.delete(Channel.kind(channel))
    this.#refresh()
  }

  get isEmpty(): boolean {
    return this.#byKind.size === 0 && this.#bars.size === 0
  }

  /** The leg that this event came on; `undefined` when nobody asked for it. */
  find(event: MarketEvent): Leg | undefined {
    switch (event.type) {
      case "trade":
        return this.#trades
      case "quote":
        return this.#quotes
      case "book":
        return this.#wholeBook
      case "bar":
        return this.#bars.get(event.interval)
      case "ticker":
        return this.#byKind.get("ticker")
      case "mark":
        return this.#byKind.get("mark")
      case "liquidation":
        return this.#byKind.get("liquidations")
    }
  }

  /** The channels that a frame can be for every message are looked up once. */
  #refresh(): void {
    this.#trades = this.#byKind.get("trades")
    this.#quotes = this.#byKind.get("quotes")
    const book = this.#byKind.get("book")
    const isChecked = book?.stream.isChecked === true
    this.checkedBook = isChecked ? book : undefined
    this.#wholeBook = isChecked ? undefined : book
  }
}
