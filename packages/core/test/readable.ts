/** What the made-up venue shows over REST: set by the test, read by polls. */
import { type Event, Interval, type VenueAdapter, VenueError } from "@tidewire/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { VenueOptions } from "./referenceVenue.ts"
import { bar, trade } from "./referenceVenue.ts"

const MINUTE = 60_000

export class Readable {
  /** The ids of the trades that it has. */
  trades: Array<number> = []
  /** As many as a page of the latest has. */
  page = 5
  bid = 1
  /** What quotes are numbered with. */
  update: number | undefined
  /** How long after its end a bar is shown as closed. */
  barsLagMs = 0
  sequence = 10
  /** What every read fails with. */
  failure: VenueError.Reason | undefined
  /** How long a read takes. */
  takesMs = 0
  /** Every read, as `when what`. */
  readonly asked: Array<string> = []
  /** Reads that are under way, and the most that ever were. */
  underWay = 0
  most = 0

  reads(what: string): number {
    return this.asked.filter((each) => each.endsWith(` ${what}`)).length
  }

  #read<A>(what: string, answer: (nowMs: number) => A): Effect.Effect<A, VenueError.VenueError> {
    return Effect.gen({ self: this }, function* () {
      const now = yield* Clock.currentTimeMillis
      this.asked.push(`${now} ${what}`)
      this.most = Math.max(this.most, ++this.underWay)
      yield* Effect.sleep(this.takesMs)
      if (this.failure !== undefined) {
        return yield* new VenueError.VenueError({ venue: "reference", operation: what, reason: this.failure })
      }
      return answer(yield* Clock.currentTimeMillis)
    }).pipe(Effect.ensuring(Effect.sync(() => this.underWay--)))
  }

  readonly present: Omit<VenueAdapter.Present, "url"> = {
    quote: (symbol) =>
      this.#read("quote", (receivedTime): Event.Quote => {
        const best = { bid: this.bid, bidSize: 1, ask: 9, askSize: 1 }
        const sequence = this.update === undefined ? {} : { sequence: this.update }
        return { type: "quote", venue: "reference", symbol, receivedTime, ...best, ...sequence }
      }),
    book: (symbol) =>
      this.#read("book", (receivedTime): Event.Book => {
        const levels = { bids: [[1, 1]], asks: [[9, 1]] } as const
        const { sequence } = this
        return { type: "book", kind: "snapshot", venue: "reference", symbol, receivedTime, ...levels, sequence }
      }),
    bar: (symbol) =>
      this.#read("bar", (now): Event.Bar => {
        const { exchangeTime: _, ...open } = bar(symbol, Math.floor(now / MINUTE), false, 1, "backfill")
        return open
      })
  }

  readonly bars: NonNullable<VenueAdapter.History["bars"]> = ({ from, symbol, to }) =>
    this.#read("bars", (now) => {
      const bars: Array<Event.Bar> = []
      for (let open = from; open <= to; open = Interval.nextOpenTime("1m", open)) {
        if (open + MINUTE + this.barsLagMs <= now) bars.push(bar(symbol, open / MINUTE, true, MINUTE, "backfill"))
      }
      return bars
    })

  /** With consecutive ids. */
  get numbered(): VenueOptions {
    return { ...this.unnumbered, trades: this.#tradesFrom }
  }

  /** Without a way to trades but the latest. */
  get unnumbered(): VenueOptions {
    return {
      present: this.present,
      bars: this.bars,
      recentTrades: (symbol, limit) =>
        this.#read("latest", () =>
          this.trades.slice(-Math.min(limit, this.page)).map((id) => trade(symbol, id, "backfill"))
        )
    }
  }

  readonly #tradesFrom: NonNullable<VenueAdapter.History["trades"]> = ({ fromId, limit, symbol }) =>
    this.#read("trades", () =>
      this.trades
        .filter((id) => id >= Number(fromId))
        .slice(0, limit)
        .map((id) => trade(symbol, id, "backfill"))
    )
}
