/**
 * One run of chaos with trading: a simulator in this process, an engine in another, trading live through the real adapters; the
 * faults of a seed, those of orders among them; the engine killed twice and started again on its journal; a calm end, and
 * the judgement.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import type { Journal } from "@tidewire/engine"
import { SqliteJournal } from "@tidewire/runner"
import { type Fault, type MarketKind, Scenario, Simulator } from "@tidewire/simulator"
import { Effect } from "effect"
import { EngineProcess } from "./EngineProcess.ts"
import { type Judged, type Judgement, judge } from "./judge.ts"
import type { Options, Traded } from "./strategy.ts"

export interface TradingChaosOptions {
  readonly seed: number
  readonly durationMs: number
}

export interface TradingOutcome extends Judgement {
  readonly seed: number
  readonly kills: number
  /** How long after the last fault all orders had ended; undefined if not in time. */
  readonly calmAfterMs: number | undefined
  readonly exitCode: number | null
  readonly printed: Readonly<Record<string, number>>
  readonly scenario: ReadonlyArray<Scenario.Step>
  readonly log: ReadonlyArray<string>
}

interface RunVenue extends Judged {
  readonly adapter: string
  readonly traded: ReadonlyArray<Traded>
}

const pairs = (venue: string, isSpot: boolean): ReadonlyArray<Traded> => [
  { venue, symbol: "BTCUSDT", size: 0.001, assets: isSpot ? ["BTC", "USDT"] : ["USDT"] },
  { venue, symbol: "ETHUSDT", size: 0.02, assets: isSpot ? ["ETH"] : [] }
]

const venues: ReadonlyArray<RunVenue> = [
  {
    venue: "binance",
    market: "spot",
    wallet: "spot",
    adapter: "@tidewire/adapter-binance",
    traded: pairs("binance", true)
  },
  {
    venue: "binance-usdm",
    market: "usdm",
    wallet: "usdm",
    digits: 8,
    adapter: "@tidewire/adapter-binance",
    traded: pairs("binance-usdm", false)
  },
  {
    venue: "bybit-linear",
    market: "bybit-linear",
    wallet: "bybit",
    adapter: "@tidewire/adapter-bybit",
    traded: pairs("bybit-linear", false)
  }
]

const ofOrders: ReadonlyArray<Fault["kind"]> = [
  "rejectOrder",
  "unknownOutcome",
  "lostAck",
  "earlyEvents",
  "doubleFill",
  "lateReports",
  "listenKeyExpired"
]

const account = { key: "chaos-key", secret: "chaos-secret" }

const KILLS = 2

/** From the calm on; a request that is never answered is given up after ten seconds. */
const CALM_WITHIN_MS = 60_000

const STRATEGY = fileURLToPath(new URL("strategy.ts", import.meta.url))

export const run = async ({ durationMs, seed }: TradingChaosOptions): Promise<TradingOutcome> => {
  const symbols = Object.fromEntries(
    venues.map(({ market, traded }) => [market, traded.map(({ symbol }) => symbol)])
  ) as Partial<Record<MarketKind, ReadonlyArray<string>>>
  const simulator = await Simulator.start({
    seed,
    symbols,
    accounts: [account],
    rates: { tradesPerSecond: 8, ordersPerSecond: 30 }
  })
  const folder = mkdtempSync(join(tmpdir(), "tidewire-chaos-"))
  try {
    const begin = Date.now()
    const configuration = join(folder, "tidewire.json")
    const until = begin + durationMs
    writeFileSync(configuration, JSON.stringify(configurationOf(simulator, { seed, until })))
    const environment = { CHAOS_KEY: account.key, CHAOS_SECRET: account.secret }
    const engine = new EngineProcess({ configuration, environment })
    engine.start()
    const steps = [
      ...Scenario.random({ seed, durationMs, symbols }),
      ...Scenario.random({ seed: seed + 1_000, durationMs, symbols, kinds: ofOrders })
    ].toSorted((left, right) => left.atMs - right.atMs)
    const playing = simulator.control.play(steps)
    for (let kill = 1; kill <= KILLS; kill++) {
      // between a quarter and three quarters, somewhere else with each seed
      await wait(begin + durationMs * (0.25 + 0.2 * kill + ((seed * 7 + kill * 3) % 10) / 100) - Date.now())
      await engine.kill()
      engine.start()
    }
    await playing.done
    simulator.control.clear()
    await wait(Math.max(0, until - Date.now()))
    const calmAfterMs = await calm(engine, simulator, until)
    const { standing } = engine
    const exitCode = await engine.stop()
    const truth = simulator.truth.account(account.key)
    const entries = await journalOf(join(folder, "journal.sqlite"))
    const judgement = judge(venues, entries, standing, truth)
    const violations = [
      ...judgement.violations,
      ...(calmAfterMs === undefined ? ["not calm in time"] : []),
      ...(exitCode === 0 ? [] : [`the engine ended with ${exitCode}`])
    ]
    const printed = Object.fromEntries(engine.printed)
    return {
      ...judgement,
      violations,
      seed,
      kills: KILLS,
      calmAfterMs,
      exitCode,
      printed,
      scenario: steps,
      log: engine.log
    }
  } finally {
    await simulator.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

const configurationOf = (
  { url, wsUrl }: Simulator.Simulator,
  { seed, until }: { readonly seed: number; readonly until: number }
) => {
  const options: Options = { traded: venues.flatMap(({ traded }) => traded), until, everyMs: 40 }
  return {
    venues: venues.map(({ adapter, venue }) => ({
      adapter,
      venue,
      endpoints: { stream: wsUrl, rest: url, ...(venue === "binance" && { api: wsUrl }) },
      options: { apiKey: { env: "CHAOS_KEY" }, apiSecret: { env: "CHAOS_SECRET" } },
      connection: {
        reconnect: {
          base: "100 millis",
          max: "2 seconds",
          attempts: 5,
          stableAfter: "2 seconds",
          coolDown: "2 seconds"
        },
        dialTimeout: "3 seconds",
        acknowledgeTimeout: "1 second"
      }
    })),
    engine: {
      mode: "live",
      journal: "journal.sqlite",
      paper: { seed },
      strategies: [{ module: STRATEGY, name: "chaos", options }],
      risk: {
        maxNotional: "none",
        maxPosition: "none",
        maxOpenOrders: 100,
        maxOrdersPerSecond: 50,
        maxOrdersPerMinute: 3_000,
        maxDailyLoss: "none",
        checkBalance: false
      }
    }
  }
}

/** Waits until the strategy knows of no open order, and what it has is what the exchange says, or does not become so. */
const calm = async (
  engine: EngineProcess,
  simulator: Simulator.Simulator,
  since: number
): Promise<number | undefined> => {
  while (Date.now() - since < CALM_WITHIN_MS && engine.isRunning) {
    await wait(100)
    const open = simulator.truth.account(account.key).orders.filter(({ status }) => status === "open")
    if (engine.standing?.isCalm !== true || open.length > 0) continue
    const after = Date.now() - since
    // what is on its way may still come, and the next report has it
    await wait(6_000)
    return after
  }
  return undefined
}

const journalOf = (path: string): Promise<ReadonlyArray<Journal.Entry>> =>
  Effect.runPromise(Effect.scoped(Effect.map(SqliteJournal.open(path), (journal) => [...journal.read()])))
