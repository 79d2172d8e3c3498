/** Both markets of the simulator as subjects of the conformance suite. */
import type { Subject } from "@tidewire/conformance"
import { ConnectionOptions, WsSocket } from "@tidewire/core"
import { clockFrom, exchange, type MarketKind, Simulator } from "@tidewire/simulator"
import { Clock, Effect, Layer } from "effect"
import { FetchHttpClient } from "effect/http"
import { adapter } from "../../src/index.ts"

const MINUTE_MS = 60_000

/** The exchange begins so long before the end of a minute, so that the shortest bar of futures closes soon, ms. */
const BEFORE_THE_MINUTE_MS = 5_000

const layer = Layer.merge(WsSocket.layer, FetchHttpClient.layer)

export const subject = (venue: string, market: MarketKind): Subject => ({
  capabilities: adapter.capabilities(venue),
  open: (connection) =>
    Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      const startMs = (Math.floor(now / MINUTE_MS) + 1) * MINUTE_MS - BEFORE_THE_MINUTE_MS
      const simulator = yield* Simulator.scoped({
        clock: clockFrom(startMs),
        symbols: { [market]: ["BTCUSDT", "ETHUSDT"] },
        rates: { tradesPerSecond: 0, ordersPerSecond: 0, liquidationsPerSecond: 0 },
        historyMinutes: 10
      })
      const made = yield* adapter.make({
        venue,
        name: `certified ${venue}`,
        environment: "mainnet",
        endpoints: { stream: simulator.wsUrl, rest: simulator.url },
        options: {},
        connection: { ...ConnectionOptions.defaults, ...connection }
      })
      return { adapter: made, exchange: exchange(simulator, market) }
    }).pipe(Effect.provide(layer))
})
