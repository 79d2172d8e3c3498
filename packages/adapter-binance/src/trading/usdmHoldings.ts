/**
 * What an account of futures has: balances, positions, and how it keeps them.
 * Source: docs/venues/binance.md, "Reads of an account".
 */
import { Money, type PrivateEvent, Sparse, type Trading } from "@tidewire/core"
import { Effect } from "effect"
import * as wire from "../wire.ts"
import * as accountRest from "./AccountRest.ts"
import type { SignedRest } from "./SignedRest.ts"
import { positionEvent } from "./usdmEvents.ts"

export const make = (
  venue: string,
  rest: SignedRest
): Pick<Trading.Account, "balances" | "positions" | "positionMode"> => ({
  balances: Effect.gen(function* () {
    const balances = yield* rest.read("/fapi/v3/balance", {}, wire.UsdmBalances, 5)
    const stamp = yield* accountRest.stampOf(venue)
    return balances.map(({ asset, availableBalance, balance, updateTime }) =>
      Sparse.of<PrivateEvent.Balance>({
        type: "balance",
        ...stamp,
        exchangeTime: updateTime,
        asset,
        total: Money.of(balance),
        free: availableBalance === undefined ? undefined : Money.of(availableBalance),
        locked: undefined
      })
    )
  }),
  positions: Effect.gen(function* () {
    const positions = yield* rest.read("/fapi/v3/positionRisk", {}, wire.Positions, 5)
    const stamp = yield* accountRest.stampOf(venue)
    return positions
      .map(({ entryPrice: ep, positionAmt: pa, positionSide: ps, symbol: s, unRealizedProfit: up, updateTime }) =>
        positionEvent({ s, pa, ep, ps, ...(up !== undefined && { up }) }, { ...stamp, exchangeTime: updateTime })
      )
      .filter(({ size }) => size !== "0")
  }),
  positionMode: Effect.map(rest.read("/fapi/v1/positionSide/dual", {}, wire.PositionMode, 30), ({ dualSidePosition }) =>
    dualSidePosition ? "hedge" : "oneWay"
  )
})
