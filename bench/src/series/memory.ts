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
import type { Setting } from "../rounds.ts"
import { numberAtMost, type Series } from "./Series.ts"

const soak = fileURLToPath(new URL("../../../test/chaos/soak.ts", import.meta.url))

interface Amount {
  readonly minutes: number
  readonly symbols: number
}

interface Mode {
  readonly name: string
  readonly about: string
  readonly mode: "streams" | "symbols"
  readonly label: string
  readonly full: Amount
  readonly smoke: Amount
  readonly rows: Series["rows"]
}

const make = ({ about, full, label, mode, name, rows, smoke }: Mode): Series => ({
  name,
  about,
  measure: async ({ isSmoke, progress }) => {
    const amount = isSmoke ? smoke : full
    const memory = await soaked(name, mode, amount, progress)
    const measured = isSmoke ? `${amount.symbols} symbols, ${amount.minutes * 60} s` : label
    return [{ label: measured, runs: [{ round: 1, client: tidewire.name, result: { memory, problems: [] } }] }]
  },
  // a smoke has another label, and no such row
  rows: rows.map((row) => ({ ...row, case: label })),
  details: memoryTable
})

/** Fails when anything was lost, dropped or conflated, or a connection ended. */
const soaked = (
  name: string,
  mode: Mode["mode"],
  { minutes, symbols }: Amount,
  progress: Setting["progress"]
): Promise<Memory> =>
  new Promise((resolve, reject) => {
    progress(`${name}: ${symbols} symbols, ${minutes * 60} s`)
    const given = ["--memory", mode, "--minutes", String(minutes), "--symbols", String(symbols)]
    const child = spawn(process.execPath, ["--expose-gc", soak, ...given], { stdio: ["ignore", "pipe", "pipe"] })
    let output = ""
    child.stdout.on("data", (chunk) => (output += chunk))
    createInterface({ input: child.stderr }).on("line", (line) => progress(`${name}: ${line}`))
    child.once("error", reject)
    child.once("close", (code) => {
      if (output === "") return reject(new Error(`pnpm soak ended with ${code}; what it said is above`))
      const { problems, ...memory } = JSON.parse(output) as Memory & { readonly problems: ReadonlyArray<string> }
      if (problems.length > 0) return reject(new Error(problems.join("; ")))
      resolve(memory)
    })
  })

export const memoryOfStreams = make({
  name: "memory-streams",
  about: "heap and pauses, 10 symbols with 5 streams each for ten minutes at 5 000 messages a second",
  mode: "streams",
  label: "10 symbols × 5 streams",
  full: { minutes: 10, symbols: 10 },
  smoke: { minutes: 0.05, symbols: 2 },
  rows: [
    {
      what: "10 symbols × 5 streams, 10 min: heap, last minute less second, MB",
      read: (result) => result.memory?.heapGrowthMB,
      goal: numberAtMost(0.5)
    },
    {
      what: "… longest pause of garbage collection, ms",
      read: (result) => result.memory?.gcPauses.longestMs,
      goal: numberAtMost(10)
    }
  ]
})

export const memoryOfSymbols = make({
  name: "memory-symbols",
  about: "resident memory, 1 000 symbols with 3 streams each for a minute",
  mode: "symbols",
  label: "1 000 symbols × 3 streams",
  full: { minutes: 1, symbols: 1_000 },
  smoke: { minutes: 0.05, symbols: 20 },
  rows: [
    {
      what: "1 000 symbols × 3 streams: resident memory, most, MB",
      read: (result) => result.memory?.mostRssMB,
      goal: numberAtMost(250)
    }
  ]
})
