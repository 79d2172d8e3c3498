/** The command line of the benchmarks. */
import { parseArgs } from "node:util"

export type Series = "trades" | "depth" | "latency"

export const allSeries: ReadonlyArray<Series> = ["trades", "depth", "latency"]

export interface Options {
  readonly runs: number
  readonly only: ReadonlyArray<Series>
  /** Measured frames of a run, where the series' own number is not wanted. */
  readonly frames: number | undefined
  /** Measured seconds of a latency run. */
  readonly seconds: number
  readonly name: string
  readonly isSmoke: boolean
  readonly profile: boolean
  /** Only make the documentation's table anew from stored results. */
  readonly report: boolean
}

export const help = `Benchmarks of Tidewire against ws + JSON.parse.

  pnpm bench [options]

  --runs N            runs of each client in each series (default 7)
  --only A,B          series: trades, depth, latency (default all)
  --frames N          measured frames of a throughput run
  --seconds N         measured seconds of a latency run (default 10)
  --name NAME         name of the stored results (default binance-spot)
  --smoke             one short run of everything: fails on wrong results, and on a trade ratio below 0.4
  --profile           write a CPU profile of each Tidewire client to bench/results/local
  --report            measure nothing; make the table of docs/benchmarks.md anew from stored results
  --help

Numbers are raw in bench/results/<name>.json, and the table of docs/benchmarks.md is made anew, when every series was
run at least five times; else they are in bench/results/local. Progress is on standard error.
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
        name: { type: "string", default: "binance-spot" },
        smoke: { type: "boolean", default: false },
        profile: { type: "boolean", default: false },
        report: { type: "boolean", default: false },
        help: { type: "boolean", default: false }
      }
    })
    if (values.help) return "help"
    return {
      runs: positive("runs", values.runs) ?? (values.smoke ? 1 : 7),
      only: values.only === undefined ? allSeries : series(values.only),
      frames: positive("frames", values.frames),
      seconds: positive("seconds", values.seconds) ?? (values.smoke ? 1 : 10),
      name: values.name,
      isSmoke: values.smoke,
      profile: values.profile,
      report: values.report
    }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

const positive = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number <= 0) throw new RangeError(`--${name}: expected a number above 0`)
  return number
}

const series = (text: string): ReadonlyArray<Series> =>
  text.split(",").map((name) => {
    const found = allSeries.find((each) => each === name)
    if (found === undefined) throw new RangeError(`--only: expected ${allSeries.join(", ")}, got ${name}`)
    return found
  })
