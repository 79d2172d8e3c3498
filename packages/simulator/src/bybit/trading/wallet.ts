/** The unified wallet in the venue's words, by REST and on the topic `wallet`. Source: Bybit v5 docs, "Get Wallet Balance". */
import type { Account } from "../../account/Account.ts"
import { isSpot, marginIn, settleOf } from "../../account/funds.ts"
import { add, fixed, isZero, type Money, of, ofUnits, text, times, zero } from "../../account/money.ts"
import { marketOf } from "../category.ts"
import type { Trading } from "../../account/Trading.ts"
import type { Market } from "../../market/market.ts"

const WALLET = "bybit-linear"

const dollars = ["USDT", "USDC", "USD"]

/** What one of a coin is worth in dollars, by its spot market; nothing where there is none. */
const worthOf = ({ venues }: Trading, coin: string): Money => {
  if (dollars.includes(coin)) return of("1")
  const market = venues[marketOf("spot")].market(`${coin}USDT`)
  if (market === undefined) return zero
  return ofUnits(market.priceGrid, Math.round(market.participants.fair))
}

const contractOf = ({ venues }: Trading, coin: string): Market | undefined =>
  (["bybit-linear", "bybit-inverse"] as const)
    .flatMap((kind) => [...venues[kind].born.values()])
    .find((market) => !isSpot(market) && settleOf(market) === coin)

const coinRow = (account: Account, trading: Trading, coin: string) => {
  const { free, locked, total } = account.wallet(WALLET).balance(coin)
  const contract = contractOf(trading, coin)
  const margin = contract === undefined ? undefined : marginIn(account, contract, coin)
  const equity = add(total, margin?.unrealised ?? zero)
  return {
    available: margin?.available ?? free,
    margin,
    worth: worthOf(trading, coin),
    row: {
      coin,
      equity: text(equity),
      usdValue: text(times(equity, worthOf(trading, coin))),
      walletBalance: text(total),
      free: "",
      locked: text(locked),
      spotHedgingQty: "0",
      borrowAmount: "0",
      availableToWithdraw: "",
      accruedInterest: "0",
      totalOrderIM: text(margin?.orders ?? zero),
      totalPositionIM: text(margin?.positions ?? zero),
      totalPositionMM: text(margin?.maintenance ?? zero),
      unrealisedPnl: text(margin?.unrealised ?? zero),
      cumRealisedPnl: "0",
      bonus: "0",
      collateralSwitch: true,
      marginCollateral: true,
      colRes: "0",
      spotBorrow: "0"
    }
  }
}

const DIGITS = 8

/** Of these coins, or of all that were ever there. */
export const wallet = (account: Account, trading: Trading, coins?: ReadonlyArray<string>) => {
  const all = account.wallet(WALLET).list()
  const rows = all
    .filter(({ asset, total }) => coins?.includes(asset) ?? !isZero(total))
    .map(({ asset }) => coinRow(account, trading, asset))
  const sum = (of_: (each: (typeof rows)[number]) => Money): string =>
    fixed(
      rows.reduce((total, each) => add(total, times(of_(each), each.worth)), zero),
      DIGITS
    )
  return {
    accountType: "UNIFIED",
    accountIMRate: "0",
    accountMMRate: "0",
    totalEquity: sum(({ row }) => of(row.equity)),
    totalWalletBalance: sum(({ row }) => of(row.walletBalance)),
    totalMarginBalance: sum(({ row }) => of(row.equity)),
    totalAvailableBalance: sum(({ available }) => available),
    totalPerpUPL: sum(({ row }) => of(row.unrealisedPnl)),
    totalInitialMargin: sum(({ margin }) => add(margin?.orders ?? zero, margin?.positions ?? zero)),
    totalMaintenanceMargin: sum(({ margin }) => margin?.maintenance ?? zero),
    accountIMRateByMp: "0",
    accountMMRateByMp: "0",
    totalInitialMarginByMp: "0",
    totalMaintenanceMarginByMp: "0",
    accountLTV: "0",
    coin: rows.map(({ row }) => row)
  }
}
