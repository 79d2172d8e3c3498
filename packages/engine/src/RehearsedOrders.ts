/**
 * Which orders are rehearsed: the least that the venue takes, at the best price of its side, of each symbol in turn, to buy and
 * to sell.
 */
import { Amount, type Instrument } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"
import type { NewOrder } from "./OrderDesk.ts"
import * as OrderCheck from "./OrderCheck.ts"
import type { VenueSetup } from "./VenueDesk.ts"

type Rehearsed = Omit<NewOrder, "venue">

/** So much more than the least, that it is enough when the price has fallen. */
const AMPLE = BigDecimal.make(2n, 0)

const zero = BigDecimal.make(0n, 0)
const one = BigDecimal.make(1n, 0)

export class RehearsedOrders {
  readonly #setup: Pick<VenueSetup, "symbols" | "instrument" | "book">
  /** By symbol; as many as are traded. */
  readonly #sizes = new Map<string, Amount.Amount>()
  #turn = 0

  constructor(setup: Pick<VenueSetup, "symbols" | "instrument" | "book">) {
    this.#setup = setup
  }

  /** `undefined` while the book of the next symbol is not live. */
  next(): Rehearsed | undefined {
    const symbols = this.#setup.symbols()
    const turn = this.#turn++
    const symbol = symbols[turn % symbols.length]
    const view = symbol === undefined ? undefined : this.#setup.book(symbol)
    if (symbol === undefined || view?.state !== "live") return undefined
    const side = Math.floor(turn / symbols.length) % 2 === 0 ? "buy" : "sell"
    const best = side === "buy" ? view.book.bestBid() : view.book.bestAsk()
    const instrument = this.#setup.instrument(symbol)
    if (best === undefined || instrument === undefined) return undefined
    const size = this.#sizes.get(symbol) ?? leastSize(instrument, best[0])
    this.#sizes.set(symbol, size)
    return { symbol, side, kind: "limit", size, price: String(best[0]), timeInForce: "gtc" }
  }

  /** Its size may be why. */
  refused({ symbol }: Rehearsed): void {
    this.#sizes.delete(symbol)
  }
}

const leastSize = ({ lotSize, minNotional, orderRules, ...instrument }: Instrument.Instrument, price: number) => {
  const lot = positive(lotSize) ?? one
  const worth = OrderCheck.notional({ ...instrument, lotSize }, lot, BigDecimal.fromNumberUnsafe(price))
  const origin = Amount.read(orderRules?.sizeOrigin ?? "0") ?? zero
  const bySize = BigDecimal.subtract(Amount.read(orderRules?.minSize ?? "0") ?? zero, origin)
  const byWorth = BigDecimal.multiply(Amount.read(minNotional ?? "0") ?? zero, AMPLE)
  const lots = BigDecimal.max(ceilOf(bySize, lot), ceilOf(byWorth, worth))
  return Amount.write(BigDecimal.sum(origin, BigDecimal.multiply(BigDecimal.max(lots, one), lot)))
}

const positive = (text: string): BigDecimal.BigDecimal | undefined => {
  const amount = Amount.read(text)
  return amount !== undefined && BigDecimal.isPositive(amount) ? amount : undefined
}

const ceilOf = (amount: BigDecimal.BigDecimal, unit: BigDecimal.BigDecimal): BigDecimal.BigDecimal =>
  BigDecimal.isZero(unit) ? zero : BigDecimal.ceil(BigDecimal.divideUnsafe(amount, unit))
