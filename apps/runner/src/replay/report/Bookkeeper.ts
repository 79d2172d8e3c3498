/**
 * Follows an engine through a replay, and says in the end what it came to.
 *
 * Guarantees: profits and drawdown are the portfolio's exact sums, looked at each second of the recording and after each fill;
 * orders and fills are counted in all, the latest `MOST_KEPT` of each are kept.
 */
import { Amount, type PrivateEvent } from "@tidewire/core"
import type { Engine } from "@tidewire/engine"
import * as BigDecimal from "effect/BigDecimal"
import type { Told } from "../../output/Output.ts"
import type { ReplayOutcome } from "../replaySession.ts"
import type { Point, Report } from "./Report.ts"
import { Thinned } from "./Thinned.ts"
import { Valuation } from "./Valuation.ts"

const MOST_KEPT = 10_000

const ZERO = BigDecimal.fromBigInt(0n)

interface Series {
  readonly venue: string
  readonly symbol: string
  readonly points: Thinned<readonly [number, number]>
  latest: number
  /** Whole seconds. */
  second: number
}

export interface BookkeeperOptions {
  readonly engine: Engine.Engine
  readonly currency: string
  readonly instrument: ConstructorParameters<typeof Valuation>[1]
  /** Epoch ms of the recording. */
  readonly now: () => number
}

export class Bookkeeper {
  readonly #options: BookkeeperOptions
  readonly #valuation: Valuation
  readonly #equity = new Thinned<Point>()
  /** By client order id and venue, the latest of each, oldest first. */
  readonly #orders = new Map<string, PrivateEvent.Order>()
  readonly #fills: Array<PrivateEvent.Fill> = []
  readonly #prices = new Map<string, Series>()
  readonly #forgotten: Record<string, number> = {}
  #forgottenOrders = 0
  #allFills = 0
  #makerFills = 0
  #takerFills = 0
  #value = ZERO
  #peak = { value: ZERO, time: 0 }
  #worst: { readonly amount: BigDecimal.BigDecimal; readonly from: number; readonly to: number } | undefined

  constructor(options: BookkeeperOptions) {
    this.#options = options
    this.#valuation = new Valuation(options.currency, options.instrument)
    this.#peak.time = options.now()
    options.engine.bus.onAny((event) => this.#take(event), "report")
    options.engine.bus.onTimer(() => this.#look(), "report")
  }

  report({ counts, damages, endedAt, startedAt }: ReplayOutcome): Report {
    this.#look()
    const { pnl, strategies } = this.#options.engine.status()
    const worst = this.#worst
    return {
      format: 1,
      recording: { startedAt, endedAt, frames: counts.frames, lost: counts.lost, damages: damages.length },
      currency: this.#options.currency,
      unvalued: [...this.#valuation.unvalued].toSorted(),
      netValue: shown(this.#value),
      maxDrawdown:
        worst === undefined ? { amount: "0" } : { amount: shown(worst.amount), from: worst.from, to: worst.to },
      statistics: {
        orders: this.#orders.size + this.#forgottenOrders,
        byStatus: this.#byStatus(),
        fills: this.#allFills,
        makerFills: this.#makerFills,
        takerFills: this.#takerFills
      },
      strategies: strategies.map(({ failure, handled, name, pnl: own, state }) => ({
        name,
        state,
        ...(failure !== undefined && { failure }),
        handled,
        pnl: own
      })),
      pnl,
      equity: this.#equity.points(),
      orders: [...this.#orders.values()],
      fills: this.#fills,
      omitted: { orders: this.#forgottenOrders, fills: this.#allFills - this.#fills.length },
      prices: [...this.#prices.values()].map(({ points, symbol, venue }) => ({
        venue,
        symbol,
        points: points.points()
      }))
    }
  }

  #take(event: Told): void {
    switch (event.type) {
      case "trade":
        this.#valuation.trade(event)
        return this.#price(event.venue, event.symbol, event.price, event.receivedTime)
      case "quote":
        return this.#valuation.quote(event)
      case "order":
        return this.#order(event)
      case "fill":
        return this.#fill(event)
      default:
    }
  }

  #price(venue: string, symbol: string, price: number, time: number): void {
    const key = `${venue}\n${symbol}`
    const second = Math.floor(time / 1_000)
    const known = this.#prices.get(key)
    const series = known ?? {
      venue,
      symbol,
      points: new Thinned<readonly [number, number]>(),
      latest: price,
      second: 0
    }
    if (known === undefined) this.#prices.set(key, series)
    series.latest = price
    if (second === series.second) return
    series.second = second
    series.points.add([time, price])
  }

  #order(order: PrivateEvent.Order): void {
    const key = `${order.venue}\n${order.clientOrderId}`
    this.#orders.set(key, order)
    if (this.#orders.size <= MOST_KEPT) return
    const [oldest, forgotten] = this.#orders.entries().next().value!
    this.#orders.delete(oldest)
    this.#forgottenOrders++
    this.#forgotten[forgotten.status] = (this.#forgotten[forgotten.status] ?? 0) + 1
  }

  #fill(fill: PrivateEvent.Fill): void {
    this.#allFills++
    if (fill.liquidity === "maker") this.#makerFills++
    if (fill.liquidity === "taker") this.#takerFills++
    this.#fills.push(fill)
    if (this.#fills.length > MOST_KEPT) this.#fills.shift()
    this.#look()
  }

  /** What everything is worth now. */
  #look(): void {
    const { engine, now } = this.#options
    const time = now()
    const value = this.#valuation.value(engine.portfolio.summary().netPnl)
    this.#value = value
    if (BigDecimal.isGreaterThan(value, this.#peak.value)) this.#peak = { value, time }
    const amount = BigDecimal.subtract(this.#peak.value, value)
    if (BigDecimal.isGreaterThan(amount, this.#worst?.amount ?? ZERO)) {
      this.#worst = { amount, from: this.#peak.time, to: time }
    }
    this.#equity.add({ time, value: shown(value), drawdown: shown(amount) })
  }

  #byStatus(): Readonly<Record<string, number>> {
    const counts = { ...this.#forgotten }
    for (const { status } of this.#orders.values()) counts[status] = (counts[status] ?? 0) + 1
    return Object.fromEntries(Object.entries(counts).toSorted(([one], [other]) => (one < other ? -1 : 1)))
  }
}

/** Digits behind the point; what is computed with has all. */
const SHOWN_SCALE = 12

const shown = (amount: BigDecimal.BigDecimal): Amount.Amount =>
  Amount.write(BigDecimal.round(amount, { scale: SHOWN_SCALE, mode: "half-even" }))
