/**
 * What goes wrong in a run, and when: a pure function of the seed, of every kind of fault that the simulator has.
 * Most faults end by their count or duration; the others when the client heals them, or when the run ends.
 */
import type { Clock, Fault, MarketKind, Simulator } from "@tidewire/simulator"
import { type Draw, drawer } from "./draw.ts"

export interface Step {
  /** After the beginning. */
  readonly atMs: number
  readonly fault: Fault
}

export interface ScenarioOptions {
  readonly seed: number
  readonly durationMs: number
  readonly symbols: Readonly<Record<MarketKind, ReadonlyArray<string>>>
}

export interface Playing {
  /** Resolves after the last step. */
  readonly done: Promise<void>
  readonly stop: () => void
  /** The steps that were taken. */
  readonly log: ReadonlyArray<Step>
}

/** On average, between two steps. */
const MEAN_WAIT_MS = 400

const streams: Record<MarketKind, ReadonlyArray<string>> = {
  spot: ["trade", "bookTicker", "depth@100ms", "kline_1s", "kline_1m", "ticker"],
  usdm: ["aggTrade", "bookTicker", "depth@100ms", "depth20@100ms", "kline_1m", "ticker", "markPrice@1s", "forceOrder"]
}

const forms = ["json", "truncated", "types", "missing", "binary", "empty"] as const

/** Mostly an end of its own; else only the client's own doing ends it, or the end of the run. */
const someEnd = (draw: Draw) => (draw.chance(0.8) ? { durationMs: draw.between(500, 5_000) } : {})

/** One symbol of one market, all of its connections. */
const someSymbol = (draw: Draw, { symbols }: ScenarioOptions) => {
  const market = draw.oneOf(["spot", "usdm"] as const)
  return { market, symbol: draw.oneOf(symbols[market]) }
}

/** One stream of one symbol. */
const someStream = (draw: Draw, options: ScenarioOptions) => {
  const filter = someSymbol(draw, options)
  return { ...filter, stream: `${filter.symbol.toLowerCase()}@${draw.oneOf(streams[filter.market])}` }
}

/** Mostly one symbol, sometimes a whole market. */
const someConnections = (draw: Draw, options: ScenarioOptions) => {
  const { market, symbol } = someSymbol(draw, options)
  return draw.chance(0.1) ? { market } : { market, symbol }
}

const makers: ReadonlyArray<(draw: Draw, options: ScenarioOptions) => Fault> = [
  (draw, options) => ({ kind: "kill", filter: someConnections(draw, options) }),
  (draw, options) => ({ kind: "kill", filter: someConnections(draw, options) }),
  (draw, options) => {
    const code = draw.oneOf([1000, 1001, 1008, 1011, 1012, 3000])
    return { kind: "close", code, filter: someConnections(draw, options) }
  },
  (draw, options) => ({ kind: "shutdownNotice", filter: someConnections(draw, options) }),
  (draw) => {
    const status = draw.oneOf([undefined, 403, 429, 503])
    const fault: Fault = { kind: "refuse", count: draw.between(1, 3), filter: { market: draw.oneOf(["spot", "usdm"]) } }
    return status === undefined ? fault : { ...fault, status }
  },
  (draw) => ({ kind: "slowHandshake", delayMs: draw.between(100, 1_500), durationMs: draw.between(500, 2_000) }),
  (draw, options) => ({
    kind: "silence",
    ...someEnd(draw),
    filter: someConnections(draw, options)
  }),
  (draw, options) => ({
    kind: "silentStream",
    ...someEnd(draw),
    until: draw.oneOf(["resubscribe", "reconnect"]),
    filter: someStream(draw, options)
  }),
  (draw) => ({ kind: "crowdedSilence", maxStreams: draw.between(3, 8), durationMs: draw.between(300, 1_500) }),
  (draw, options) => ({ kind: "drop", count: draw.between(1, 5), filter: someStream(draw, options) }),
  (draw, options) => ({ kind: "drop", count: draw.between(1, 5), filter: someStream(draw, options) }),
  (draw, options) => ({ kind: "duplicate", count: draw.between(1, 5), filter: someStream(draw, options) }),
  (draw, options) => ({ kind: "reorder", count: draw.between(1, 3), filter: someStream(draw, options) }),
  (draw, options) => ({
    kind: "malformed",
    form: draw.oneOf(forms),
    keep: draw.chance(0.5),
    count: draw.between(1, 5),
    filter: someStream(draw, options)
  }),
  (draw, options) => ({ kind: "omitClosingBar", filter: someSymbol(draw, options) }),
  // far behind: what is told under an id of a moment ago nobody can see through
  (draw, options) => ({ kind: "staleSnapshot", filter: someSymbol(draw, options) }),
  (draw, options) => ({ kind: "aheadSnapshot", holdMs: draw.between(50, 800), filter: someSymbol(draw, options) }),
  (draw, options) => ({
    kind: "rest",
    status: draw.oneOf([418, 429, 500, 503]),
    retryAfterS: 1,
    count: draw.between(1, 3),
    filter: someSymbol(draw, options)
  }),
  (draw, options) => ({ kind: "restTimeout", filter: someSymbol(draw, options) }),
  (draw) => ({ kind: "slowRest", delayMs: draw.between(50, 1_500), durationMs: draw.between(500, 3_000) })
]

export const random = (options: ScenarioOptions): ReadonlyArray<Step> => {
  const draw = drawer(options.seed)
  const steps: Array<Step> = []
  for (let atMs = draw.wait(MEAN_WAIT_MS); atMs < options.durationMs; atMs += draw.wait(MEAN_WAIT_MS)) {
    steps.push({ atMs: Math.round(atMs), fault: draw.oneOf(makers)(draw, options) })
  }
  return steps
}

/** Takes the steps at their times on the exchange's clock; `stop` takes no more. */
export const play = ({ control }: Simulator.Simulator, clock: Clock, steps: ReadonlyArray<Step>): Playing => {
  const log: Array<Step> = []
  const begin = clock.now()
  let cancel = (): void => {}
  const { promise, resolve } = Promise.withResolvers<void>()
  const next = (index: number): void => {
    const step = steps[index]
    if (step === undefined) return resolve()
    cancel = clock.after(Math.max(0, begin + step.atMs - clock.now()), () => {
      control.inject(step.fault)
      log.push(step)
      next(index + 1)
    })
  }
  next(0)
  const stop = (): void => {
    cancel()
    resolve()
  }
  return { done: promise, stop, log }
}
