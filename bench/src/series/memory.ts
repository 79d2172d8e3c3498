/**
 * What a process needs under load for minutes: `pnpm soak --memory`, whose exchange is another process, so that nothing
 * but the client is in the one that is measured. Run once, whatever the number of rounds: it is long.
 */
import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { tidewire } from "../clients.ts"
import type { Memory } from "../messages.ts"
import { memoryTable } from "../report/memoryTable.ts"
import type { MeasuredCase, Setting } from "../rounds.ts"
import { numberAtMost, type Series } from "./Series.ts"

const soak = fileURLToPath(new URL("../../../test/chaos/soak.ts", import.meta.url))

interface Mode {
  readonly mode: "streams" | "symbols"
  readonly label: string
  readonly full: { readonly minutes: number; readonly symbols: number }
  readonly smoke: { readonly minutes: number; readonly symbols: number }
}

const modes: ReadonlyArray<Mode> = [
  {
    mode: "streams",
    label: "10 symbols × 5 streams",
    full: { minutes: 10, symbols: 10 },
    smoke: { minutes: 0.05, symbols: 2 }
  },
  {
    mode: "symbols",
    label: "1 000 symbols × 3 streams",
    full: { minutes: 1, symbols: 1_000 },
    smoke: { minutes: 0.05, symbols: 20 }
  }
]

const measure = ({ full, label, mode, smoke }: Mode, { isSmoke, progress }: Setting): Promise<MeasuredCase> =>
  new Promise((resolve, reject) => {
    const { minutes, symbols } = isSmoke ? smoke : full
    progress(`memory: ${mode}, ${symbols} symbols, ${minutes * 60} s`)
    const given = ["--memory", mode, "--minutes", String(minutes), "--symbols", String(symbols)]
    const child = spawn(process.execPath, ["--expose-gc", soak, ...given], { stdio: ["ignore", "pipe", "pipe"] })
    let output = ""
    child.stdout.on("data", (chunk) => (output += chunk))
    createInterface({ input: child.stderr }).on("line", (line) => progress(`memory: ${line}`))
    child.once("error", reject)
    child.once("close", (code) => {
      if (output === "") return reject(new Error(`memory: pnpm soak ended with ${code}; what it said is above`))
      const { problems, ...memory } = JSON.parse(output) as Memory & { readonly problems: ReadonlyArray<string> }
      if (problems.length > 0) return reject(new Error(`memory: ${label}: ${problems.join("; ")}`))
      resolve({
        label: isSmoke ? `${symbols} symbols, ${minutes * 60} s` : label,
        runs: [{ round: 1, client: tidewire.name, result: { memory, problems } }]
      })
    })
  })

export const memory: Series = {
  name: "memory",
  about: "heap and resident memory, ten symbols for ten minutes and a thousand for one",
  measure: async (setting) => {
    const measured: Array<MeasuredCase> = []
    for (const mode of modes) measured.push(await measure(mode, setting))
    return measured
  },
  rows: [
    {
      case: modes[0]!.label,
      what: "10 symbols × 5 streams, 10 min: heap, last minute less second, MB",
      read: (result) => result.memory?.heapGrowthMB,
      goal: numberAtMost(0.5)
    },
    {
      case: modes[0]!.label,
      what: "… longest pause of garbage collection, ms",
      read: (result) => result.memory?.gcPauses.longestMs,
      goal: numberAtMost(10)
    },
    {
      case: modes[1]!.label,
      what: "1 000 symbols × 3 streams: resident memory, most, MB",
      read: (result) => result.memory?.mostRssMB,
      goal: numberAtMost(250)
    }
  ],
  details: memoryTable
}
