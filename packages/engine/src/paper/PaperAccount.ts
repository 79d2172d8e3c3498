/**
 * What a paper account tells of itself: its fills, balances and positions; and what it remembers of an earlier process by the
 * engine's journal.
 *
 * Guarantees: ids of fills and orders go on where the journal ends, so that none comes twice; the latest `MOST_FILLS` can be
 * asked for. Orders end with their process: those that were open are told as expired.
 */
import { Amount, Order, type Instrument, type PrivateEvent, type Trading } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as HoldingOf from "../Holding.ts"
import type { Entry } from "../Journal.ts"
import type { Restored } from "../Restoration.ts"
import type { Fees, Liquidity } from "./Fees.ts"
import type { PaperLine } from "./PaperLine.ts"
import type { PaperOrder } from "./PaperOrder.ts"
import { Wallet, WalletSnapshot } from "./Wallet.ts"

const MOST_FILLS = 100_000

/** Before the numbers that are this venue's ids. */
const PREFIX = "paper-"

const Snapshot = Schema.Struct({ wallet: WalletSnapshot, orders: Schema.Finite, executions: Schema.Finite })

export interface PaperAccountSetup {
  readonly venue: string
  readonly instrument: (symbol: string) => Instrument.Instrument | undefined
  readonly balances: Readonly<Record<string, Amount.Amount>>
  readonly leverage: number
  readonly fees: Fees
  readonly line: PaperLine
}

export class PaperAccount implements Restored {
  readonly wallet: Wallet
  /** Orders of an earlier process, which were open when it ended. */
  readonly expired = new Map<string, PrivateEvent.Order>()
  readonly #setup: PaperAccountSetup
  readonly #fills: Array<PrivateEvent.Fill> = []
  #orders = 0
  #executions = 0

  constructor(setup: PaperAccountSetup) {
    this.#setup = setup
    this.wallet = new Wallet(setup.balances, setup.leverage)
  }

  nextOrderId(): string {
    return `${PREFIX}${++this.#orders}`
  }

  /** Books a fill; gives it, and what has changed by it. */
  fill(order: PaperOrder, size: BigDecimal.BigDecimal, price: BigDecimal.BigDecimal, liquidity: Liquidity) {
    const { instrument, request, side, venueOrderId } = order
    const fee = this.#setup.fees.of(instrument, side, size, price, liquidity)
    const assets = this.wallet.fill(instrument, side, size, price, fee)
    const fill: PrivateEvent.Fill = {
      type: "fill",
      ...this.#setup.line.stamps(),
      symbol: request.symbol,
      id: `${PREFIX}${++this.#executions}`,
      clientOrderId: request.clientOrderId,
      venueOrderId,
      side,
      price: Amount.write(price),
      size: Amount.write(size),
      fee: Amount.write(fee.amount),
      feeAsset: fee.asset,
      liquidity
    }
    this.#keep(fill)
    return { fill, assets }
  }

  fills({ since, symbol }: Trading.FillsRequest): ReadonlyArray<PrivateEvent.Fill> {
    return this.#fills.filter((each) => each.symbol === symbol && each.receivedTime >= since)
  }

  balances(): ReadonlyArray<PrivateEvent.Balance> {
    return [...this.wallet.assets.keys()].map((asset) => this.balance(asset))
  }

  /** Those that are not flat. */
  positions(): ReadonlyArray<PrivateEvent.Position> {
    return [...this.wallet.positions.keys()].map((symbol) => this.position(symbol)).filter(({ size }) => size !== "0")
  }

  balance(asset: string): PrivateEvent.Balance {
    const { locked, total } = this.wallet.assets.get(asset)!
    return {
      type: "balance",
      ...this.#setup.line.stamps(),
      asset,
      total: Amount.write(total),
      free: Amount.write(this.wallet.free(asset)),
      locked: Amount.write(locked)
    }
  }

  position(symbol: string): PrivateEvent.Position {
    const { holding, instrument } = this.wallet.positions.get(symbol)!
    const entry = HoldingOf.averagePrice(instrument, holding)
    return {
      type: "position",
      ...this.#setup.line.stamps(),
      symbol,
      leg: "net",
      size: Amount.write(holding.size),
      ...(entry !== undefined && {
        entryPrice: Amount.write(BigDecimal.round(entry, { scale: 12, mode: "half-even" }))
      })
    }
  }

  /** Hears what the journal has, oldest first, before the account is opened. */
  take(entry: Entry): void {
    switch (entry._tag) {
      case "Snapshot":
        if (entry.name === this.#name) this.#restore(entry.value)
        return
      case "Fill":
        return this.#restoreFill(entry.fill)
      case "Funding":
        if (entry.funding.venue === this.#setup.venue) {
          this.wallet.pay(entry.funding.asset, BigDecimal.fromStringUnsafe(entry.funding.amount))
        }
        return
      case "Order":
        return this.#restoreOrder(entry.order)
      default:
    }
  }

  snapshots(): ReadonlyArray<{ readonly name: string; readonly value: unknown }> {
    const value: typeof Snapshot.Type = {
      wallet: this.wallet.snapshot(),
      orders: this.#orders,
      executions: this.#executions
    }
    return [{ name: this.#name, value }]
  }

  get #name(): string {
    return `paper ${this.#setup.venue}`
  }

  #restore(value: unknown): void {
    const read = Schema.decodeUnknownOption(Snapshot)(value)
    if (Option.isNone(read)) return
    this.wallet.restore(read.value.wallet)
    this.#orders = Math.max(this.#orders, read.value.orders)
    this.#executions = Math.max(this.#executions, read.value.executions)
  }

  #restoreFill(fill: PrivateEvent.Fill): void {
    const number = numberOf(fill.id)
    const instrument = this.#setup.instrument(fill.symbol)
    if (fill.venue !== this.#setup.venue || number === undefined || instrument === undefined) return
    this.#executions = Math.max(this.#executions, number)
    const [size, price] = [BigDecimal.fromStringUnsafe(fill.size), BigDecimal.fromStringUnsafe(fill.price)]
    const fee = {
      asset: fill.feeAsset ?? instrument.quote,
      amount: BigDecimal.fromStringUnsafe(fill.fee ?? "0")
    }
    this.wallet.fill(instrument, fill.side, size, price, fee)
    this.#keep(fill)
  }

  #restoreOrder(order: PrivateEvent.Order): void {
    if (order.venue !== this.#setup.venue) return
    this.#orders = Math.max(this.#orders, numberOf(order.venueOrderId ?? "") ?? 0)
    const { clientOrderId } = order
    if (Order.isEnded(order.status)) this.expired.delete(clientOrderId)
    else
      this.expired.set(clientOrderId, { ...order, status: "expired", reason: "orders on paper end with their process" })
  }

  #keep(fill: PrivateEvent.Fill): void {
    this.#fills.push(fill)
    if (this.#fills.length > MOST_FILLS) this.#fills.shift()
  }
}

/** Of an id of a paper venue; `undefined` for anybody else's. */
const numberOf = (id: string): number | undefined => {
  if (!id.startsWith(PREFIX)) return undefined
  const number = Number(id.slice(PREFIX.length))
  return Number.isSafeInteger(number) ? number : undefined
}
