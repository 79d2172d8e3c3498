/** An order as the paper venue has it, and as it tells it. */
import { Amount, type Instrument, type Order, type PrivateEvent } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"
import * as HoldingOf from "../Holding.ts"
import type { Hold } from "./Wallet.ts"

const ZERO = BigDecimal.fromBigInt(0n)

interface Asked {
  readonly request: Order.Request
  readonly size: BigDecimal.BigDecimal
}

export class PaperOrder {
  readonly instrument: Instrument.Instrument
  readonly venueOrderId: string
  request: Order.Request
  /** What is asked for, after a clip of reduce-only. */
  size: BigDecimal.BigDecimal
  status: Order.Status = "open"
  reason: string | undefined
  isTriggered: boolean
  /** What is kept of the account for it. */
  held: Hold | undefined
  /** Its fills as one position: for the average price. */
  #filled = HoldingOf.empty
  /** Market size that is served before it, and the level's size as last told; see `QueuePosition`. */
  ahead = 0
  shown = 0
  /** Of `request`, as floats: what the market is compared with. */
  price: number | undefined
  triggerPrice: number | undefined

  constructor(request: Order.Request, instrument: Instrument.Instrument, venueOrderId: string) {
    this.request = request
    this.instrument = instrument
    this.venueOrderId = venueOrderId
    this.size = BigDecimal.fromStringUnsafe(request.size)
    this.isTriggered = request.kind === "limit" || request.kind === "market"
    this.price = request.price === undefined ? undefined : Number(request.price)
    this.triggerPrice = request.triggerPrice === undefined ? undefined : Number(request.triggerPrice)
  }

  get side(): Order.Side {
    return this.request.side
  }

  get filled(): BigDecimal.BigDecimal {
    return BigDecimal.abs(this.#filled.size)
  }

  get remaining(): BigDecimal.BigDecimal {
    return BigDecimal.subtract(this.size, this.filled)
  }

  get isOpen(): boolean {
    return this.status === "open"
  }

  /** It never rests: what it cannot take at once expires. */
  get mustTake(): boolean {
    const { price, timeInForce } = this.request
    return price === undefined || timeInForce === "ioc" || timeInForce === "fok"
  }

  get rests(): boolean {
    return this.isOpen && this.isTriggered
  }

  fill(size: BigDecimal.BigDecimal, price: BigDecimal.BigDecimal): void {
    this.#filled = HoldingOf.fill(this.instrument, this.#filled, size, price)
    if (BigDecimal.sign(this.remaining) <= 0) this.status = "filled"
  }

  change(price: string | undefined, size: string | undefined): void {
    this.request = { ...this.request, ...(price !== undefined && { price }), ...(size !== undefined && { size }) }
    if (price !== undefined) this.price = Number(price)
    if (size !== undefined) this.size = BigDecimal.fromStringUnsafe(size)
  }

  /** What is asked for now: for `restore`. */
  get asked(): Asked {
    return { request: this.request, size: this.size }
  }

  /** A change was refused. */
  restore({ request, size }: Asked): void {
    this.request = request
    this.size = size
    this.price = request.price === undefined ? undefined : Number(request.price)
  }

  told(stamps: Pick<PrivateEvent.Order, "venue" | "exchangeTime" | "receivedTime">): PrivateEvent.Order {
    const average = HoldingOf.averagePrice(this.instrument, this.#filled)
    return {
      type: "order",
      ...stamps,
      venueOrderId: this.venueOrderId,
      ...this.request,
      size: Amount.write(this.size),
      status: this.status,
      filled: Amount.write(BigDecimal.isZero(this.filled) ? ZERO : this.filled),
      ...(average !== undefined && {
        averagePrice: Amount.write(BigDecimal.round(average, { scale: 12, mode: "half-even" }))
      }),
      ...(this.reason !== undefined && { reason: this.reason })
    }
  }
}
