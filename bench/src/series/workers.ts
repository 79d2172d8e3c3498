/**
 * What worker threads bring, and cost: many busy symbols with 0, 1 and 2 workers, in an order that is reversed from round
 * to round; and the forms in which events can be handed over.
 */
import { handoverTable, workerTable } from "../report/workerTables.ts"
import type { MeasuredCase, Run, Setting } from "../rounds.ts"
import * as Forms from "../workers/forms.ts"
import type { Plan } from "../workers/messages.ts"
import { run } from "../workers/run.ts"
import { framesPerSecond, type Series } from "./Series.ts"

interface Load {
  readonly label: string
  readonly plan: Plan
  readonly workMicros: number
}

const plan = (kind: Plan["kind"], symbols: number, frames: number): Plan => ({
  kind,
  symbols,
  frames: Math.round(frames),
  warm: Math.round(frames / 4)
})

const loads = (scale: number): ReadonlyArray<Load> => [
  { label: "8 symbols, trades", workMicros: 0, plan: plan("trades", 8, 20_000 * scale) },
  { label: "8 symbols, books", workMicros: 0, plan: plan("depth", 8, 3_000 * scale) },
  { label: "40 symbols, trades", workMicros: 0, plan: plan("trades", 40, 4_000 * scale) },
  { label: "40 symbols, books", workMicros: 0, plan: plan("depth", 40, 600 * scale) },
  { label: "8 symbols, books, 20 µs of handler", workMicros: 20, plan: plan("depth", 8, 3_000 * scale) }
]

const SMOKE_SCALE = 0.3

const client = (workers: number): string => `${workers} ${workers === 1 ? "worker" : "workers"}`

const measureLoad = async (
  { label, plan, workMicros }: Load,
  counts: ReadonlyArray<number>,
  { progress, rounds }: Setting
): Promise<MeasuredCase> => {
  const runs: Array<Run> = []
  for (let round = 1; round <= rounds; round++) {
    for (const workers of round % 2 === 1 ? counts : counts.toReversed()) {
      const throughput = await run(plan, workMicros, workers)
      progress(`${label} ${round}/${rounds} ${client(workers)}: ${throughput.framesPerSecond} frames/s`)
      runs.push({ round, client: client(workers), result: { throughput, problems: [] } })
    }
  }
  return { label, runs }
}

const measureForms = async (kind: Plan["kind"], scale: number, { rounds }: Setting): Promise<MeasuredCase> => {
  const runs: Array<Run> = []
  for (let round = 1; round <= rounds; round++) {
    for (const form of Forms.forms) {
      const handover = await Forms.measure({ kind, form, batches: 1_500 * scale })
      runs.push({ round, client: form, result: { handover, problems: [] } })
    }
  }
  return { label: kind === "trades" ? "a trade" : "a change of a book", runs }
}

export const workers: Series = {
  name: "workers",
  about: "what worker threads bring and cost, and the forms in which they hand over events",
  measure: async (setting) => {
    const scale = setting.isSmoke ? SMOKE_SCALE : 1
    const measured: Array<MeasuredCase> = []
    for (const load of loads(scale).slice(0, setting.isSmoke ? 2 : undefined)) {
      measured.push(await measureLoad(load, setting.isSmoke ? [0, 2] : [0, 1, 2], setting))
    }
    for (const kind of ["trades", "depth"] as const) measured.push(await measureForms(kind, scale, setting))
    return measured
  },
  rows: loads(1).map(({ label }) => ({
    case: label,
    what: `${label}: frames/s with 2 workers`,
    ours: client(2),
    against: client(0),
    read: framesPerSecond
  })),
  details: (cases) => `${workerTable(cases)}\n\n${handoverTable(cases)}`
}
