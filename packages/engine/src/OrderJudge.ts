/**
 * Whether what is asked for may be sent: a right request for its instrument, within what the venue takes and within the limits
 * of risk, as things stand at this moment.
 */
import { Amount, type Instrument } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"
import type { DeskSetup } from "./DeskSetup.ts"
import * as OrderCheck from "./OrderCheck.ts"
import type { NewOrder } from "./OrderDesk.ts"
import { OrderRate } from "./OrderRate.ts"
import * as OrderState from "./OrderState.ts"
import { InvalidOrder, type Refusal } from "./Refusal.ts"
import * as Risk from "./Risk.ts"
import { situation } from "./situation.ts"
import type { TrackedOrder } from "./TrackedOrder.ts"
import type { VenueDesk } from "./VenueDesk.ts"

export type Judged = { readonly order: OrderCheck.CheckedOrder } | { readonly refusal: Refusal }

type Setup = Pick<DeskSetup, "limits" | "dailyPnl" | "position">

export class OrderJudge {
  readonly #setup: Setup
  readonly #venues: ReadonlyMap<string, VenueDesk>
  readonly #rate: OrderRate

  constructor(setup: Setup, venues: ReadonlyMap<string, VenueDesk>) {
    this.#setup = setup
    this.#venues = venues
    this.#rate = new OrderRate(setup.limits.maxOrdersPerMinute)
  }

  /** An order or an amendment is sent. */
  readonly sent = (nowMs: number): void => this.#rate.add(nowMs)

  judge(venue: VenueDesk, given: Omit<NewOrder, "venue">, now: number, amended?: TrackedOrder): Judged {
    const instrument = venue.setup.instrument(given.symbol)
    if (instrument === undefined) {
      return { refusal: new InvalidOrder({ message: `${venue.venue} has no instrument ${given.symbol}.` }) }
    }
    const named = { ...given, symbol: instrument.symbol }
    const order = OrderCheck.check(named, instrument, venue.setup.trading.capabilities)
    if (order instanceof InvalidOrder) return { refusal: order }
    // of an order that is amended, what is filled is in the position already
    const left = amended === undefined ? order.size : BigDecimal.subtract(order.size, OrderState.filled(amended.state))
    const risked = { ...order, size: left }
    const pnl = this.#setup.dailyPnl?.()
    const position = this.#setup.position?.(venue.venue, instrument.symbol)
    const whole = {
      openOrders: this.#openOrders(),
      dailyPnl: pnl === undefined ? undefined : Amount.read(pnl),
      rate: { second: this.#rate.inLastSecond(now), minute: this.#rate.inLastMinute(now) },
      position: position === undefined ? undefined : Amount.read(position)
    }
    const stands = situation(venue, instrument, risked, whole, amended)
    const price = Risk.priceOf(order, stands)
    const refusal =
      (price === undefined ? undefined : OrderCheck.notionalProblem(instrument, order, price)) ??
      this.#crowded(venue, instrument, amended) ??
      Risk.check(this.#setup.limits, risked, stands)
    return refusal === undefined ? { order } : { refusal }
  }

  /** The venue's own bound on the open orders of a symbol. */
  #crowded(
    venue: VenueDesk,
    instrument: Instrument.Instrument,
    amended: TrackedOrder | undefined
  ): InvalidOrder | undefined {
    const most = instrument.orderRules?.maxOpenOrders
    if (most === undefined || amended !== undefined) return undefined
    let open = 0
    for (const order of venue.store.open.values()) if (order.view?.symbol === instrument.symbol) open++
    const message = `${instrument.symbol}: ${open} orders are open, ${most} is what the venue takes.`
    return open < most ? undefined : new InvalidOrder({ message })
  }

  #openOrders(): number {
    let open = 0
    for (const venue of this.#venues.values()) for (const order of venue.store.open.values()) if (order.isOurs) open++
    return open
  }
}
