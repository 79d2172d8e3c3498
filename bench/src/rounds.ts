/**
 * Rounds: every client in turn, each in a fresh process, in an order that is reversed from round to round.
 */
import { type Client, tidewire } from "./clients.ts"
import type { Plan, Result } from "./messages.ts"
import { runClient, startLoad, stopLoad } from "./processes.ts"

export interface Run {
  readonly round: number
  readonly client: string
  readonly result: Result
}

/** One load and what its clients made of it. */
export interface MeasuredCase {
  readonly label: string
  readonly plan?: Plan
  readonly source?: "recording" | "generated"
  readonly bytesPerFrame?: number
  readonly runs: ReadonlyArray<Run>
}

/** What the command line asks of any series. */
export interface Setting {
  readonly rounds: number
  /** A smoke is as brief as a proof of correctness can be. */
  readonly isSmoke: boolean
  /** Measured frames of a throughput run, where the series' own number is not wanted. */
  readonly frames: number | undefined
  /** Measured seconds of a latency run. */
  readonly seconds: number
  readonly clockBase: number
  /** For the Node of Tidewire's client. */
  readonly flags: ReadonlyArray<string>
  readonly progress: (text: string) => void
}

export interface Case {
  readonly label: string
  readonly plan: Plan
  readonly clients: ReadonlyArray<Client>
}

export const run = async ({ clients, label, plan }: Case, setting: Setting): Promise<MeasuredCase> => {
  const { clockBase, flags, progress, rounds } = setting
  progress(`${label}: encoding`)
  const load = await startLoad({ plan, clockBase })
  try {
    const runs: Array<Run> = []
    for (let round = 1; round <= rounds; round++) {
      for (const client of round % 2 === 1 ? clients : clients.toReversed()) {
        const result = await runClient(load, client, client.name === tidewire.name ? flags : [])
        progress(`${label} ${round}/${rounds} ${client.name}: ${brief(result)}`)
        runs.push({ round, client: client.name, result })
      }
    }
    const { bytesPerFrame, source } = load.listening
    return { label, plan, source, bytesPerFrame, runs }
  } finally {
    stopLoad(load)
  }
}

const brief = ({ latency, throughput }: Result): string => {
  if (throughput !== undefined) {
    return `${throughput.framesPerSecond} frames/s, ${throughput.cpuMicros.toFixed(2)} µs of processor a frame`
  }
  const sender = latency === undefined ? "" : `sender p50 ${latency.fromSender.p50} p99 ${latency.fromSender.p99} µs`
  const callback = latency?.fromCallback
  return callback === undefined ? sender : `${sender}, callback p50 ${callback.p50} p99 ${callback.p99} µs`
}
