/**
 * What worker threads bring, and cost: `node bench/src/workers.ts [--runs N] [--smoke]`. Many busy symbols, with 0, 1 and 2
 * workers, each run in fresh processes and in an order that is reversed from round to round; and the forms in which events
 * can be handed over. Raw numbers are written to bench/results/workers.json, or to bench/results/local for few runs.
 */
import { type ChildProcess, fork } from "node:child_process"
import { mkdirSync, writeFileSync } from "node:fs"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import * as Machine from "./machine.ts"
import { median } from "./statistics.ts"
import * as Forms from "./workers/forms.ts"
import type { ClientArguments, FromClient, FromLoad, Plan, Result } from "./workers/messages.ts"

const ENOUGH_RUNS = 5
const SILENT_AFTER_MS = 120_000

interface Series {
  readonly name: string
  readonly plan: Plan
  /** What the handler does beside counting. */
  readonly workMicros: number
}

const series = (scale: number): ReadonlyArray<Series> => [
  { name: "8 symbols, trades", workMicros: 0, plan: plan("trades", 8, 20_000 * scale) },
  { name: "40 symbols, trades", workMicros: 0, plan: plan("trades", 40, 4_000 * scale) },
  { name: "8 symbols, books", workMicros: 0, plan: plan("depth", 8, 3_000 * scale) },
  { name: "40 symbols, books", workMicros: 0, plan: plan("depth", 40, 600 * scale) },
  { name: "8 symbols, books, 20 µs of handler", workMicros: 20, plan: plan("depth", 8, 3_000 * scale) }
]

const plan = (kind: Plan["kind"], symbols: number, frames: number): Plan => ({
  kind,
  symbols,
  frames: Math.round(frames),
  warm: Math.round(frames / 4)
})

const start = (file: string, given: unknown): ChildProcess =>
  fork(fileURLToPath(new URL(`workers/${file}`, import.meta.url)), [JSON.stringify(given)], {
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"]
  })

const next = async <Message>(child: ChildProcess, name: string): Promise<Message> => {
  const limit = AbortSignal.timeout(SILENT_AFTER_MS)
  const ended = once(child, "exit", { signal: limit }).then(([code]) => {
    throw new Error(`${name} ended with ${String(code)}`)
  })
  const [message] = (await Promise.race([once(child, "message", { signal: limit }), ended])) as [Message]
  return message
}

const runOnce = async ({ plan, workMicros }: Series, workers: number): Promise<Result> => {
  const load = start("load.ts", { plan })
  let client: ChildProcess | undefined
  try {
    const { consumed, port } = await next<FromLoad>(load, "the load")
    client = start("client.ts", { plan, port, workers, workMicros } satisfies ClientArguments)
    await next<FromClient>(client, "the client")
    load.send("go")
    const { type: _, ...result } = (await next<FromClient>(client, "the client")) as FromClient & { type: "result" }
    if (result.problems.length > 0) throw new Error(result.problems.slice(0, 3).join("; "))
    for (const [symbol, { checksum, lastId }] of Object.entries(consumed)) {
      const got = result.consumed[symbol]
      if (got?.lastId !== lastId || got.checksum !== checksum)
        throw new Error(`${symbol}: what came is not what was sent`)
    }
    return result
  } finally {
    client?.kill()
    load.kill()
  }
}

type Measured = Pick<Result, "framesPerSecond" | "cpuMicros" | "mainMicros"> & { readonly workers: number }

const { values } = parseArgs({
  options: { runs: { type: "string", default: "5" }, smoke: { type: "boolean", default: false } }
})
const runs = values.smoke ? 1 : Number(values.runs)
const scale = values.smoke ? 0.1 : 1
const machine = Machine.read()
const loadBefore = Machine.load()

const costs: Array<{ readonly kind: string; readonly form: string; readonly costs: ReadonlyArray<Forms.Cost> }> = []
for (const kind of ["trades", "depth"] as const) {
  for (const form of Forms.forms) {
    const own: Array<Forms.Cost> = []
    for (let run = 0; run < runs; run++) own.push(await Forms.measure({ kind, form, batches: 1_500 * scale }))
    costs.push({ kind, form, costs: own })
    const of = (side: keyof Forms.Cost) => median(own.map((each) => each[side])).toFixed(2)
    process.stdout.write(
      `${kind} as ${form}: ${of("main")} µs of the main thread, ${of("worker")} µs of the worker, an event\n`
    )
  }
}

const measured: Record<string, Array<Measured>> = {}
for (const each of series(scale)) {
  const own: Array<Measured> = (measured[each.name] = [])
  for (let round = 0; round < runs; round++) {
    for (const workers of round % 2 === 0 ? [0, 1, 2] : [2, 1, 0]) {
      const { cpuMicros, framesPerSecond, mainMicros } = await runOnce(each, workers)
      own.push({ workers, framesPerSecond, cpuMicros, mainMicros })
    }
  }
  for (const workers of [0, 1, 2]) {
    const of = (what: "framesPerSecond" | "cpuMicros" | "mainMicros") =>
      median(own.filter((one) => one.workers === workers).map((one) => one[what]))
    process.stdout.write(
      `${each.name}, workers ${workers}: ${Math.round(of("framesPerSecond"))} frames/s, ${of("cpuMicros").toFixed(2)} µs of processor, ${of("mainMicros").toFixed(2)} µs of the main thread, a frame\n`
    )
  }
}

const folder = fileURLToPath(new URL(runs >= ENOUGH_RUNS ? "../results" : "../results/local", import.meta.url))
mkdirSync(folder, { recursive: true })
const results = { date: new Date().toISOString(), machine, loadBefore, loadAfter: Machine.load(), costs, measured }
writeFileSync(`${folder}/workers.json`, `${JSON.stringify(results, undefined, 2)}\n`)
