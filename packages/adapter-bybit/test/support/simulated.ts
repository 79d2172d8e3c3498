/**
 * An account on the simulator, over real sockets: what it tells, and the truth about it.
 */
import { ConnectionOptions, type PrivateEvent, type Trading, WsSocket } from "@tidewire/core"
import { type AccountView, defaultAccount, Simulator, type SimulatorOptions } from "@tidewire/simulator"
import { Effect, Redacted, Schema, SubscriptionRef } from "effect"
import { FetchHttpClient } from "effect/http"
import { adapter } from "../../src/adapter.ts"
import type { Options } from "../../src/trading/credentials.ts"

/** Nobody else trades, so that prices stay where they are. */
const quiet = { tradesPerSecond: 0, ordersPerSecond: 0, liquidationsPerSecond: 0 }

export interface Simulated {
  readonly account: Trading.Account
  readonly simulator: Simulator.Simulator
  readonly events: Array<PrivateEvent.PrivateEvent>
  /** What is known of an order, each change once. */
  readonly told: (clientOrderId: string) => ReadonlyArray<string>
  readonly fills: (clientOrderId: string) => ReadonlyArray<PrivateEvent.Fill>
  readonly truth: () => AccountView
  readonly session: () => number | undefined
  readonly hasOrders: () => boolean
  /** Best bid and ask. */
  readonly best: () => { readonly bid: number; readonly ask: number }
}

export const markets = {
  bybit: { kind: "bybit-spot", symbol: "BTCUSDT", size: "0.02" },
  "bybit-linear": { kind: "bybit-linear", symbol: "BTCUSDT", size: "0.02" },
  "bybit-inverse": { kind: "bybit-inverse", symbol: "BTCUSD", size: "1000" }
} as const

const own: Options = {
  apiKey: Redacted.make(defaultAccount.key),
  apiSecret: Redacted.make(defaultAccount.secret ?? "")
}

/** Lets the event loop turn until this holds. */
export const until = (holds: () => boolean): Effect.Effect<void> =>
  Effect.promise(async () => {
    const startedMs = performance.now()
    while (!holds()) {
      if (performance.now() - startedMs > 10_000) throw new Error(`it never came to hold: ${holds.toString()}`)
      await new Promise((resolve) => setImmediate(resolve))
    }
  })

export const simulate = (
  venue: keyof typeof markets,
  {
    isUp = true,
    options = own,
    simulator: given = {}
  }: {
    /** Whether its stream is to come up. */
    readonly isUp?: boolean
    readonly options?: Options
    readonly simulator?: SimulatorOptions
  } = {}
) =>
  Effect.gen(function* () {
    const { kind: market, symbol } = markets[venue]
    const simulator = yield* Effect.acquireRelease(
      Effect.promise(() => Simulator.start({ symbols: { [market]: [symbol] }, rates: quiet, ...given })),
      (each) => Effect.promise(() => each.stop())
    )
    const { url, wsUrl } = simulator
    const made = yield* adapter
      .make({
        venue,
        name: "simulated",
        environment: "testnet",
        endpoints: { rest: url, stream: wsUrl },
        options,
        connection: yield* Schema.decodeEffect(ConnectionOptions.ConnectionOptions)({})
      })
      .pipe(Effect.provide([WsSocket.layer, FetchHttpClient.layer]))
    const events: Array<PrivateEvent.PrivateEvent> = []
    const account = yield* made.trading!.open((event) => events.push(event))
    const session = () => {
      const state = SubscriptionRef.getUnsafe(account.stream)
      return state._tag === "Up" ? state.session : undefined
    }
    const hasOrders = () => SubscriptionRef.getUnsafe(account.connections).get("orders")?.state === "Active"
    if (isUp) yield* until(() => session() === 1 && hasOrders())
    const simulated: Simulated = {
      account,
      simulator,
      events,
      told: (clientOrderId) => {
        const of = events.flatMap((event) =>
          event.type === "order" && event.clientOrderId === clientOrderId
            ? [`${event.status} ${event.filled}/${event.size}`]
            : []
        )
        return of.filter((each, index) => each !== of[index - 1])
      },
      fills: (clientOrderId) =>
        events.flatMap((event) => (event.type === "fill" && event.clientOrderId === clientOrderId ? [event] : [])),
      truth: () => simulator.truth.account(defaultAccount.key),
      session,
      hasOrders,
      best: () => {
        const { asks, bids } = simulator.control.book(market, symbol, 1)
        return { bid: Number(bids[0]![0]), ask: Number(asks[0]![0]) }
      }
    }
    return simulated
  })
