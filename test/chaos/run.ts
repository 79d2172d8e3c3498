/**
 * One run of chaos: a simulator and the adapters of a venue's markets in this process, over real sockets on loopback; the faults of
 * a seed; a calm end; and what the oracle makes of it.
 *
 * The same seed gives the same markets and the same faults at the same times of the exchange's clock. What the machine does between them is its
 * own, so that a failure need not come again at the first try.
 */
import { ConnectionOptions, type Event, MarketStream, WsSocket } from "@tidewire/core"
import { type Clock, type MarketKind, Oracle, Scenario, Simulator } from "@tidewire/simulator"
import { Effect, Logger, Schema } from "effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { families, type Family, type FamilyName, simulatorOptions, subscriptionsOf, symbolsOf } from "./market.ts"
import * as RunningClock from "./runningClock.ts"
import { Standing } from "./Standing.ts"

export interface ChaosOptions {
  readonly family: FamilyName
  readonly seed: number
  readonly durationMs: number
  /** Of each market. */
  readonly symbols: number
  /** Called every five seconds with how it stands. */
  readonly onProgress?: (report: Oracle.Report) => void
  /** Bytes in use after a collection, where that can be told. */
  readonly heapBytes?: () => number
  readonly heapGrowthBytes?: number
  /** Whether the oracle hears of an event: for the proof that it listens. */
  readonly isHeard?: (event: Event.Event) => boolean
}

export interface ChaosOutcome {
  readonly family: FamilyName
  readonly seed: number
  readonly report: Oracle.Report
  readonly scenario: ReadonlyArray<Scenario.Step>
  /** How long after the last fault everything was there again; undefined if it was not in time. */
  readonly calmAfterMs: number | undefined
  /** Events that were still waiting after the stop. */
  readonly left: number
  /** Books that were compared with the exchange's by the client itself, and those that it found to differ. */
  readonly audits: number
  readonly drifts: number
  readonly counts: Readonly<Record<string, MarketStream.QueueCounts>>
}

/** How long everything may take to be there again: a request that is never answered is given up after ten seconds. */
const CALM_WITHIN_MS = 40_000

/** Trading that goes on while all is well. */
const WELL_MS = 2_000

/** Without trading, until the slowest ticker has come. */
const STILL_MS = 3_200

const SAMPLE_EVERY_MS = 5_000

/** Every third seed packs its symbols. */
export const isShared = (seed: number): boolean => seed % 3 === 0

/** Every connection is replaced by age a few times; often enough to matter, seldom enough for the dials of a venue. */
const connection = ({ durationMs, seed }: ChaosOptions): ConnectionOptions.ConnectionOptions =>
  Schema.decodeUnknownSync(ConnectionOptions.ConnectionOptions)({
    isolation: isShared(seed) ? "shared" : "symbol",
    reconnect: { base: "100 millis", max: "2 seconds", attempts: 5, stableAfter: "2 seconds", coolDown: "2 seconds" },
    dialTimeout: "3 seconds",
    acknowledgeTimeout: "1 second",
    rotateAfter: `${Math.max(5_000, Math.round(durationMs / 3))} millis`,
    redundancy: seed % 4 === 1 ? 2 : 1,
    audit: "5 seconds"
  })

export const run = (options: ChaosOptions): Promise<ChaosOutcome> =>
  Effect.runPromise(
    chaos(options).pipe(Effect.provide([WsSocket.layer, FetchHttpClient.layer, Logger.layer([])]), Effect.scoped)
  )

