/**
 * Funding on paper: what a position pays or gets when its time comes, by the last rate and mark that were told before.
 * Assumption: the rate that was told last is the one that is paid.
 */
import type { Event } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"
import * as HoldingOf from "../Holding.ts"
import type { Wallet } from "./Wallet.ts"

export interface Payment {
  readonly symbol: string
  readonly asset: string
  /** Positive when it is received. */
  readonly amount: BigDecimal.BigDecimal
}

interface Due {
  readonly at: number
  readonly rate: number
  readonly mark: number
}

export class PaperFunding {
  readonly #wallet: Wallet
  readonly #due = new Map<string, Due>()

  constructor(wallet: Wallet) {
    this.#wallet = wallet
  }

  /** Takes what is told of a mark; gives what is paid by that, booked already. */
  mark({ fundingRate, mark, nextFundingTime, symbol }: Event.Mark, now: number): Payment | undefined {
    const due = this.#due.get(symbol)
    const isDue = due !== undefined && now >= due.at
    if (isDue) this.#due.delete(symbol)
    if (fundingRate !== undefined && mark !== undefined && nextFundingTime !== undefined && nextFundingTime > now) {
      this.#due.set(symbol, { at: nextFundingTime, rate: fundingRate, mark })
    }
    return isDue ? this.#pay(symbol, due) : undefined
  }

  #pay(symbol: string, { mark, rate }: Due): Payment | undefined {
    const position = this.#wallet.positions.get(symbol)
    if (position === undefined || BigDecimal.isZero(position.holding.size)) return undefined
    const { holding, instrument } = position
    const worth = BigDecimal.abs(HoldingOf.worth(instrument, BigDecimal.fromNumberUnsafe(mark)))
    const paid = BigDecimal.multiply(BigDecimal.multiply(holding.size, worth), BigDecimal.fromNumberUnsafe(rate))
    const amount = BigDecimal.round(BigDecimal.negate(paid), { scale: 8, mode: "half-even" })
    const asset = instrument.settle ?? instrument.quote
    this.#wallet.pay(asset, amount)
    return { symbol, asset, amount }
  }
}
