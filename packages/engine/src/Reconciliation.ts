/**
 * Makes what we know of an account what the venue knows: open orders, orders of ours that are not among them, fills since the
 * last that is known, balances, positions.
 *
 * Guarantees: only reads, so it may be interrupted and repeated at any time. What is told by the stream meanwhile is not lost,
 * because orders join whatever is heard of them and a balance or position that is newer stays. It succeeds only when everything
 * was read; each difference is told as an event, and how many there were as a notice.
 */
import type { Trading } from "@tidewire/core"
import { VenueError } from "@tidewire/core"
import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { type AccountDesk, FILLS_OVERLAP_MS } from "./AccountDesk.ts"
import type { AccountHoldings } from "./AccountHoldings.ts"
import type { Tell } from "./Notice.ts"
import type { OrderStore } from "./OrderStore.ts"

export interface ReconciliationSetup {
  readonly venue: string
  readonly account: Trading.Account
  readonly capabilities: Trading.TradingCapabilities
  readonly desk: AccountDesk
  readonly store: OrderStore
  readonly holdings: AccountHoldings
  readonly clock: Clock.Clock
  readonly tell: Tell
  /** The symbols that are traded; those of orders that are known are read as well. */
  readonly symbols: () => ReadonlyArray<string>
  /** From when on fills are wanted of a symbol that has none yet, epoch ms. */
  readonly since: number
  readonly expectedMode: "oneWay" | "hedge"
}

/** Orders of one account that are looked up at once. */
const LOOKUPS_AT_ONCE = 4

export interface Differences {
  /** Orders that were not known. */
  readonly adopted: number
  /** Orders of ours that were not open any more. */
  readonly gone: number
  /** Fills that were missed. */
  readonly fills: number
}

/** The account is in another position mode than was expected: nothing is traded until it is changed. */
export const checkMode = (setup: ReconciliationSetup): Effect.Effect<boolean, VenueError.VenueError> =>
  Effect.map(setup.account.positionMode, (mode) => mode === setup.expectedMode)

/** `fillsOf`: of all symbols, after an interruption; or only of those that have open orders, which is cheaper. */
export const reconcile = (
  setup: ReconciliationSetup,
  fillsOf: "all" | "open"
): Effect.Effect<Differences, VenueError.VenueError> =>
  Effect.gen(function* () {
    const { account, capabilities, clock, desk, holdings, store } = setup
    const begunAt = clock.currentTimeMillisUnsafe()
    const ordered = orderedOf(setup)
    const symbols = [...new Set([...setup.symbols(), ...ordered])]
    // orders first: a fill then finds the order it belongs to
    const listed = yield* account.openOrders(symbols)
    const adopted = listed.filter((each) => store.onOrder(each)).length
    const ids = new Set(listed.map((each) => store.idOf(each)))
    const gone = [...store.open.values()].filter((each) => !ids.has(each.clientOrderId) && each.since <= begunAt)
    yield* Effect.forEach(gone, (order) => desk.ask(order), { concurrency: LOOKUPS_AT_ONCE, discard: true })
    const fills = yield* Effect.forEach(fillsOf === "all" ? symbols : ordered, (symbol) => readFills(setup, symbol))
    holdings.replaceBalances(yield* account.balances, begunAt)
    if (capabilities.positions) holdings.replacePositions(yield* account.positions, begunAt)
    for (const order of store.open.values()) desk.resume(order)
    return {
      adopted,
      gone: gone.filter((each) => each.isEnded).length,
      fills: fills.reduce((total, each) => total + each, 0)
    }
  })

/** The symbols of the orders that are open as far as is known. */
const orderedOf = ({ store }: ReconciliationSetup): ReadonlyArray<string> => {
  const symbols = [...store.open.values()].flatMap(({ view }) => (view === undefined ? [] : [view.symbol]))
  return [...new Set(symbols)]
}

/** Gives how many were not known. */
const readFills = (
  { account, since, store }: ReconciliationSetup,
  symbol: string
): Effect.Effect<number, VenueError.VenueError> =>
  Effect.suspend(() => {
    const from = (store.lastFills.get(symbol) ?? since) - FILLS_OVERLAP_MS
    return Effect.map(
      account.fills({ symbol, since: Math.max(0, from) }),
      (read) => read.filter((each) => store.onFill(each)).length
    )
  })
