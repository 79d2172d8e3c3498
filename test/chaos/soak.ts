/**
 * The soak: long runs of chaos, or of load, with figures. See docs/benchmarks.md for what they were.
 */
import { appendFileSync } from "node:fs"
import { describe } from "./describe.ts"
import * as Memory from "./memory.ts"
import { type ChaosOutcome, run } from "./run.ts"
import * as TradingSoak from "./trading/soak.ts"
import { help, read, type SoakOptions } from "./soakOptions.ts"

/** Below this a run is too short for its heap to have settled. */
const HEAP_JUDGED_FROM_MINUTES = 2

const say = (text: string): void => void process.stderr.write(`${text}\n`)

const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1)

const collect = globalThis.gc as (() => void) | undefined

const heapBytes = (): number => {
  collect?.()
  return process.memoryUsage().heapUsed
}

const sum = (outcomes: ReadonlyArray<ChaosOutcome>, of: (outcome: ChaosOutcome) => number): number =>
  outcomes.reduce((total, outcome) => total + of(outcome), 0)

const soak = async (options: SoakOptions): Promise<number> => {
  const outcomes: Array<ChaosOutcome> = []
  for (const seed of options.seeds) {
    const begin = performance.now()
    const outcome = await run({
      family: options.family,
      seed,
      durationMs: options.minutes * 60_000,
      symbols: options.symbols,
      ...(collect !== undefined && { heapBytes }),
      ...(options.minutes >= HEAP_JUDGED_FROM_MINUTES && { heapGrowthBytes: options.heapGrowthMB * 2 ** 20 }),
      onProgress: ({ accounted, heap, violationCount }) => {
        const { events, gaps, reconnects, repairedGaps } = accounted
        say(
          `seed ${seed} ${Math.round((performance.now() - begin) / 1_000)} s: ${events} events, ${gaps} gaps (${repairedGaps} repaired), ` +
            `${reconnects} reconnects, ${violationCount} violations` +
            (heap === undefined ? "" : `, heap ${megabytes(heap.lastBytes)} MB`)
        )
      }
    })
    outcomes.push(outcome)
    const isGood = outcome.report.violationCount === 0 && outcome.left === 0
    say(isGood ? `seed ${seed}: no violation` : describe(outcome))
  }
  const total = (key: keyof ChaosOutcome["report"]["accounted"]) => sum(outcomes, ({ report }) => report.accounted[key])
  const failed = outcomes.filter(({ left, report }) => report.violationCount > 0 || left > 0).map(({ seed }) => seed)
  const growth = outcomes.flatMap(({ report }) => report.heap?.growthBytes ?? [])
  const summary = {
    venues: options.family,
    seeds: options.seeds.length,
    minutes: options.minutes,
    symbols: options.symbols,
    failed,
    violations: sum(outcomes, ({ report }) => report.violationCount),
    accounted: Object.fromEntries(
      Object.keys(outcomes[0]!.report.accounted).map((key) => [
        key,
        total(key as keyof ChaosOutcome["report"]["accounted"])
      ])
    ),
    heapGrowthMB: growth.map((bytes) => Number(megabytes(bytes)))
  }
  process.stdout.write(`${JSON.stringify(summary)}\n`)
  if (options.report !== undefined) {
    const most = growth.length === 0 ? "–" : megabytes(Math.max(...growth))
    const cells = [
      new Date().toISOString().slice(0, 10),
      options.family,
      `${options.seeds.length} × ${options.minutes} min`,
      total("events"),
      total("booksCompared"),
      total("reconnects"),
      `${total("gaps")} (${total("repairedGaps")})`,
      summary.violations,
      most
    ]
    appendFileSync(options.report, `| ${cells.join(" | ")} |\n`)
  }
  return failed.length === 0 ? 0 : 1
}

const main = async (): Promise<number> => {
  const options = read(process.argv.slice(2))
  if (options === "help") {
    process.stdout.write(help)
    return 0
  }
  if ("problem" in options) {
    say(`${options.problem}\n\n${help}`)
    return 2
  }
  if (options.mode === "chaos") return soak(options)
  if (options.mode === "trading") return TradingSoak.soak(options, say)
  if (collect === undefined) throw new Error("memory is measured after collections: run it with --expose-gc")
  const measured = await Memory.measure(options.mode, options, heapBytes, say)
  process.stdout.write(`${JSON.stringify(measured)}\n`)
  if (options.report !== undefined) appendFileSync(options.report, `| ${Object.values(measured).join(" | ")} |\n`)
  return measured.problems.length === 0 ? 0 : 1
}

try {
  process.exitCode = await main()
} catch (error) {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.exitCode = 1
}
