/**
 * The streams of one symbol on one connection, found by the type of an event: the last turn of a frame's way before its
 * channel.
 */
import { CheckedBookStream, type ChannelStream } from "./ChannelStream.ts"
import * as Channel from "./Channel.ts"
import type { MarketEvent } from "./Event.ts"

export class SymbolStreams {
  readonly #byKind = new Map<Channel.Kind, ChannelStream>()
  readonly #bars = new Map<string, ChannelStream>()
  #trades: ChannelStream | undefined
  #quotes: ChannelStream | undefined
  checkedBook: CheckedBookStream | undefined

  add(stream: ChannelStream): void {
    const { channel } = stream.subscription
    const interval = Channel.interval(channel)
    if (interval !== undefined) this.#bars.set(interval, stream)
    else this.#byKind.set(Channel.kind(channel), stream)
    this.#refresh()
  }

  remove(stream: ChannelStream): void {
    const { channel } = stream.subscription
    const interval = Channel.interval(channel)
    if (interval !== undefined) this.#bars.delete(interval)
    else this.#byKind.delete(Channel.kind(channel))
    this.#refresh()
  }

  get isEmpty(): boolean {
    return this.#byKind.size === 0 && this.#bars.size === 0
  }

  /** The stream that this event belongs to; `undefined` when nobody asked for it. */
  find(event: MarketEvent): ChannelStream | undefined {
    switch (event.type) {
      case "trade":
        return this.#trades
      case "quote":
        return this.#quotes
      case "book":
        return this.#byKind.get("book")
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
    this.checkedBook = book instanceof CheckedBookStream ? book : undefined
  }
}
