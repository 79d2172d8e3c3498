/** What an order costs inside the process, with the journal in memory and on disk. */
import { fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import type { Result } from "../messages.ts"
import { markdown } from "../report/markdown.ts"
import { spreadCells, spreadHead } from "../report/spreads.ts"
import { clientsOf } from "../report/values.ts"
import type { MeasuredCase, Run } from "../rounds.ts"
import type { Row, Series } from "./Series.ts"

const journals = ["memory", "sqlite"] as const

const file = fileURLToPath(new URL("../submit/process.ts", import.meta.url))

/** In a fresh process. */
const measure = (journal: string): Promise<Result> =>
  new Promise((resolve, reject) => {
    const child = fork(file, [journal], { execArgv: [], stdio: ["ignore", "ignore", "inherit", "ipc"] })
    child.once("message", (message) => resolve(message as Result))
    child.once("exit", (code) => reject(new Error(`the journal in ${journal} ended with ${code}; see above`)))
  })

const details = ([measured]: ReadonlyArray<MeasuredCase>): string => {
  if (measured === undefined) return ""
  const lines = clientsOf(measured).map((journal) => {
    const runs = measured.runs.filter(({ client }) => client === journal)
    return [journal, ...spreadCells(runs.flatMap(({ result }) => result.submit ?? []))]
  })
  return markdown(["journal, µs", ...spreadHead], lines)
}

export const submit: Series = {
  name: "submit",
  about: "what an order costs inside the process, with the journal in memory and on disk",
  measure: async ({ progress, rounds }) => {
    const runs: Array<Run> = []
    for (let round = 1; round <= rounds; round++) {
      for (const journal of round % 2 === 1 ? journals : journals.toReversed()) {
        const result = await measure(journal)
        progress(`submit ${round}/${rounds} ${journal}: p50 ${result.submit?.p50} p99 ${result.submit?.p99} µs`)
        runs.push({ round, client: journal, result })
      }
    }
    return [{ label: "submit", runs }]
  },
  rows: journals.map((journal): Row => ({
    what: `submit of an order to its sending, journal in ${journal}, p99, µs`,
    ours: journal,
    read: (result) => result.submit?.p99
  })),
  details
}
