/**
 * The benchmarks: measures, prints the table, keeps the raw numbers. See docs/benchmarks.md for what is measured.
 */
import { mkdirSync } from "node:fs"
import { fileURLToPath } from "node:url"
import * as Clock from "./clock.ts"
import * as Machine from "./machine.ts"
import * as Options from "./options.ts"
import { plan } from "./plans.ts"
import * as Report from "./report.ts"
import * as Series from "./series.ts"

/** Below this, something is broken rather than slow. */
const SMOKE_TRADE_RATIO = 0.4

/** Runs that a published number needs. */
const ENOUGH_RUNS = 5

const localFolder = fileURLToPath(new URL("../results/local", import.meta.url))
const publishedFolder = fileURLToPath(new URL("../results", import.meta.url))

const progress = (text: string): void => void process.stderr.write(`${text}\n`)

const measure = async (options: Options.Options): Promise<Report.Results> => {
  const machine = Machine.read()
  const loadBefore = Machine.load()
  const clockBase = Clock.readBase()
  const date = new Date().toISOString()
  const series: Record<string, Series.Measured> = {}
  for (const name of options.only) {
    series[name] = await Series.run({
      plan: plan(name, options),
      clients: [Series.baseline, Series.tidewire],
      rounds: options.runs,
      clockBase,
      flags: options.profile ? ["--cpu-prof", `--cpu-prof-dir=${localFolder}`] : [],
      progress
    })
  }
  return { name: options.name, date, machine, loadBefore, loadAfter: Machine.load(), series }
}

const main = async (): Promise<number> => {
  const options = Options.read(process.argv.slice(2))
  if (options === "help") {
    process.stdout.write(Options.help)
    return 0
  }
  if ("problem" in options) {
    progress(`${options.problem}\n\n${Options.help}`)
    return 2
  }
  if (options.report) {
    Report.writeDocumentation(Report.load(publishedFolder, options.name))
    return 0
  }
  mkdirSync(localFolder, { recursive: true })
  const results = await measure(options)
  const rows = Report.rows(results)
  process.stdout.write(Report.text(rows))
  const isPublished =
    !options.isSmoke &&
    !options.profile &&
    options.runs >= ENOUGH_RUNS &&
    options.only.length === Options.allSeries.length
  const name = options.isSmoke ? "smoke" : options.name
  progress(`raw numbers: ${Report.store(isPublished ? publishedFolder : localFolder, { ...results, name })}`)
  if (isPublished) Report.writeDocumentation(results)
  const tradeRatio = rows.find((row) => row.id === "trades")?.ratio?.median
  if (!options.isSmoke || tradeRatio === undefined || tradeRatio >= SMOKE_TRADE_RATIO) return 0
  progress(`trades: ratio ${tradeRatio.toFixed(2)} is below ${SMOKE_TRADE_RATIO}`)
  return 1
}

try {
  process.exitCode = await main()
} catch (error) {
  progress(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
