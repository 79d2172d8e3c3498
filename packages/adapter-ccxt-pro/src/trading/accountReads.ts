/**
 * What is read of an account: orders, fills, balances, positions. Fills are read page by page, oldest first, each once.
 */
import type { PrivateEvent, Trading } from "@tidewire/core"
import { Clock, Effect } from "effect"
import type { Maker } from "../Maker.ts"
import type { AccountQuirks } from "./accountQuirks.ts"
import type { KnownOrders } from "./KnownOrders.ts"
import * as LookUp from "./lookUp.ts"
import type { PrivateExchange } from "./PrivateExchange.ts"
import * as rows from "./rows.ts"

export interface AccountReadsSetup {
  readonly venue: string
  readonly maker: Maker
  readonly quirks: AccountQuirks
  readonly known: KnownOrders
  readonly hasPositions: boolean
}

export type AccountReads = Pick<
  Trading.Account,
  "order" | "openOrders" | "fills" | "balances" | "positions" | "positionMode"
>

const PAGE = 100

/** More pages of fills than an engine ever missed. */
const MOST_PAGES = 1_000

export const make = ({ hasPositions, known, maker, quirks, venue }: AccountReadsSetup): AccountReads => {
  const exchange = Effect.map(maker.trader, (each) => each as PrivateExchange)
  const read = <A>(operation: string, run: (from: PrivateExchange) => Promise<A>) =>
    Effect.flatMap(exchange, (from) => maker.call(operation, () => run(from)))
  const stamped = Effect.map(Clock.currentTimeMillis, (receivedTime) => ({ venue, receivedTime }))

  return {
    order: LookUp.make({ venue, maker, quirks, known }),
    openOrders: (symbols) =>
      Effect.gen(function* () {
        const found = yield* Effect.forEach(symbols, (symbol) =>
          read("fetchOpenOrders", (from) => from.fetchOpenOrders(symbol))
        )
        const stamp = yield* stamped
        return found.flat().flatMap((row) => {
          const event = rows.order(row, stamp, quirks)
          return event === undefined ? [] : [known.told(event)]
        })
      }),
    fills: ({ since, symbol }) =>
      Effect.gen(function* () {
        const found = new Map<string, PrivateEvent.Fill>()
        let from = since
        for (let page = 0; page < MOST_PAGES; page++) {
          const trades = yield* read("fetchMyTrades", (on) => on.fetchMyTrades(symbol, from, PAGE))
          const stamp = yield* stamped
          const before = found.size
          for (const trade of trades) {
            const fill = rows.fill(trade, stamp)
            if (fill !== undefined && (fill.exchangeTime ?? since) >= since) found.set(fill.id, fill)
          }
          const last = Math.max(...trades.map(({ timestamp }) => timestamp ?? 0))
          if (found.size === before || trades.length < PAGE) break
          from = last
        }
        return [...found.values()].toSorted((a, b) => (a.exchangeTime ?? 0) - (b.exchangeTime ?? 0))
      }),
    balances: Effect.gen(function* () {
      const balance = yield* read("fetchBalance", (from) => from.fetchBalance())
      return rows.balances(balance, yield* stamped, quirks)
    }),
    positions: hasPositions
      ? Effect.gen(function* () {
          const positions = yield* read("fetchPositions", (from) => from.fetchPositions())
          const stamp = yield* stamped
          return positions.flatMap((row) => rows.position(row, stamp) ?? []).filter(({ size }) => size !== "0")
        })
      : Effect.succeed([]),
    positionMode: Effect.gen(function* () {
      if (!hasPositions) return "oneWay"
      const from = yield* exchange
      if (from.has["fetchPositionMode"] === true) {
        const { hedged } = yield* read("fetchPositionMode", (on) => on.fetchPositionMode())
        return hedged === true ? "hedge" : "oneWay"
      }
      const positions = yield* read("fetchPositions", (on) => on.fetchPositions())
      return positions.some(({ hedged }) => hedged === true) ? "hedge" : "oneWay"
    })
  }
}
