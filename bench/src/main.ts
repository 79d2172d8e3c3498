/**
 * The benchmarks: measures, prints tables, keeps the raw numbers. See docs/benchmarks.md for what is measured.
 */
import { mkdirSync } from "node:fs"
import * as Clock from "./clock.ts"
import * as Machine from "./machine.ts"
import * as Options from "./options.ts"
import * as Documentation from "./report/documentation.ts"
import { gcTable } from "./report/gcTable.ts"
import { type Found, goalTable, trippedGuards } from "./report/goals.ts"
import * as Results from "./report/results.ts"
import { all } from "./series/all.ts"
import type { Series } from "./series/Series.ts"

const progress = (text: string): void => void process.stderr.write(`${text}\n`)

const say = (text: string): void => void process.stdout.write(`${text}\n\n`)

const measure = async (series: Series, options: Options.Options): Promise<Results.Results> => {
  const machine = Machine.read()
  const loadBefore = Machine.load()
  const date = new Date().toISOString()
  const cases = await series.measure({
    rounds: options.runs,
    isSmoke: options.isSmoke,
    frames: options.frames,
    seconds: options.seconds,
    clockBase: Clock.readBase(),
    flags: options.profile ? ["--cpu-prof", `--cpu-prof-dir=${Results.local}`] : [],
    progress
  })
  return { series: series.name, date, machine, loadBefore, loadAfter: Machine.load(), cases }
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
    Documentation.write(all)
    return 0
  }
  mkdirSync(Results.local, { recursive: true })
  if (!options.isSmoke) warn()
  const folder = options.isPublished ? Results.published : Results.local
  const found: Array<Found> = []
  const failures: Array<string> = []
  for (const [index, series] of options.only.entries()) {
    progress(`${index + 1} of ${options.only.length}: ${series.about}`)
    try {
      const results = await measure(series, options)
      Results.store(folder, results)
      found.push({ series, cases: results.cases })
    } catch (error) {
      // the others are worth having
      failures.push(
        `${series.name} failed: ${reason(error)}\n  again: pnpm bench --only ${series.name}${again(options)}`
      )
      progress(failures.at(-1)!)
    }
  }
  if (found.length > 0) say(goalTable(found))
  for (const { cases, series } of found) if (series.details !== undefined) say(series.details(cases))
  say(gcTable(found))
  progress(`raw numbers: ${folder}`)
  if (options.isPublished) Documentation.write(all)
  if (options.isSmoke) failures.push(...trippedGuards(found))
  for (const each of failures) progress(each)
  return failures.length === 0 ? 0 : 1
}

/** Above this, something else is running. */
const QUIET_LOAD = 0.5

/** Of what will show in the numbers. */
const warn = (): void => {
  const { oneMinute } = Machine.load()
  if (oneMinute > QUIET_LOAD) progress(`warning: the machine is busy (load average ${oneMinute}); wait until it is not`)
  if (process.env["TIDEWIRE_RECORDINGS"] === undefined) {
    progress("warning: TIDEWIRE_RECORDINGS names no folder of recordings; Binance's frames will be generated too")
  }
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const again = ({ isPublished, isSmoke }: Options.Options): string => {
  if (isSmoke) return " --smoke"
  return isPublished ? " --publish" : ""
}

try {
  process.exitCode = await main()
} catch (error) {
  progress(reason(error))
  process.exitCode = 1
}
