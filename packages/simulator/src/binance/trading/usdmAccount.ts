/** A USDⓈ-M account's balances and positions in the venue's words. Source: Binance USDⓈ-M docs, "Account". */
import type { Account } from "../../account/Account.ts"
import { add, fixed, isPositive, minus, type Money, zero } from "../../account/money.ts"
import { marginIn, type Margin } from "../../account/funds.ts"
import type { Asking } from "./Operation.ts"
import * as query from "../query.ts"
import { positionRow } from "./usdmWords.ts"

const KIND = "usdm"

const eight = (amount: Money): string => fixed(amount, 8)

const NONE: Margin = {
  wallet: zero,
  unrealised: zero,
  positions: zero,
  orders: zero,
  maintenance: zero,
  available: zero
}

/** What contracts that settle in an asset need. Without any market of it there is nothing to need. */
const marginOf = ({ account, context: { venue } }: Asking, asset: string): Margin => {
  const [market] = [...venue.born.values()].filter(
    ({ definition }) => (definition.settle ?? definition.quote) === asset
  )
  if (market !== undefined) return marginIn(account, market, asset)
  const { free, total } = account.wallet(KIND).balance(asset)
  return { ...NONE, wallet: total, available: free }
}

const assetsOf = ({ account }: Asking): Array<string> =>
  account
    .wallet(KIND)
    .list()
    .map(({ asset }) => asset)

export const balance = (asking: Asking): unknown =>
  assetsOf(asking).map((asset) => {
    const margin = marginOf(asking, asset)
    return {
      accountAlias: "SgsR",
      asset,
      balance: eight(margin.wallet),
      crossWalletBalance: eight(margin.wallet),
      crossUnPnl: eight(margin.unrealised),
      availableBalance: eight(margin.available),
      maxWithdrawAmount: eight(margin.available),
      marginAvailable: true,
      updateTime: Math.floor(asking.context.now())
    }
  })

const assetRow = (asset: string, margin: Margin, now: number) => ({
  asset,
  walletBalance: eight(margin.wallet),
  unrealizedProfit: eight(margin.unrealised),
  marginBalance: eight(add(margin.wallet, margin.unrealised)),
  maintMargin: eight(margin.maintenance),
  initialMargin: eight(add(margin.positions, margin.orders)),
  positionInitialMargin: eight(margin.positions),
  openOrderInitialMargin: eight(margin.orders),
  crossWalletBalance: eight(margin.wallet),
  crossUnPnl: eight(margin.unrealised),
  availableBalance: eight(margin.available),
  maxWithdrawAmount: eight(margin.available),
  marginAvailable: true,
  updateTime: now
})

/** Not flat. */
const openPositions = (account: Account) => account.positionsOf(KIND).filter(({ size }) => size !== 0)

export const account = (asking: Asking): unknown => {
  const now = Math.floor(asking.context.now())
  const rows = assetsOf(asking).map((asset) => [asset, marginOf(asking, asset)] as const)
  const sum = (of: (margin: Margin) => Money): string =>
    eight(rows.reduce((total, [, margin]) => add(total, of(margin)), zero))
  return {
    feeTier: 0,
    canTrade: true,
    canDeposit: true,
    canWithdraw: false,
    multiAssetsMargin: false,
    tradeGroupId: -1,
    updateTime: 0,
    totalInitialMargin: sum(({ orders, positions }) => add(positions, orders)),
    totalMaintMargin: sum(({ maintenance }) => maintenance),
    totalWalletBalance: sum(({ wallet }) => wallet),
    totalUnrealizedProfit: sum(({ unrealised }) => unrealised),
    totalMarginBalance: sum(({ unrealised, wallet }) => add(wallet, unrealised)),
    totalPositionInitialMargin: sum(({ positions }) => positions),
    totalOpenOrderInitialMargin: sum(({ orders }) => orders),
    totalCrossWalletBalance: sum(({ wallet }) => wallet),
    totalCrossUnPnl: sum(({ unrealised }) => unrealised),
    availableBalance: sum(({ available }) => available),
    maxWithdrawAmount: sum(({ available }) => (isPositive(available) ? available : minus(zero, zero))),
    assets: rows.map(([asset, margin]) => assetRow(asset, margin, now)),
    positions: openPositions(asking.account).map((position) => {
      const row = positionRow(position)
      return { ...row, unrealizedProfit: row.unRealizedProfit, maintMargin: row.maintMargin }
    })
  }
}

export const positionRisk = ({ account: mine, context: { venue }, parameters }: Asking): unknown => {
  const symbol = parameters.has("symbol") ? query.symbol(venue, parameters) : undefined
  return openPositions(mine)
    .filter(({ market }) => symbol === undefined || market.definition.symbol === symbol)
    .map(positionRow)
}
