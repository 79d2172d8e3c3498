/** The command line of the soak. */
import { parseArgs } from "node:util"
import { families, type FamilyName } from "./market.ts"

export interface SoakOptions {
  readonly mode: "chaos" | "trading" | "streams" | "symbols"
  /** Whose markets chaos is for. */
  readonly family: FamilyName
  /** Of each seed. */
  readonly minutes: number
  readonly seeds: ReadonlyArray<number>
  /** Of each market; of the one market, where memory is measured. */
  readonly symbols: number
  readonly heapGrowthMB: number
  /** A file that a row of a table is appended to. */
  readonly report: string | undefined
}

export const help = `A long run of chaos: seeded faults on the simulated exchange, judged by its oracle.

  pnpm soak [options]

  --venues NAME       whose markets: binance (default) or bybit; or trading: an engine that trades on all that it can, is
                      killed and started again, and is held against the truth of its account
  --minutes N         how long each seed runs (default 2; 0.5 of trading)
  --seeds A..B        these seeds, one after another (default 1..1)
  --seed N            one seed
  --symbols K         symbols of each market (default 5)
  --heap-growth MB    how far the heap may grow in a run of two minutes or more (default 8)
  --memory MODE       no faults, the exchange in a process of its own; one of
                        streams: 10 symbols x 5 streams at 5 000 messages a second (default 10 minutes)
                        symbols: 1 000 symbols x 3 streams (default 1 minute)
  --report FILE       append a row of a Markdown table to this file
  --help

Progress is on standard error, a summary in JSON on standard output. Ends with 1 after a violation, with 2 when the
command line is wrong.
`

const familyNames = Object.keys(families) as ReadonlyArray<FamilyName>

const modes = ["streams", "symbols"] as const

/** What was asked for, or what is wrong with it. */
export const read = (args: ReadonlyArray<string>): SoakOptions | "help" | { readonly problem: string } => {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        venues: { type: "string", default: "binance" },
        minutes: { type: "string" },
        seeds: { type: "string" },
        seed: { type: "string" },
        symbols: { type: "string" },
        "heap-growth": { type: "string" },
        memory: { type: "string" },
        report: { type: "string" },
        help: { type: "boolean", default: false }
      }
    })
    if (values.help) return "help"
    if (values.seed !== undefined && values.seeds !== undefined) throw new RangeError("--seed or --seeds, not both")
    const isTrading = values.venues === "trading"
    const family = isTrading ? "binance" : familyNames.find((name) => name === values.venues)
    if (family === undefined) {
      throw new RangeError(`--venues: expected ${familyNames.join(", ")} or trading, got ${values.venues}`)
    }
    const memory = modes.find((mode) => mode === values.memory)
    if (values.memory !== undefined && memory === undefined) {
      throw new RangeError(`--memory: expected ${modes.join(" or ")}, got ${values.memory}`)
    }
    if (memory !== undefined && isTrading) throw new RangeError("--memory has no trading in it")
    const mode = memory ?? (isTrading ? "trading" : "chaos")
    return {
      mode,
      family,
      minutes: positive("minutes", values.minutes) ?? { chaos: 2, trading: 0.5, streams: 10, symbols: 1 }[mode],
      seeds: seedsOf(values.seed ?? values.seeds ?? "1"),
      symbols: whole("symbols", values.symbols) ?? { chaos: 5, trading: 2, streams: 10, symbols: 1_000 }[mode],
      heapGrowthMB: positive("heap-growth", values["heap-growth"]) ?? 8,
      report: values.report
    }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

const positive = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined
  const number = Number(text)
  if (!(number > 0) || number === Infinity) throw new RangeError(`--${name}: expected a number above 0, got ${text}`)
  return number
}

const whole = (name: string, text: string | undefined): number | undefined => {
  const number = positive(name, text)
  if (number !== undefined && !Number.isSafeInteger(number)) {
    throw new RangeError(`--${name}: expected a whole number, got ${text}`)
  }
  return number
}

const seedsOf = (text: string): ReadonlyArray<number> => {
  const [, first, last = first] = /^(\d+)(?:\.\.(\d+))?$/.exec(text) ?? []
  const count = Number(last) - Number(first) + 1
  if (!(count >= 1)) throw new RangeError(`--seeds: expected N or A..B, got ${text}`)
  return Array.from({ length: count }, (_, index) => Number(first) + index)
}
