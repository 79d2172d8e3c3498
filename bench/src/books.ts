/**
 * Compares structures for one side of a book, each with each workload in a process of its own, and prints their tables. Run
 * with `node bench/src/books.ts`; the figures are in ADR 0022.
 */
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { chosen } from "./books/chosen.ts"
import type { Side } from "./books/side.ts"
import { sortedArrays } from "./books/sortedArrays.ts"
import { sortedTop } from "./books/sortedTop.ts"
import { tickPages } from "./books/tickPages.ts"
import { all, type Workload } from "./books/workload.ts"

const structures: Readonly<Record<string, () => Side>> = { chosen, sortedTop, sortedArrays, tickPages }

const ROUNDS = 15
const READS = 200
const BOOKS = 50

const begun = (make: () => Side, { begin }: Workload): Side => {
  const side = make()
  for (const [key, size] of begin) side.set(key, size)
  return side
}

/** The mean of `times` in microseconds of processor time, in the round that was disturbed least. */
const micros = <A>(times: number, prepare: () => A, run: (prepared: A) => void): number => {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const prepared = prepare()
    const before = process.cpuUsage()
    run(prepared)
    const { system, user } = process.cpuUsage(before)
    least = Math.min(least, (user + system) / times)
  }
  return least
}

/** Of the numbers that every structure must find the same. */
let sum = 0

const put = (side: Side, { changes, perFrame }: Workload): void => {
  for (let index = 0, inFrame = 0; index < changes.length; index += 2) {
    side.set(changes[index]!, changes[index + 1]!)
    if (++inFrame < perFrame) continue
    inFrame = 0
    sum += side.bestPrice
  }
}

const read = (side: Side, depth: number): void => {
  for (let index = 0; index < READS; index++) for (const [key, size] of side.levels(depth)) sum += key * size
}

const used = (): number => {
  if (globalThis.gc === undefined) throw new Error("run with --expose-gc")
  for (let times = 0; times < 3; times++) globalThis.gc()
  const { arrayBuffers, heapUsed } = process.memoryUsage()
  return arrayBuffers + heapUsed
}

const bytes = (make: () => Side, workload: Workload): number => {
  const before = used()
  const books = Array.from({ length: BOOKS }, () => changed(make, workload))
  const each = (used() - before) / books.length
  sum += books.length
  return each
}

const changed = (make: () => Side, workload: Workload): Side => {
  const side = begun(make, workload)
  put(side, workload)
  return side
}

const measure = (make: () => Side, workload: Workload): ReadonlyArray<string> => {
  const side = changed(make, workload)
  const size = bytes(make, workload)
  const set = micros(
    workload.changes.length / 2,
    () => changed(make, workload),
    (grown) => put(grown, workload)
  )
  const reading = (depth: number) =>
    micros(
      READS,
      () => side,
      () => read(side, depth)
    )
  const top = reading(20)
  const whole = reading(Number.POSITIVE_INFINITY)
  const figures = [(set * 1_000).toFixed(0), top.toFixed(2), whole.toFixed(0), (size / 1_024).toFixed(0)]
  return [workload.name, ...figures, sum.toPrecision(12)]
}

const [name, number] = process.argv.slice(2)
if (name === undefined) {
  const file = fileURLToPath(import.meta.url)
  for (const each of Object.keys(structures)) {
    process.stdout.write(`\n| ${each} | ns a change | top 20, µs | whole, µs | memory, kB | checksum |\n`)
    process.stdout.write(`| --- | --- | --- | --- | --- | --- |\n`)
    for (const index of all().keys()) {
      spawnSync(process.execPath, ["--expose-gc", file, each, String(index)], { stdio: "inherit" })
    }
  }
} else {
  process.stdout.write(`| ${measure(structures[name]!, all()[Number(number)]!).join(" | ")} |\n`)
}
