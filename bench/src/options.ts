/** The command line of the benchmarks. */
import { parseArgs } from "node:util"
import { all } from "./series/all.ts"
import type { Series } from "./series/Series.ts"

/** Runs that a published number needs. */
const ENOUGH_RUNS = 5

const DEFAULT_RUNS = 5

export interface Options {
  readonly runs: number
  readonly only: ReadonlyArray<Series>
  /** Measured frames of a throughput run, where the series' own number is not wanted. */
  readonly frames: number | undefined
  /** Measured seconds of a latency run. */
  readonly seconds: number
  readonly isSmoke: boolean
  readonly profile: boolean
  /** The raw numbers and the documentation's tables are to be replaced. */
  readonly isPublished: boolean
  /** Only make the documentation's tables anew from stored results. */
  readonly report: boolean
}

const list = all.map(({ about, name }) => `    ${name.padEnd(14)}  ${about}`).join("\n")

export const help = `Benchmarks of Tidewire, against ws + JSON.parse and against others' libraries.

  pnpm bench [options]

  --only A,B     these series (default all):
${list}
  --runs N       runs of each client in each series (default ${DEFAULT_RUNS}); those of memory are run once
  --frames N     measured frames of a throughput run
  --seconds N    measured seconds of a latency run (default 10)
  --publish      with --only: keep the raw numbers, and make their tables in docs/benchmarks.md anew
  --smoke        everything once and briefly: fails on wrong results, and on ratios that only a fault explains
  --profile      write a CPU profile of each Tidewire client to bench/results/local
  --report       measure nothing; make the tables of docs/benchmarks.md anew from the stored results
  --help

Without --only everything is measured and published: raw numbers in bench/results, tables in docs/benchmarks.md. What is
asked for with --only, --frames, --seconds, fewer than ${ENOUGH_RUNS} runs, --profile or --smoke goes to bench/results/local and
replaces nothing. Tables are on standard output, progress on standard error. Ends with 1 when something is wrong, with 2
when the command line is. Leave the machine alone meanwhile.
`

/** What was asked for, or what is wrong with it. */
export const read = (args: ReadonlyArray<string>): Options | "help" | { readonly problem: string } => {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        runs: { type: "string" },
        only: { type: "string" },
        frames: { type: "string" },
        seconds: { type: "string" },
        publish: { type: "boolean", default: false },
        smoke: { type: "boolean", default: false },
        profile: { type: "boolean", default: false },
        report: { type: "boolean", default: false },
        help: { type: "boolean", default: false }
      }
    })
    if (values.help) return "help"
    const { profile, publish, report, smoke: isSmoke } = values
    const runs = positive("runs", values.runs) ?? (isSmoke ? 1 : DEFAULT_RUNS)
    const frames = positive("frames", values.frames)
    const seconds = positive("seconds", values.seconds)
    const isFull = !isSmoke && !profile && runs >= ENOUGH_RUNS && frames === undefined && seconds === undefined
    if (publish && !isFull) {
      throw new RangeError(
        `--publish: needs ${ENOUGH_RUNS} runs or more, and no --smoke, --profile, --frames or --seconds`
      )
    }
    return {
      runs,
      only: values.only === undefined ? all : named(values.only),
      frames,
      seconds: seconds ?? (isSmoke ? 1 : 10),
      isSmoke,
      profile,
      isPublished: isFull && (publish || values.only === undefined),
      report
    }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

const positive = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number <= 0) {
    throw new RangeError(`--${name}: expected a whole number above 0, got ${text}`)
  }
  return number
}

const named = (text: string): ReadonlyArray<Series> =>
  text.split(",").map((name) => {
    const found = all.find((each) => each.name === name)
    if (found !== undefined) return found
    throw new RangeError(`--only: expected ${all.map((each) => each.name).join(", ")}, got ${name}`)
  })
