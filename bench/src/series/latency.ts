/** How long a frame takes, hop by hop, at 10 000 trades a second in bursts of ten each millisecond. */
import { baseline, tidewire } from "../clients.ts"
import type { Latency, Paced, Spread } from "../messages.ts"
import { markdown } from "../report/markdown.ts"
import { spreadCells, spreadHead } from "../report/spreads.ts"
import * as Rounds from "../rounds.ts"
import { numberAtMost, ratioAtMost, type Row, type Series } from "./Series.ts"

const FRAMES_PER_BURST = 10
const BURSTS_PER_SECOND = 1_000
const WARM = 100_000

const plan = ({ isSmoke, seconds }: Rounds.Setting): Paced => {
  const perSecond = FRAMES_PER_BURST * BURSTS_PER_SECOND
  const lead = isSmoke ? perSecond / 4 : perSecond
  const common = { kind: "latency", venue: "binance", symbols: 1, handlers: 0 } as const
  return { ...common, warm: WARM, lead, frames: seconds * perSecond, framesPerBurst: FRAMES_PER_BURST }
}

type Hop = "fromSender" | "toCallback" | "fromCallback"

const hops: ReadonlyArray<readonly [hop: Hop, what: string]> = [
  ["toCallback", "sender's stamp → socket's callback"],
  ["fromCallback", "socket's callback → handler"],
  ["fromSender", "sender's stamp → handler"]
]

const row = (hop: Hop, quantile: keyof Spread, what: string, goal: Row["goal"]): Row => ({
  what,
  read: ({ latency }) => latency?.[hop]?.[quantile],
  ...(goal !== undefined && { goal })
})

const details = ([measured]: ReadonlyArray<Rounds.MeasuredCase>): string => {
  if (measured === undefined) return ""
  const lines = hops.flatMap(([hop, what]) =>
    [baseline.name, tidewire.name].flatMap((client) => {
      const spreads = measured.runs.flatMap((run) =>
        run.client === client ? ((run.result.latency as Latency | undefined)?.[hop] ?? []) : []
      )
      if (spreads.length === 0) return []
      return [[what, client, ...spreadCells(spreads)]]
    })
  )
  return markdown(["µs", "client", ...spreadHead], lines)
}

export const latency: Series = {
  name: "latency",
  about: "delays at 10 000 trades a second, hop by hop",
  measure: async (setting) => [
    await Rounds.run({ label: "latency", plan: plan(setting), clients: [baseline, tidewire] }, setting)
  ],
  rows: [
    row("fromCallback", "p99", "callback to handler at 10 000 frames/s, p99, µs", numberAtMost(100)),
    row("fromSender", "p50", "sender's stamp to handler, p50, µs", ratioAtMost(1)),
    row("fromSender", "p99", "sender's stamp to handler, p99, µs", ratioAtMost(1))
  ],
  details
}
