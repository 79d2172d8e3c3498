/**
 * Funding: at the venue's times whoever is long pays the rate on the position's value at the mark price, or receives it
 * when the rate is negative. Cut to eight digits.
 */
import { mark } from "../market/mark.ts"
import type { Market } from "../market/market.ts"
import type { Account } from "./Account.ts"
import { walletOf } from "./AccountDefinition.ts"
import { markPrice, settleOf } from "./funds.ts"
import { cut, negated, of, times } from "./money.ts"

const RATE_DIGITS = 8

export const payFunding = (account: Account, market: Market, execution: () => number): void => {
  const { rate } = mark(market)
  if (rate === undefined) return
  const kind = market.definition.market
  const asset = settleOf(market)
  for (const position of account.positionsOf(kind)) {
    if (position.market !== market || position.size === 0) continue
    const told = of(rate.toFixed(RATE_DIGITS))
    const value = times(position.value(markPrice(market)), told)
    const amount = cut(position.size > 0 ? negated(value) : value, RATE_DIGITS)
    account.wallet(kind).move(asset, amount)
    const payment = {
      market,
      asset,
      amount,
      rate: told,
      size: position.size,
      executionId: execution(),
      time: market.time
    }
    account.fundings.push(payment)
    account.tell({ type: "funding", payment, position })
    account.tell({
      type: "account",
      reason: "funding",
      isFilled: false,
      wallet: walletOf[kind],
      market: kind,
      assets: [asset],
      by: amount,
      positions: [],
      time: market.time
    })
  }
}
