/**
 * From raw runs to a table: medians of runs, and ratios as the median of the ratios of each round, in which the two
 * clients ran one right after the other.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import type { Load, Machine } from "./machine.ts"
import type { Result } from "./messages.ts"
import { baseline, type Measured, tidewire } from "./series.ts"
import { median } from "./statistics.ts"

export interface Results {
  readonly name: string
  readonly date: string
  readonly machine: Machine
  /** Load averages before the first and after the last run. */
  readonly loadBefore: Load
  readonly loadAfter: Load
  readonly series: Readonly<Record<string, Measured>>
}

interface Middle {
  readonly median: number
  readonly least: number
  readonly most: number
}

export interface Row {
  readonly id: string
  readonly what: string
  readonly baseline: Middle | undefined
  readonly tidewire: Middle
  /** Tidewire to baseline. */
  readonly ratio: Middle | undefined
  readonly floor: string
}

/** What a row shows of a run. */
interface Column {
  readonly id: string
  readonly series: string
  readonly what: string
  readonly floor: string
  readonly read: (result: Result) => number | undefined
}

const columns: ReadonlyArray<Column> = [
  {
    id: "trades",
    series: "trades",
    what: "trade frames/s, socket to handler",
    floor: "ratio ≥ 0.9",
    read: (result) => result.throughput?.framesPerSecond
  },
  {
    id: "tradesProcessor",
    series: "trades",
    what: "processor time a trade frame, µs",
    floor: "",
    read: (result) => result.throughput?.cpuMicros
  },
  {
    id: "depth",
    series: "depth",
    what: "depth frames/s, with the checked, live book",
    floor: "ratio ≥ 0.7",
    read: (result) => result.throughput?.framesPerSecond
  },
  {
    id: "depthProcessor",
    series: "depth",
    what: "processor time a depth frame, µs",
    floor: "",
    read: (result) => result.throughput?.cpuMicros
  },
  {
    id: "callbackP50",
    series: "latency",
    what: "callback to handler, p50, µs",
    floor: "",
    read: (result) => result.latency?.fromCallback?.p50
  },
  {
    id: "callbackP99",
    series: "latency",
    what: "callback to handler, p99, µs",
    floor: "< 1000 µs",
    read: (result) => result.latency?.fromCallback?.p99
  },
  {
    id: "callbackMax",
    series: "latency",
    what: "callback to handler, max, µs",
    floor: "",
    read: (result) => result.latency?.fromCallback?.max
  },
  {
    id: "senderP50",
    series: "latency",
    what: "sender's stamp to handler, p50, µs",
    floor: "ratio ≤ 1.5",
    read: (result) => result.latency?.fromSender.p50
  },
  {
    id: "senderP99",
    series: "latency",
    what: "sender's stamp to handler, p99, µs",
    floor: "ratio ≤ 1.5",
    read: (result) => result.latency?.fromSender.p99
  }
]

export const rows = (results: Results): ReadonlyArray<Row> =>
  columns.flatMap((column): ReadonlyArray<Row> => {
    const runs = results.series[column.series]?.runs ?? []
    const values = (client: string): ReadonlyArray<number> =>
      runs
        .filter((run) => run.client === client)
        .sort((left, right) => left.round - right.round)
        .flatMap((run) => column.read(run.result) ?? [])
    const ours = values(tidewire.name)
    const theirs = values(baseline.name)
    if (ours.length === 0) return []
    const { floor, id, what } = column
    const compared = theirs.length === 0 ? undefined : middle(ours.map((value, index) => value / theirs[index]!))
    const base = theirs.length === 0 ? undefined : middle(theirs)
    return [{ id, what, floor, baseline: base, tidewire: middle(ours), ratio: compared }]
  })

const middle = (values: ReadonlyArray<number>): Middle => ({
  median: median(values),
  least: Math.min(...values),
  most: Math.max(...values)
})

const HEAD = ["measured", baseline.name, tidewire.name, "ratio", "floor"]

const cells = (row: Row): ReadonlyArray<string> => [
  row.what,
  row.baseline === undefined ? "–" : written(row.baseline),
  written(row.tidewire),
  row.ratio === undefined ? "–" : written(row.ratio, 2),
  row.floor
]

/** Median, least and most. */
const written = ({ least, median: value, most }: Middle, digits?: number): string => {
  const number = (each: number): string => {
    if (digits !== undefined) return each.toFixed(digits)
    if (each < 100) return each.toFixed(each < 10 ? 2 : 1)
    return String(Math.round(each)).replace(/\B(?=(\d{3})+$)/g, " ")
  }
  return `${number(value)} (${number(least)} – ${number(most)})`
}

/** A table for people and for Markdown alike. */
export const text = (table: ReadonlyArray<Row>): string => {
  const lines = [HEAD, ...table.map(cells)]
  const widths = HEAD.map((_, index) => Math.max(...lines.map((line) => line[index]!.length)))
  const write = (line: ReadonlyArray<string>): string =>
    `| ${line.map((cell, index) => cell.padEnd(widths[index]!)).join(" | ")} |`
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`
  return `${[write(HEAD), rule, ...table.map((row) => write(cells(row)))].join("\n")}\n`
}

/** Where they are now. */
export const store = (folder: string, results: Results): string => {
  const path = `${folder}/${results.name}.json`
  writeFileSync(path, `${JSON.stringify(results, undefined, 2)}\n`)
  return path
}

export const load = (folder: string, name: string): Results =>
  JSON.parse(readFileSync(`${folder}/${name}.json`, "utf8")) as Results

const documentation = fileURLToPath(new URL("../../docs/benchmarks.md", import.meta.url))
const BEGIN = "<!-- table: pnpm bench -->\n"
const END = "<!-- end of table -->"

/** Puts the table in its place in the documentation. */
export const writeDocumentation = (results: Results): void => {
  const page = readFileSync(documentation, "utf8")
  const begin = page.indexOf(BEGIN)
  const end = page.indexOf(END)
  if (begin === -1 || end === -1) throw new Error(`${documentation} has no place for the table`)
  const made = `\n${text(rows(results))}\n${circumstances(results)}\n\n`
  writeFileSync(documentation, page.slice(0, begin + BEGIN.length) + made + page.slice(end))
}

const circumstances = ({ date, loadAfter, loadBefore, machine, name, series }: Results): string => {
  const { commit, cores, cpu, memoryGB, node, packages, system } = machine
  const frames = [...new Set(Object.values(series).map((each) => each.source))].join(", ")
  const runs = Math.max(...Object.values(series).map((each) => each.runs.at(-1)?.round ?? 0))
  return [
    `${date.slice(0, 10)}, ${cpu}, ${cores} cores, ${memoryGB} GB, ${system}, Node ${node}, \`ws\` ${packages["ws"]},`,
    `\`effect\` ${packages["effect"]}, commit ${commit}. Medians of ${runs} runs (least – most); frames: ${frames}. Load`,
    `averages before and after: ${loadBefore.oneMinute} and ${loadAfter.oneMinute}. Raw numbers: \`bench/results/${name}.json\`.`
  ].join("\n")
}
