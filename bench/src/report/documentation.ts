/**
 * Puts the tables in their places in docs/benchmarks.md, from the stored results. The place of a table of which nothing was
 * stored stays as it is.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import type { Series } from "../series/Series.ts"
import { gcTable } from "./gcTable.ts"
import { type Found, goalTable } from "./goals.ts"
import { markdown } from "./markdown.ts"
import * as Results from "./results.ts"

export const page = fileURLToPath(new URL("../../../docs/benchmarks.md", import.meta.url))
const END = "<!-- end of table -->"

interface Stored extends Found {
  readonly results: Results.Results
}

export const write = (all: ReadonlyArray<Series>): void => {
  const stored = all.flatMap((series) =>
    Results.load(Results.published, series.name).map((results): Stored => ({ series, cases: results.cases, results }))
  )
  const tables = [
    ["goals", goalTable(stored)],
    ["gc", gcTable(stored)],
    ["circumstances", circumstances(stored.map(({ results }) => results))],
    ...stored.map(({ cases, series }) => [series.name, series.details?.(cases) ?? ""] as const)
  ] as const
  const made = tables
    .filter(([, table]) => table !== "")
    .reduce((text, [name, table]) => put(text, name, table), read())
  writeFileSync(page, made)
}

const read = (): string => readFileSync(page, "utf8")

/** The page with a table in its place. */
export const put = (text: string, name: string, table: string): string => {
  const begin = `<!-- table: ${name} -->\n`
  const at = text.indexOf(begin)
  const end = text.indexOf(END, at)
  if (at === -1 || end === -1)
    throw new Error(`docs/benchmarks.md: no place for a table; add ${begin.trim()} and ${END}`)
  return `${text.slice(0, at + begin.length)}\n${table}\n\n${text.slice(end)}`
}

const circumstances = (results: ReadonlyArray<Results.Results>): string => {
  if (results.length === 0) return ""
  const machines = [...new Set(results.map(({ machine }) => machineText(machine)))]
  const table = markdown(
    ["series", "measured", "commit", "runs", "frames", "bytes a frame", "load average before, after"],
    results.map(({ cases, date, loadAfter, loadBefore, machine, series }) => [
      series,
      date.slice(0, 10),
      machine.commit,
      String(Math.max(...cases.flatMap(({ runs }) => runs.map(({ round }) => round)))),
      [...new Set(cases.flatMap(({ source }) => source ?? []))].join(", ") || "–",
      [...new Set(cases.flatMap(({ bytesPerFrame }) => bytesPerFrame ?? []))].join(", ") || "–",
      `${loadBefore.oneMinute}, ${loadAfter.oneMinute}`
    ])
  )
  return `${machines.join("\n")}\n\n${table}`
}

const machineText = ({ cores, cpu, memoryGB, node, packages, system }: Results.Results["machine"]): string => {
  const versions = Object.entries(packages).flatMap(([name, version]) =>
    version === "0.0.0" ? [] : [`\`${name}\` ${version}`]
  )
  return `${cpu}, ${cores} cores, ${memoryGB} GB, ${system}, Node ${node};\n${versions.join(", ")}.`
}
