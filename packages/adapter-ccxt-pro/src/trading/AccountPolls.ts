/**
 * What CCXT does not watch of an account, asked for: orders as long as some are open, fills after an order was filled,
 * balances and positions now and then and after every change.
 *
 * Guarantees: what is known already is not told again; one round at a time, each `EVERY` after the one before, each request
 * paced by CCXT's limit of the exchange; a round that fails ends the session.
 */
import type { PrivateEvent, Trading, VenueError } from "@tidewire/core"
import { Clock, Duration, Effect } from "effect"
import { can } from "../Exchange.ts"
import type { PrivateExchange } from "./PrivateExchange.ts"
import type { ToPoll } from "./ToPoll.ts"

const EVERY = Duration.seconds(2)

/** Rounds from one read of what there is to the next, where nothing seems to happen. */
const HOLDINGS_EVERY = 8

/** How far back the first read of fills goes: before the account was opened, whosever clock is right. */
const LOOK_BACK_MS = 600_000

/** Fills that are listed late are not older than the last one by more than this. */
const OVERLAP_MS = 60_000

export interface Unwatched {
  readonly orders: boolean
  readonly fills: boolean
  readonly balances: boolean
  readonly positions: boolean
}

export const unwatched = (exchange: PrivateExchange, hasPositions: boolean): Unwatched => ({
  orders: !can(exchange, "watchOrders"),
  fills: !can(exchange, "watchMyTrades"),
  balances: !can(exchange, "watchBalance"),
  positions: hasPositions && !can(exchange, "watchPositions")
})

export interface AccountPollsSetup {
  readonly polled: Unwatched
  readonly toPoll: ToPoll
  readonly reads: Pick<Trading.Account, "order" | "openOrders" | "fills" | "balances" | "positions">
  readonly emit: (event: PrivateEvent.PrivateEvent) => void
}

/** Never ends by itself; `onRound` runs after each round. `undefined` where everything is watched. */
export const make = ({
  emit,
  polled,
  reads,
  toPoll
}: AccountPollsSetup): ((onRound: () => void) => Effect.Effect<never, VenueError.VenueError>) | undefined => {
  if (!Object.values(polled).includes(true)) return undefined
  /** By asset and by leg, what was told last. */
  const balances = new Map<string, string>()
  const positions = new Map<string, PrivateEvent.Position>()
  /** By symbol, since when fills may be new. */
  const since = new Map<string, number>()

  const order = (event: PrivateEvent.Order): boolean => {
    const isNew = toPoll.order(event)
    if (isNew) emit(event)
    return isNew
  }

  const readOrders = Effect.gen(function* () {
    let isChanged = false
    for (const symbol of toPoll.symbols) {
      const listed = yield* reads.openOrders([symbol])
      for (const event of listed) isChanged = order(event) || isChanged
      const ids = new Set(listed.map(({ clientOrderId }) => clientOrderId))
      for (const reference of toPoll.openOf(symbol)) {
        if (ids.has(reference.clientOrderId)) continue
        const found = yield* reads.order(reference)
        if (found === undefined) toPoll.missed(reference)
        else isChanged = order(found) || isChanged
      }
    }
    return isChanged
  })

  const readFills = (openedMs: number) =>
    Effect.gen(function* () {
      let isChanged = false
      for (const symbol of toPoll.takeDue()) {
        const from = since.get(symbol) ?? openedMs - LOOK_BACK_MS
        for (const fill of yield* reads.fills({ symbol, since: from })) {
          since.set(symbol, Math.max(from, (fill.exchangeTime ?? from) - OVERLAP_MS))
          if (!toPoll.fill(fill)) continue
          isChanged = true
          emit(fill)
        }
      }
      return isChanged
    })

  const readBalances = Effect.map(reads.balances, (told) => {
    for (const event of told) {
      const { asset, free, locked, total } = event
      const terms = `${total} ${free} ${locked}`
      if (balances.get(asset) === terms) continue
      balances.set(asset, terms)
      emit(event)
    }
  })

  const readPositions = Effect.gen(function* () {
    const told = yield* reads.positions
    const receivedTime = yield* Clock.currentTimeMillis
    const now = new Map(told.map((event) => [`${event.symbol} ${event.leg}`, event]))
    for (const [gone, before] of positions) {
      // what is flat is not listed
      if (!now.has(gone) && before.size !== "0") now.set(gone, flat(before, receivedTime))
    }
    for (const [leg, event] of now) {
      const before = positions.get(leg)
      if (before?.size === event.size && before.entryPrice === event.entryPrice) continue
      positions.set(leg, event)
      emit(event)
    }
  })

  return (onRound) =>
    Effect.gen(function* () {
      const openedMs = yield* Clock.currentTimeMillis
      for (let round = 0; ; round++) {
        const isOrdered = polled.orders ? yield* readOrders : false
        const isFilled = polled.fills ? yield* readFills(openedMs) : false
        if (isOrdered || isFilled || round % HOLDINGS_EVERY === 0) {
          if (polled.balances) yield* readBalances
          if (polled.positions) yield* readPositions
        }
        onRound()
        yield* Effect.sleep(EVERY)
      }
    })
}

const flat = ({ leg, symbol, type, venue }: PrivateEvent.Position, receivedTime: number): PrivateEvent.Position => ({
  type,
  venue,
  receivedTime,
  symbol,
  leg,
  size: "0"
})
