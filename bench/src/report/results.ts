/** Raw numbers of a series, with where, when and with what they were measured; one file each. */
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import type { Load, Machine } from "../machine.ts"
import type { MeasuredCase } from "../rounds.ts"

export interface Results {
  readonly series: string
  readonly date: string
  readonly machine: Machine
  /** Load averages before the first and after the last run. */
  readonly loadBefore: Load
  readonly loadAfter: Load
  readonly cases: ReadonlyArray<MeasuredCase>
}

/** What the documentation is made of. */
export const published = fileURLToPath(new URL("../../results", import.meta.url))

/** For everything else; not in the repository. */
export const local = fileURLToPath(new URL("../../results/local", import.meta.url))

const pathOf = (folder: string, series: string): string => `${folder}/${series}.json`

export const store = (folder: string, results: Results): void =>
  writeFileSync(pathOf(folder, results.series), `${JSON.stringify(results, undefined, 2)}\n`)

/** None where the series was not measured yet. */
export const load = (folder: string, series: string): ReadonlyArray<Results> => {
  const path = pathOf(folder, series)
  return existsSync(path) ? [JSON.parse(readFileSync(path, "utf8")) as Results] : []
}
