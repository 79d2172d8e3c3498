/** The example of a venue of one's own, copied into a folder and set up there, with its toy exchange on a free port. */
import { spawn } from "node:child_process"
import { cpSync, readFileSync, writeFileSync } from "node:fs"
import { createInterface } from "node:readline"
import type { Event } from "@tidewire/core"
import { root, type Ran } from "./workspace.ts"

/** The port in the example's configuration. */
const PORT = "9550"

export interface CustomVenue {
  readonly configuration: string
  readonly stop: () => void
}

/** The folder must have the example's dependencies in reach. */
export const start = async (folder: string): Promise<CustomVenue> => {
  cpSync(`${root}examples/custom-venue`, folder, { recursive: true })
  const exchange = spawn(process.execPath, ["exchange.ts", "0"], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] })
  const ready = await new Promise<string>((resolve, reject) => {
    createInterface({ input: exchange.stdout }).once("line", resolve)
    exchange.once("exit", (code) => reject(new Error(`the toy exchange ended with ${code}`)))
  })
  const { port } = JSON.parse(ready) as { readonly port: number }
  const configuration = `${folder}/tidewire.yaml`
  writeFileSync(configuration, readFileSync(configuration, "utf8").replaceAll(PORT, String(port)))
  return { configuration, stop: () => void exchange.kill() }
}

/** What a run of `stream` came to: for each symbol, whether all channels spoke and everything in them chains. */
export const outcome = ({ code, stdout }: Ran) => {
  const events = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Event.Event)
  const of = (symbol: string) => {
    const trades = events.flatMap((event) => (event.type === "trade" && event.symbol === symbol ? [event.id] : []))
    const books = events.flatMap((event) => (event.type === "book" && event.symbol === symbol ? [event] : []))
    const states = events.flatMap((event) =>
      event.type === "bookState" && event.symbol === symbol ? [event.state] : []
    )
    return {
      trades: trades.length > 10 && isConsecutive(trades.map(Number)),
      quotes: events.filter((event) => event.type === "quote" && event.symbol === symbol).length > 10,
      book: books[0]?.kind === "snapshot" && books.length > 10 && isConsecutive(books.map(({ sequence }) => sequence)),
      states
    }
  }
  return {
    code,
    gaps: events.filter(({ type }) => type === "gap").length,
    PEARLUSD: of("PEARLUSD"),
    CORALUSD: of("CORALUSD")
  }
}

const isConsecutive = (numbers: ReadonlyArray<number>): boolean =>
  numbers.every((number, index) => index === 0 || number === numbers[index - 1]! + 1)

const whole = { trades: true, quotes: true, book: true, states: ["syncing", "live"] }

/** What `outcome` is when nothing is missing. */
export const everything = { code: 0, gaps: 0, PEARLUSD: whole, CORALUSD: whole }
