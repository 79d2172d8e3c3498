/**
 * A venue that trades on paper: the trading contract of `Trading`, filled from the events of a real market as they are told to
 * `market`. The engine knows no difference.
 *
 * Guarantees: deterministic: the same events and requests at the same times of the time line give the same events, to the
 * byte; everything happens on the time line, orders after the latency out, their answers and events after the latency back, in
 * the order they happened. With a journal that lasts, balances, positions and ids go on after a restart; open orders do not.
 *
 * Assumptions: our orders do not move the market; the models (`Latency`, `Fees`, `QueuePosition`) say theirs. A market that is
 * not shown (no live book, no quote) fills nothing: orders that rest stay, orders that must take are refused.
 */
import { Amount, type Event, type Instrument, type OrderBook, type Trading } from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as SubscriptionRef from "effect/SubscriptionRef"
import type { Entry } from "../Journal.ts"
import type { Restored } from "../Restoration.ts"
import type { TimeLine } from "../TimeLine.ts"
import type { Fees } from "./Fees.ts"
import type { Latency } from "./Latency.ts"
import { PaperAccount } from "./PaperAccount.ts"
import { PaperFunding } from "./PaperFunding.ts"
import { PaperLine } from "./PaperLine.ts"
import { PaperOrders } from "./PaperOrders.ts"
import type { QueuePosition } from "./QueuePosition.ts"

export interface PaperOptions {
  /** The configured name of the venue whose market it is. */
  readonly venue: string
  readonly timeLine: TimeLine
  readonly instrument: (symbol: string) => Instrument.Instrument | undefined
  /** The checked book, where one is subscribed. */
  readonly book: (symbol: string) => OrderBook.BookView | undefined
  readonly balances: Readonly<Record<string, Amount.Amount>>
  readonly latency: Latency
  readonly fees: Fees
  readonly queue: QueuePosition
  /** Of contracts: what a position is worth by the margin it needs. */
  readonly leverage: number
}

type Connections = Trading.Account["connections"] extends SubscriptionRef.SubscriptionRef<infer A> ? A : never

export class PaperVenue implements Trading.Trading, Restored {
  readonly capabilities: Trading.TradingCapabilities = {
    kinds: ["limit", "market", "stop", "takeProfit"],
    timesInForce: ["gtc", "ioc", "fok", "postOnly"],
    reduceOnly: true,
    amends: "priceAndSize",
    positions: true,
    deadMan: false
  }
  readonly #timeLine: TimeLine
  readonly #line: PaperLine
  readonly #account: PaperAccount
  readonly #orders: PaperOrders
  readonly #funding: PaperFunding

  constructor(options: PaperOptions) {
    const { book, instrument, latency, queue, timeLine, venue } = options
    this.#timeLine = timeLine
    this.#line = new PaperLine(venue, timeLine, latency)
    this.#account = new PaperAccount({ ...options, line: this.#line })
    this.#orders = new PaperOrders({ instrument, book, queue, account: this.#account, line: this.#line })
    this.#funding = new PaperFunding(this.#account.wallet)
  }

  readonly open: Trading.Trading["open"] = (emit) =>
    Effect.gen({ self: this }, function* () {
      const account = this.#account
      const line = this.#line
      const orders = this.#orders
      line.emit = emit
      const stream = yield* SubscriptionRef.make<Trading.StreamState>({ _tag: "Up", session: 1 })
      const connections = yield* SubscriptionRef.make<Connections>(new Map())
      yield* Effect.addFinalizer(() => Effect.sync(() => void (line.emit = () => {})))
      return {
        stream,
        connections,
        submit: (request) => line.ask(`order ${request.clientOrderId}`, () => orders.submit(request)),
        amend: (change) => line.ask(`amend ${change.clientOrderId}`, () => orders.amend(change)),
        cancel: (reference) => line.ask(`cancel ${reference.clientOrderId}`, () => orders.cancel(reference)),
        cancelAll: (symbols) => line.ask("cancel all", () => orders.cancelAll(symbols)),
        order: (reference) => line.read(() => orders.get(reference)),
        openOrders: (symbols) => line.read(() => orders.open(symbols)),
        fills: (request) => line.read(() => account.fills(request)),
        balances: line.read(() => account.balances()),
        positions: line.read(() => account.positions()),
        positionMode: Effect.succeed("oneWay" as const)
      }
    })

  /** Takes what the market has told; before the strategies hear of it. The time line must have come to its time. */
  market(event: Event.Event): void {
    switch (event.type) {
      case "trade":
        return this.#orders.market(event.symbol)?.trade(event)
      case "quote":
        return this.#orders.market(event.symbol)?.quote(event)
      case "book":
        return this.#orders.market(event.symbol)?.book(event)
      case "mark":
        return this.#mark(event)
      default:
    }
  }

  /** Hears what the journal has, oldest first, before it is opened: balances, positions and ids go on from there. */
  take(entry: Entry): void {
    this.#account.take(entry)
  }

  snapshots() {
    return this.#account.snapshots()
  }

  #mark(event: Event.Mark): void {
    const paid = this.#funding.mark(event, this.#timeLine.now)
    if (paid === undefined) return
    const { amount, asset, symbol } = paid
    this.#line.tell({ type: "funding", ...this.#line.stamps(), symbol, asset, amount: Amount.write(amount) })
    this.#line.tell(this.#account.balance(asset))
  }
}
