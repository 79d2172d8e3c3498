/**
 * `tidewire sim`: the simulated exchange alone, for anybody's bot. Standard output gets one line when it is ready,
 * `{"url":…,"wsUrl":…}`; standard error what it is and what to try.
 */
import { describe, Simulator } from "@tidewire/simulator"
import * as Effect from "effect/Effect"
import * as LogLevel from "effect/LogLevel"
import * as References from "effect/References"
import * as Standard from "../output/standard.ts"
import { Failed } from "../process/exit.ts"
import * as Signals from "../process/signals.ts"

export interface Flags {
  readonly port: number
  readonly host: string
  readonly seed: number | undefined
  readonly symbols: string | undefined
  readonly rate: number | undefined
  readonly untilStdinEnds: boolean
}

export const sim = Effect.fnUntraced(function* (flags: Flags) {
  const signal = yield* Signals.stopRequested
  const simulator = yield* Effect.acquireRelease(start(flags), (each) => Effect.promise(() => each.stop()))
  const level = yield* References.MinimumLogLevel
  if (LogLevel.isLessThanOrEqualTo(level, "Info")) yield* Effect.sync(() => process.stderr.write(describe(simulator)))
  const { url, wsUrl } = simulator
  yield* Standard.print(JSON.stringify({ url, wsUrl }))
  const end = flags.untilStdinEnds ? Effect.raceFirst(signal, stdinEnded) : signal
  yield* end
}, Effect.scoped)

const start = ({ host, port, rate, seed, symbols }: Flags) => {
  const names = symbols?.split(",").map((each) => each.trim().toUpperCase())
  return Effect.tryPromise({
    try: () =>
      Simulator.start({
        host,
        port,
        ...(seed !== undefined && { seed }),
        ...(names !== undefined && { symbols: { spot: names, usdm: names } }),
        ...(rate !== undefined && { rates: { tradesPerSecond: rate } })
      }),
    catch: (cause) =>
      new Failed({
        message: "the simulator could not start",
        context: { host, port, reason: cause instanceof Error ? cause.message : String(cause) },
        cause
      })
  })
}

const stdinEnded = Effect.callback<void>((resume) => {
  const done = () => resume(Effect.void)
  process.stdin.on("end", done).on("close", done).on("error", done).resume()
})
