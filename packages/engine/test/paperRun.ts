/** A paper venue of a spot and a perpetual market that wander at random, with orders of every kind; and all that came of it. */
import {
  type Event,
  type Instrument,
  type Order,
  OrderBook,
  type PrivateEvent,
  type Trading,
  type VenueError
} from "@tidewire/core"
import { Fees, Latency, PaperVenue, QueuePosition, TimeLine } from "@tidewire/engine"
import * as Effect from "effect/Effect"
import { perpetual, spot } from "./opened.ts"
import { type Random, seeded } from "./random.ts"

export const balances = { USDT: "100000", BTC: "50" }

/** Prices and sizes are whole tenths and thousandths, so that they are exact as floats are read. */
const priceOf = (tenths: number) => tenths / 10
const textOf = (units: number, digits: number) => String(Number((units / 10 ** digits).toFixed(digits)))

export interface PaperRun {
  readonly told: ReadonlyArray<PrivateEvent.PrivateEvent>
  readonly answers: ReadonlyArray<string>
  readonly balances: ReadonlyArray<PrivateEvent.Balance>
  readonly positions: ReadonlyArray<PrivateEvent.Position>
  readonly open: number
  /** Prices that the market showed or traded at, by symbol. */
  readonly shown: ReadonlyMap<string, ReadonlySet<number>>
  readonly requests: ReadonlyMap<string, Order.Request>
}

export interface PaperRunOptions {
  readonly seed: number
  readonly steps: number
  readonly symbol: "BTCSPOT" | "BTCUSDT"
  readonly hasBook: boolean
  /** How the time line comes from one event to the next. */
  readonly advance?: (timeLine: TimeLine.TimeLine, to: number, random: Random) => void
}

const randomRequest = (random: Random, symbol: string, id: number, tenths: number): Order.Request => {
  const side = random.pick(["buy", "sell"] as const)
  const kind = random.pick(["limit", "limit", "limit", "market", "stop", "takeProfit"] as const)
  const away = random.below(20) - 8
  const price = textOf(tenths + (side === "buy" ? -away : away), 1)
  const triggerPrice = textOf(tenths + random.below(30) - 15, 1)
  const isTriggered = kind === "stop" || kind === "takeProfit"
  const hasPrice = kind === "limit" || (isTriggered && random.chance(0.5))
  return {
    clientOrderId: `o-${id}`,
    symbol,
    side,
    kind,
    size: textOf(1 + random.below(5_000), 3),
    ...(hasPrice && { price, timeInForce: random.pick(["gtc", "gtc", "ioc", "fok", "postOnly"] as const) }),
    ...(isTriggered && { triggerPrice }),
    ...(random.chance(0.2) && { reduceOnly: true })
  }
}

export const paperRun = ({
  advance,
  hasBook,
  seed,
  steps,
  symbol
}: PaperRunOptions): Effect.Effect<PaperRun, VenueError.VenueError> =>
  Effect.gen(function* () {
    const random = seeded(seed)
    const slices = seeded(seed + 1)
    const timeLine = new TimeLine.TimeLine(0)
    const book = new OrderBook.OrderBook()
    const view: OrderBook.BookView = { state: "live", book }
    const instruments: ReadonlyArray<Instrument.Instrument> = [spot, perpetual]
    const venue = new PaperVenue.PaperVenue({
      venue: "paper",
      timeLine,
      instrument: (wanted) => instruments.find((each) => each.symbol === wanted),
      book: () => (hasBook ? view : undefined),
      balances,
      latency: Latency.uniform(1, 30, seeded(seed + 2).next),
      fees: Fees.rates("0.0002", "0.0005"),
      queue: QueuePosition.models.proportional,
      leverage: 5
    })
    const told: Array<PrivateEvent.PrivateEvent> = []
    const answers: Array<string> = []
    const shown = new Map<string, Set<number>>([[symbol, new Set()]])
    const requests = new Map<string, Order.Request>()
    const account: Trading.Account = yield* venue.open((event) => void told.push(event))
    let at = 0
    const take = (event: Event.Event) => {
      ;(advance ?? ((line, to) => line.advance(to)))(timeLine, event.receivedTime, slices)
      venue.market(event)
    }
    const ask = (name: string, effect: Effect.Effect<unknown, { readonly message: string }>) =>
      Effect.forkScoped(
        Effect.match(effect, {
          onFailure: ({ message }) => void answers.push(`${name}: ${message}`),
          onSuccess: () => void answers.push(`${name}: done`)
        }),
        { startImmediately: true }
      )
    let tenths = 1_000
    let ids = 0
    for (let step = 0; step < steps; step++) {
      at += random.below(25)
      tenths = Math.max(200, tenths + random.below(5) - 2)
      const stamps = { venue: "paper", symbol, receivedTime: at }
      const [bid, ask_] = [priceOf(tenths), priceOf(tenths + 1)]
      const size = () => random.below(3_000) / 1_000
      if (random.chance(0.4)) {
        const side = random.pick(["buy", "sell"] as const)
        const price = side === "buy" ? ask_ : bid
        shown.get(symbol)!.add(price)
        take({ type: "trade", ...stamps, id: String(step), price, size: size(), side, origin: "stream" })
      } else {
        shown.get(symbol)!.add(bid).add(ask_)
        const [bids, asks] = [
          [[bid, size() + 0.001] as const, [priceOf(tenths - 1), size() + 0.001] as const],
          [[ask_, size() + 0.001] as const, [priceOf(tenths + 2), size() + 0.001] as const]
        ]
        shown.get(symbol)!.add(bids[1]![0]).add(asks[1]![0])
        if (hasBook) {
          book.replace({ bids, asks, sequence: step, receivedTime: at })
          take({ type: "book", ...stamps, kind: "snapshot", bids, asks, sequence: step })
        } else {
          take({ type: "quote", ...stamps, bid, bidSize: bids[0]![1], ask: ask_, askSize: asks[0]![1] })
        }
      }
      const dice = random.next()
      if (dice < 0.3) {
        const request = randomRequest(random, symbol, ids++, tenths)
        requests.set(request.clientOrderId, request)
        yield* ask(`submit ${request.clientOrderId}`, account.submit(request))
      } else if (dice < 0.4 && ids > 0) {
        const clientOrderId = `o-${Math.max(0, ids - 1 - random.below(8))}`
        const change = random.chance(0.5) ? { size: textOf(1 + random.below(6_000), 3) } : { price: textOf(tenths, 1) }
        yield* ask(`amend ${clientOrderId}`, account.amend({ clientOrderId, symbol, ...change }))
      } else if (dice < 0.5 && ids > 0) {
        const clientOrderId = `o-${Math.max(0, ids - 1 - random.below(8))}`
        yield* ask(`cancel ${clientOrderId}`, account.cancel({ clientOrderId, symbol }))
      }
    }
    yield* ask("cancel all", account.cancelAll([symbol]))
    timeLine.advance(at + 1_000)
    return {
      told,
      answers,
      balances: yield* account.balances,
      positions: yield* account.positions,
      open: (yield* account.openOrders([symbol])).length,
      shown,
      requests
    }
  }).pipe(Effect.scoped)
