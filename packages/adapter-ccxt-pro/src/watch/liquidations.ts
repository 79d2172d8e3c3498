/** Forced orders, by CCXT's one cache of them, of which those of the symbol are taken. */
import { CacheDrain } from "../CacheDrain.ts"
import { can, type Liquidation } from "../Exchange.ts"
import { quirksOf } from "../quirks.ts"
import { isNumber, stamps, unreadable, type Watch, type WatchContext } from "../Watch.ts"

export const watchLiquidations = (context: WatchContext): Watch => {
  const { exchange, leg, market } = context
  const { liquidation } = quirksOf(exchange.id, market)
  const one = can(exchange, "watchLiquidations")
  const drain = new CacheDrain<Liquidation>()
  return {
    next: () =>
      one ? exchange.watchLiquidations(market.symbol) : exchange.watchLiquidationsForSymbols([market.symbol]),
    drain: (answer, receivedTime) => {
      const { liquidations } = exchange
      const { isOverflown, rows } = drain.drain(
        (Array.isArray(liquidations) ? liquidations : answer) as Array<Liquidation>
      )
      if (isOverflown) leg.stream.missed("overflow")
      for (const row of rows) {
        if (row.symbol !== market.symbol) continue
        const { contracts: size, price, side, timestamp } = liquidation(row)
        if (!isNumber(price) || !isNumber(size) || (side !== "buy" && side !== "sell")) {
          unreadable(context, "side, price or size", row)
        } else leg.event({ type: "liquidation", ...stamps(context, receivedTime, timestamp), side, price, size })
      }
    }
  }
}
