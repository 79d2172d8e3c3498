/** What a client's process needs, a column for each load. */
import type { Memory } from "../messages.ts"
import type { MeasuredCase } from "../rounds.ts"
import { number } from "./cells.ts"
import { markdown } from "./markdown.ts"

const lines: ReadonlyArray<readonly [what: string, read: (memory: Memory) => string]> = [
  ["minutes", ({ minutes }) => String(minutes)],
  ["events a second", ({ messagesPerSecond }) => number(messagesPerSecond)],
  [
    "connections, all Active after",
    ({ activeAfterMs, connections }) => `${connections}, ${number(activeAfterMs / 1_000)} s`
  ],
  ["heap after a collection, MB", ({ heapMB }) => number(heapMB)],
  [
    "… mean of the last minute less that of the second, MB",
    ({ heapGrowthMB }) => (heapGrowthMB === null ? "–" : number(heapGrowthMB))
  ],
  ["resident, most, MB", ({ mostRssMB }) => number(mostRssMB)],
  [
    "pauses of garbage collection: count, 99th of a hundred, longest, ms",
    ({ gcPauses: { count, longestMs, p99Ms } }) => `${count}, ${number(p99Ms)}, ${number(longestMs)}`
  ]
]

export const memoryTable = (cases: ReadonlyArray<MeasuredCase>): string => {
  const found = cases.flatMap(({ label, runs }) => {
    const memory = runs[0]?.result.memory
    return memory === undefined ? [] : [{ label, memory }]
  })
  return markdown(
    ["memory of the client's process", ...found.map(({ label }) => label)],
    lines.map(([what, read]) => [what, ...found.map(({ memory }) => read(memory))])
  )
}