const chaos = (options: ChaosOptions) =>
  Effect.gen(function* () {
    const { durationMs, family, heapBytes, heapGrowthBytes, isHeard = () => true, onProgress, seed } = options
    const { adapter, venues }: Family = families[family]
    const symbols = Object.fromEntries(venues.map(({ market }) => [market, symbolsOf(market, options.symbols)]))
    const { clock } = yield* Effect.acquireRelease(Effect.sync(RunningClock.start), ({ stop }) => Effect.sync(stop))
    const simulator = yield* Simulator.scoped(simulatorOptions(seed, symbols, clock))
    const opened = yield* Effect.forEach(venues, ({ host, market, venue }) =>
      Effect.map(
        adapter.make({
          venue,
          name: venue,
          environment: "mainnet",
          endpoints: { stream: `ws://${host}:${simulator.port}`, rest: `http://${host}:${simulator.port}` },
          options: {},
          connection: connection(options)
        }),
        (made) => ({ venue, market, made, subscriptions: subscriptionsOf(market, symbols[market]!) })
      )
    )
    const oracle = Oracle.make(simulator, {
      venues: Object.fromEntries(
        opened.map(({ made, market, subscriptions, venue }) => [
          venue,
          { market, plan: made.plan(subscriptions).connections }
        ])
      ),
      ...(heapGrowthBytes !== undefined && { heapGrowthBytes })
    })
    const standing = new Standing()
    const handler = (event: Event.Event): void => {
      standing.accept(event)
      if (isHeard(event)) oracle.accept(event)
    }
    const streams = yield* Effect.forEach(opened, ({ made, subscriptions, venue }) =>
      Effect.gen(function* () {
        const stream = yield* MarketStream.open(made, subscriptions)
        yield* Effect.forkScoped(stream.consume(handler))
        return { venue, stream }
      })
    )
    const sampling = globalThis.setInterval(() => {
      if (heapBytes !== undefined) oracle.heap(heapBytes())
      onProgress?.(oracle.peek())
    }, SAMPLE_EVERY_MS)
    yield* Effect.addFinalizer(() => Effect.sync(() => clearInterval(sampling)))

    const steps = Scenario.random({ seed, durationMs, symbols })
    const calmAfterMs = yield* Effect.promise(async () => {
      const playing = simulator.control.play(steps)
      await Promise.all([playing.done, wait(clock, durationMs)])
      return calm(simulator, clock, standing)
    })
    const counts = Object.fromEntries(streams.map(({ stream, venue }) => [venue, stream.counts()]))
    const report = oracle.finish({ atMs: clock.now(), counts })
    const stops = yield* Effect.forEach(streams, ({ stream }) => stream.stop("5 seconds"))
    const left = stops.reduce((sum, stop) => sum + stop.left, 0)
    const told = streams.map(({ stream }) => stream.feed.counts())
    const audits = told.reduce((sum, each) => sum + each.audits, 0)
    const drifts = told.reduce((sum, each) => sum + each.drifts, 0)
    return { family, seed, report, scenario: steps, calmAfterMs, left, counts, audits, drifts }
  })

const hasLiquidations = (market: MarketKind): boolean => market !== "spot" && market !== "bybit-spot"

/** Time of the exchange, which stands still while the process does. */
const wait = (clock: Clock, ms: number): Promise<void> => new Promise((done) => void clock.after(ms, done))

/** Ends every fault, waits until all is well, lets it trade a little, and then stand still. */
const calm = async (
  { control, definitions }: Simulator.Simulator,
  clock: Clock,
  standing: Standing
): Promise<number | undefined> => {
  control.clear()
  const begin = clock.now()
  let wellSince: number | undefined
  let after: number | undefined
  while (clock.now() - begin < CALM_WITHIN_MS) {
    // a stream that has nothing to say would still be pending
    for (const { market, symbol, typicalSize } of definitions) {
      if (hasLiquidations(market)) control.liquidate(symbol, "sell", typicalSize, market)
    }
    await wait(clock, 100)
    const now = clock.now()
    if (!standing.isWhole) wellSince = undefined
    else wellSince ??= now
    after = wellSince === undefined ? undefined : Math.round(wellSince - begin)
    if (wellSince !== undefined && now - wellSince > WELL_MS) break
  }
  control.setRates({ tradesPerSecond: 0, ordersPerSecond: 0, liquidationsPerSecond: 0 })
  await wait(clock, STILL_MS)
  return after
}
