/** What tests measured: told on standard error when `FIGURES` is set, for the tables of docs/benchmarks.md. */

/** Tells the median and the largest of some times, in milliseconds. */
export const figure = (what: string, ms: ReadonlyArray<number>): void => {
  const sorted = ms.toSorted((one, other) => one - other)
  const middle = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN
  tell(`${what}: p50 ${Math.round(middle)} ms, max ${Math.round(sorted.at(-1) ?? Number.NaN)} ms (${ms.length})`)
}

export const tell = (text: string): void => {
  if (process.env["FIGURES"] !== undefined) process.stderr.write(`figure: ${text}\n`)
}
