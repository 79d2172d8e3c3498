/**
 * What an account has: balances and positions as the venue tells them, and what they are by now as far as fills tell more.
 *
 * Guarantees: what the venue tells is absolute and replaces what was known, unless that is newer by the venue's own clock; what
 * has not changed is not told again. For risk a position has all fills in it that are later than the venue's word of it, so
 * that it is never smaller than what is known. Bounded by the assets and symbols of the account, and `MAX_LATER` fills each.
 */
import { Amount, type Instrument, type PrivateEvent } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"

const MAX_LATER = 1_000
const zero = BigDecimal.make(0n, 0)

type Stamped = { readonly exchangeTime?: number; readonly receivedTime: number }

/** By the venue's clock where both tell it. */
const isLater = (left: Stamped, right: Stamped): boolean =>
  left.exchangeTime !== undefined && right.exchangeTime !== undefined
    ? left.exchangeTime > right.exchangeTime
    : left.receivedTime > right.receivedTime

export class AccountHoldings {
  readonly balances = new Map<string, PrivateEvent.Balance>()
  /** By symbol and leg. */
  readonly positions = new Map<string, PrivateEvent.Position>()
  /** Latest fills of each symbol, oldest first. */
  readonly #fills = new Map<string, Array<PrivateEvent.Fill>>()
  readonly #emit: (event: PrivateEvent.PrivateEvent) => void

  constructor(emit: (event: PrivateEvent.PrivateEvent) => void) {
    this.#emit = emit
  }

  onBalance(told: PrivateEvent.Balance): void {
    const known = this.balances.get(told.asset)
    if (known !== undefined && isLater(known, told)) return
    this.balances.set(told.asset, told)
    const isSame = known?.total === told.total && known.free === told.free && known.locked === told.locked
    if (!isSame) this.#emit(told)
  }

  onPosition(told: PrivateEvent.Position): void {
    const key = `${told.symbol} ${told.leg}`
    const known = this.positions.get(key)
    if (known !== undefined && isLater(known, told)) return
    this.positions.set(key, told)
    const isSame =
      known?.size === told.size && known.entryPrice === told.entryPrice && known.unrealizedPnl === told.unrealizedPnl
    if (!isSame) this.#emit(told)
  }

  onFill(fill: PrivateEvent.Fill): void {
    const fills = this.#fills.get(fill.symbol) ?? []
    fills.push(fill)
    if (fills.length > MAX_LATER) fills.shift()
    this.#fills.set(fill.symbol, fills)
  }

  /** All that there is, read from the venue; what is not among it, and was not told since the read began, is zero. */
  replaceBalances(read: ReadonlyArray<PrivateEvent.Balance>, begunAt: number): void {
    for (const told of read) this.onBalance(told)
    const named = new Set(read.map((each) => each.asset))
    for (const known of this.balances.values()) {
      if (named.has(known.asset) || known.receivedTime >= begunAt) continue
      const { asset, type, venue } = known
      this.onBalance({ type, venue, asset, receivedTime: begunAt, total: "0", free: "0", locked: "0" })
    }
  }

  replacePositions(read: ReadonlyArray<PrivateEvent.Position>, begunAt: number): void {
    for (const told of read) this.onPosition(told)
    const named = new Set(read.map((each) => `${each.symbol} ${each.leg}`))
    for (const [key, known] of this.positions) {
      if (named.has(key) || known.receivedTime >= begunAt) continue
      const { leg, symbol, type, venue } = known
      this.onPosition({ type, venue, symbol, leg, receivedTime: begunAt, size: "0" })
    }
  }

  /** Signed. Of spot: what there is of the base. */
  position(instrument: Instrument.Instrument): BigDecimal.BigDecimal {
    if (instrument.kind === "spot") {
      const balance = this.balances.get(instrument.base)
      return BigDecimal.sum(numberOf(balance?.total), this.#filledSince(instrument.symbol, balance))
    }
    const legs = (["net", "long", "short"] as const).flatMap((leg) => {
      const position = this.positions.get(`${instrument.symbol} ${leg}`)
      return position === undefined ? [] : [position]
    })
    const latest = legs.reduce<Stamped | undefined>(
      (found, each) => (found === undefined || isLater(each, found) ? each : found),
      undefined
    )
    const told = legs.reduce((total, each) => BigDecimal.sum(total, numberOf(each.size)), zero)
    return BigDecimal.sum(told, this.#filledSince(instrument.symbol, latest))
  }

  #filledSince(symbol: string, since: Stamped | undefined): BigDecimal.BigDecimal {
    let total = zero
    const fills = this.#fills.get(symbol) ?? []
    for (let index = fills.length - 1; index >= 0; index--) {
      const fill = fills[index]!
      if (since !== undefined && !isLater(fill, since)) break
      const size = numberOf(fill.size)
      total = fill.side === "buy" ? BigDecimal.sum(total, size) : BigDecimal.subtract(total, size)
    }
    return total
  }
}

const numberOf = (text: string | undefined): BigDecimal.BigDecimal =>
  text === undefined ? zero : (Amount.read(text) ?? zero)
