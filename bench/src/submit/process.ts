/**
 * What an order costs inside this process: from the call of `submit` until the account is asked to send it. All that lies
 * between is in it: checks, risk over the open orders and a live book, the journal, the state of the order.
 *
 * Orders rest, 50 of them; each new one is followed by a cancel of the oldest, as a market maker does. A process of its
 * own for each run, which tells the one that started it.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Instrument, type Order, OrderBook, type PrivateEvent, type Trading, VenueAdapter } from "@tidewire/core"
import { Desk, type Journal, Limits, MemoryJournal } from "@tidewire/engine"
import { SqliteJournal } from "@tidewire/runner"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as SubscriptionRef from "effect/SubscriptionRef"
import { tellParent } from "../messages.ts"
import { spread } from "../statistics.ts"

const WARM_UP = 2_000
const ORDERS = 20_000
const RESTING = 50

const instrument: Instrument.Instrument = {
  venue: "bench",
  symbol: "BTCUSDT",
  unified: "BTC/USDT:USDT",
  base: "BTC",
  quote: "USDT",
  kind: "perpetual",
  tickSize: "0.10",
  lotSize: "0.001",
  minNotional: "5",
  orderRules: { minPrice: "0.1", maxPrice: "1000000", minSize: "0.001", maxSize: "1000" },
  contractSize: "1",
  sizeUnit: "base",
  status: "trading"
}

const book = new OrderBook.OrderBook()
book.replace({ bids: [[61_250, 5]], asks: [[61_250.1, 5]], sequence: 1, receivedTime: 1 })

/** Takes every order and every cancel at once, and says when it was asked. */
class Venue implements Trading.Trading {
  askedAt = 0
  emit: (event: PrivateEvent.PrivateEvent) => void = () => undefined
  readonly orders = new Map<string, Order.Request>()
  readonly capabilities: Trading.TradingCapabilities = {
    kinds: ["limit"],
    timesInForce: ["gtc", "postOnly"],
    reduceOnly: true,
    amends: "none",
    positions: true,
    deadMan: false
  }

  readonly open: Trading.Trading["open"] = (emit) =>
    Effect.gen({ self: this }, function* () {
      this.emit = emit
      const connections = new Map<string, VenueAdapter.ConnectionStatus>()
      return {
        stream: yield* SubscriptionRef.make<Trading.StreamState>({ _tag: "Up", session: 1 }),
        connections: yield* SubscriptionRef.make<ReadonlyMap<string, VenueAdapter.ConnectionStatus>>(connections),
        submit: (request) =>
          Effect.sync(() => {
            this.askedAt = performance.now()
            this.orders.set(request.clientOrderId, request)
            return { venueOrderId: `v${request.clientOrderId}` }
          }),
        amend: () => Effect.void,
        cancel: ({ clientOrderId }) => Effect.sync(() => this.#cancelled(clientOrderId)),
        cancelAll: () => Effect.void,
        order: () => Effect.sync(() => undefined),
        openOrders: () => Effect.succeed([]),
        fills: () => Effect.succeed([]),
        balances: Effect.succeed([]),
        positions: Effect.succeed([]),
        positionMode: Effect.succeed("oneWay" as const)
      }
    })

  #cancelled(clientOrderId: string): void {
    const request = this.orders.get(clientOrderId)
    if (request === undefined) return
    this.orders.delete(clientOrderId)
    const receivedTime = performance.timeOrigin + performance.now()
    this.emit({ ...request, type: "order", venue: "bench", receivedTime, status: "cancelled", filled: "0" })
  }
}

const limits: Limits.Limits = {
  ...Limits.defaults,
  maxNotional: "100000",
  maxPosition: "10000000",
  maxOrdersPerSecond: 1_000_000,
  maxOrdersPerMinute: 1_000_000
}

/** Milliseconds of each order. */
const measure = (journal: Journal.Journal): Effect.Effect<ReadonlyArray<number>> =>
  Effect.gen(function* () {
    const venue = new Venue()
    const desk = yield* Desk.make({
      venues: [
        {
          venue: "bench",
          trading: venue,
          instrument: () => instrument,
          symbols: () => ["BTCUSDT"],
          book: () => ({ state: "live", book })
        }
      ],
      journal,
      limits,
      emit: () => undefined,
      tell: () => undefined
    })
    while (desk.closed("bench") !== undefined) yield* Effect.sleep("1 millis")
    const took: Array<number> = []
    for (let count = 0; count < WARM_UP + ORDERS; count++) {
      const price = `${61_000 - (count % 97)}.${count % 10}`
      const before = performance.now()
      const submitted = desk.submit("maker", {
        venue: "bench",
        symbol: "BTCUSDT",
        side: count % 2 === 0 ? "buy" : "sell",
        kind: "limit",
        size: "0.015",
        price: count % 2 === 0 ? price : `61${300 + (count % 97)}.${count % 10}`,
        timeInForce: "postOnly"
      })
      if (submitted._tag === "Refused") return yield* Effect.die(new Error(submitted.refusal.message))
      if (count >= WARM_UP) took.push(venue.askedAt - before)
      const oldest = desk.open()[0]
      if (desk.open().length > RESTING && oldest !== undefined) desk.cancel(oldest.clientOrderId)
      // what was told goes out, as it would between two events of a socket
      if (count % 10 === 0) yield* Effect.yieldNow
    }
    return took
  }).pipe(Effect.scoped, Effect.orDie)

const journals: Record<string, (folder: string) => Effect.Effect<Journal.Journal, unknown, Scope.Scope>> = {
  memory: () => Effect.succeed(MemoryJournal.make()),
  sqlite: (folder) => SqliteJournal.open(join(folder, "journal.sqlite"))
}

const main = Effect.gen(function* () {
  const folder = mkdtempSync(join(tmpdir(), "tidewire-submit-"))
  yield* Effect.addFinalizer(() => Effect.sync(() => rmSync(folder, { recursive: true })))
  const journal = yield* journals[process.argv[2] ?? ""]!(folder)
  return yield* measure(journal)
})

const took = await Effect.runPromise(Effect.scoped(main))
await tellParent({ type: "result", submit: spread(Float64Array.from(took)), problems: [] })
process.exit()
