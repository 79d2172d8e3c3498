/**
 * What an account is asked over REST: orders, fills page by page, balances, positions and how it keeps them.
 * Source: docs/venues/bybit.md, "Reads of an account".
 */
import { type Order, type PrivateEvent, type Rest, type Trading, VenueError } from "@tidewire/core"
import { Clock, Effect, type Schema } from "effect"
import type { Market } from "../market.ts"
import * as wire from "../wire.ts"
import * as holdings from "./holdings.ts"
import { named } from "./order.ts"
import * as rights from "./rights.ts"
import * as rows from "./rows.ts"
import type { SignedRest } from "./SignedRest.ts"

/** The most that one page has. */
const ORDERS_PAGE = 50
const FILLS_PAGE = 100
const POSITIONS_PAGE = 200

/** A read by time covers a week, and the venue keeps two years. */
const WINDOW_MS = 7 * 24 * 3_600_000
const KEPT_MS = 730 * 24 * 3_600_000

/** As many symbols are read one by one as all of them are read in two pages or three. */
const ALL_FROM = 5

/** More pages than any account has: a cursor that never ends must not be followed for ever. */
const MOST_PAGES = 1_000

type Read<A> = Effect.Effect<A, VenueError.VenueError>

const REALTIME = "/v5/order/realtime"
const HISTORY = "/v5/order/history"
const EXECUTIONS = "/v5/execution/list"
const POSITIONS = "/v5/position/list"
const WALLET = "/v5/account/wallet-balance"
const KEY = "/v5/user/query-api"

interface Page<A> {
  readonly list: ReadonlyArray<A>
  readonly nextPageCursor?: string
}

export const make = (
  venue: string,
  market: Market,
  rest: SignedRest
): Pick<Trading.Account, "order" | "openOrders" | "fills" | "balances" | "positions" | "positionMode" | "rights"> => {
  const { category } = market
  const stamped = Effect.map(Clock.currentTimeMillis, (receivedTime) => ({ venue, receivedTime }))

  const pages = <A, I>(
    path: `/${string}`,
    parameters: Rest.Parameters,
    schema: Schema.Codec<Page<A>, I>
  ): Read<ReadonlyArray<A>> =>
    Effect.gen(function* () {
      const found: Array<A> = []
      let cursor: string | undefined
      for (let page = 0; page < MOST_PAGES; page++) {
        const { list, nextPageCursor = "" }: Page<A> = yield* rest.read(path, { ...parameters, cursor }, schema)
        found.push(...list)
        if (nextPageCursor === "" || nextPageCursor === cursor || list.length === 0) return found
        cursor = nextPageCursor
      }
      const reason = new VenueError.DecodeFailed({ message: `more than ${MOST_PAGES} pages`, sample: "" })
      return yield* new VenueError.VenueError({ venue, operation: `GET ${path}`, reason })
    })

  const order = (reference: Order.Reference): Read<PrivateEvent.Order | undefined> =>
    Effect.gen(function* () {
      const ids = named(reference)
      for (const path of [REALTIME, HISTORY] as const) {
        const { list } = yield* rest.read(path, { category, symbol: reference.symbol, ...ids }, wire.AccountOrders)
        const row = list.find(
          ({ orderId, orderLinkId }) => orderLinkId === ids["orderLinkId"] || orderId === ids["orderId"]
        )
        if (row !== undefined) return rows.order(row, yield* stamped)
      }
      return undefined
    })

  const openOrders = (symbols: ReadonlyArray<string>): Read<ReadonlyArray<PrivateEvent.Order>> =>
    Effect.gen(function* () {
      const asked: ReadonlyArray<Rest.Parameters> =
        symbols.length < ALL_FROM ? symbols.map((symbol) => ({ symbol })) : market.settled
      const found = yield* Effect.forEach(asked, (of) =>
        pages(REALTIME, { category, ...of, openOnly: 0, limit: ORDERS_PAGE }, wire.AccountOrders)
      )
      const stamp = yield* stamped
      return found
        .flat()
        .filter(({ symbol }) => symbols.includes(symbol))
        .map((row) => rows.order(row, stamp))
    })

  /** Newest first in a window; windows from the oldest on. */
  const fills = ({ since, symbol }: Trading.FillsRequest): Read<ReadonlyArray<PrivateEvent.Fill>> =>
    Effect.gen(function* () {
      const until = yield* Clock.currentTimeMillis
      const found: Array<PrivateEvent.Fill> = []
      for (let startTime = Math.max(since, until - KEPT_MS); ; startTime += WINDOW_MS) {
        const isLast = startTime + WINDOW_MS > until
        const end = isLast ? {} : { endTime: startTime + WINDOW_MS - 1 }
        const parameters = { category, symbol, startTime, ...end, limit: FILLS_PAGE }
        const list = yield* pages(EXECUTIONS, parameters, wire.AccountExecutions)
        const stamp = yield* stamped
        found.push(
          ...list
            .toReversed()
            .filter(rows.isFill)
            .map((row) => rows.fill(row, stamp, market))
        )
        if (isLast) return found
      }
    })

  const positionRows = Effect.map(
    Effect.forEach(market.settled, (of) =>
      pages(POSITIONS, { category, ...of, limit: POSITIONS_PAGE }, wire.AccountPositions)
    ),
    (found) => found.flat()
  )

  return {
    order,
    openOrders,
    fills,
    balances: Effect.gen(function* () {
      const { list } = yield* rest.read(WALLET, { accountType: "UNIFIED" }, wire.AccountWallets)
      const stamp = yield* stamped
      return list.flatMap((wallet) => holdings.balances(wallet, stamp, market))
    }),
    positions:
      category === "spot"
        ? Effect.succeed([])
        : Effect.gen(function* () {
            const list = yield* positionRows
            const stamp = yield* stamped
            return list.map((row) => holdings.position(row, stamp)).filter(({ size }) => size !== "0")
          }),
    positionMode:
      market.modeSymbol === undefined
        ? Effect.succeed("oneWay")
        : Effect.gen(function* () {
            // a symbol that is named is told flat as well, once for each leg
            const { list } = yield* rest.read(POSITIONS, { category, symbol: market.modeSymbol }, wire.AccountPositions)
            const all = [...list, ...(yield* positionRows)]
            return all.some(({ positionIdx }) => positionIdx !== 0) ? "hedge" : "oneWay"
          }),
    rights: Effect.map(rest.read(KEY, {}, wire.KeyInformation), (key) => rights.of(key, market))
  }
}
