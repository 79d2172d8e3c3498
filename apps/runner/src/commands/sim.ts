/**
 * `tidewire sim`: the simulated exchange alone, for anybody's bot. Standard output gets one line when it is ready,
 * `{"url":…,"wsUrl":…}`; standard error what it is and what to try.
 */
import * as fs from "node:fs/promises"
import {
  type AccountDefinition,
  BadRequest,
  describe,
  everyMarket,
  parseAccounts,
  Scenario,
  Simulator
} from "@tidewire/simulator"
import * as Effect from "effect/Effect"
import * as LogLevel from "effect/LogLevel"
import * as References from "effect/References"
import { BadConfiguration, type Problem } from "../configuration/Problem.ts"
import * as Standard from "../output/standard.ts"
import { Failed } from "../process/exit.ts"
import * as Signals from "../process/signals.ts"

export interface Flags {
  readonly port: number
  readonly host: string
  readonly seed: number | undefined
  readonly symbols: string | undefined
  readonly rate: number | undefined
  /** Divides the server's lifetimes, ping periods and limit windows. */
  readonly clockScale?: number | undefined
  /** A file with what is to go wrong, and when. */
  readonly scenario?: string | undefined
  /** A file with who may trade. */
  readonly accounts?: string | undefined
  readonly untilStdinEnds: boolean
}

export const sim = Effect.fnUntraced(function* (flags: Flags) {
  const signal = yield* Signals.stopRequested
  if (flags.clockScale !== undefined && !(flags.clockScale > 0)) {
    const message = `${flags.clockScale} is no scale; above 0 is`
    return yield* new BadConfiguration({ source: "the command line", problems: [{ path: "--clock-scale", message }] })
  }
  const steps = flags.scenario === undefined ? undefined : yield* scenarioIn(flags.scenario)
  const accounts = flags.accounts === undefined ? undefined : yield* accountsIn(flags.accounts)
  const simulator = yield* Effect.acquireRelease(start(flags, steps, accounts), (each) =>
    Effect.promise(() => each.stop())
  )
  const level = yield* References.MinimumLogLevel
  if (LogLevel.isLessThanOrEqualTo(level, "Info")) yield* Effect.sync(() => process.stderr.write(describe(simulator)))
  const { url, wsUrl } = simulator
  yield* Standard.print(JSON.stringify({ url, wsUrl }))
  yield* Effect.forkScoped(told(simulator))
  const end = flags.untilStdinEnds ? Effect.raceFirst(signal, stdinEnded) : signal
  yield* end
}, Effect.scoped)

/** The text of a file that a flag names; what cannot be read is the user's to put right. */
const textOf = (file: string, bad: (problem: Problem) => BadConfiguration) =>
  Effect.tryPromise({
    try: () => fs.readFile(file, "utf8"),
    catch: (cause) => {
      const { code, message } = cause as NodeJS.ErrnoException
      return bad({ path: "", message: code === "ENOENT" ? "there is no such file" : message })
    }
  })

/** The steps of a scenario's file. */
const scenarioIn = Effect.fnUntraced(function* (file: string) {
  const bad = (problem: Problem) => new BadConfiguration({ source: `--scenario ${file}`, problems: [problem] })
  const text = yield* textOf(file, bad)
  return yield* Effect.try({
    try: () => Scenario.parse(text),
    catch: (cause) => {
      if (!(cause instanceof Scenario.ScenarioError)) throw cause
      const { expected, given, line } = cause
      return bad({ path: `line ${line}`, message: `expected ${expected}, not ${given}` })
    }
  })
})

/** The accounts of a file; what is wrong is told without what stands there, which is secret. */
const accountsIn = Effect.fnUntraced(function* (file: string) {
  const bad = (problem: Problem) => new BadConfiguration({ source: `--accounts ${file}`, problems: [problem] })
  const text = yield* textOf(file, bad)
  return yield* Effect.try({
    try: () => parseAccounts(text),
    catch: (cause) => {
      if (!(cause instanceof BadRequest)) throw cause
      return bad({ path: "", message: cause.message })
    }
  })
})

/** A scenario that ends at a step which cannot be done does not end the simulator, but is told. */
const told = ({ scenario }: Simulator.Simulator) =>
  Effect.tryPromise(() => scenario?.done ?? Promise.resolve()).pipe(
    Effect.catch(({ cause }) =>
      Effect.logWarning("the scenario ended at a step that cannot be done").pipe(
        Effect.annotateLogs({ reason: cause instanceof Error ? cause.message : String(cause) })
      )
    )
  )

const start = (
  { clockScale, host, port, rate, seed, symbols }: Flags,
  scenario: ReadonlyArray<Scenario.Step> | undefined,
  accounts: ReadonlyArray<AccountDefinition> | undefined
) => {
  const names = symbols?.split(",").map((each) => each.trim().toUpperCase())
  return Effect.tryPromise({
    try: () =>
      Simulator.start({
        host,
        port,
        ...(seed !== undefined && { seed }),
        ...(names !== undefined && { symbols: everyMarket(names) }),
        ...(clockScale !== undefined && { clockScale }),
        ...(scenario !== undefined && { scenario }),
        ...(accounts !== undefined && { accounts }),
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
