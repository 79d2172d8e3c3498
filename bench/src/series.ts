/**
 * One series: every client in turn, each in a fresh process, in an order that is reversed from round to round.
 */
import { type Plan, type Result } from "./messages.ts"
import { runClient, type RunningLoad, startLoad, stopLoad } from "./processes.ts"

export interface Client {
  readonly name: string
  readonly file: string
}

export const baseline: Client = { name: "ws + JSON.parse", file: "wsJson.ts" }
export const tidewire: Client = { name: "Tidewire", file: "tidewire.ts" }

export interface Run {
  readonly round: number
  readonly client: string
  readonly result: Result
}

export interface Measured {
  readonly plan: Plan
  readonly source: "recording" | "generated"
  readonly bytesPerFrame: number
  readonly runs: ReadonlyArray<Run>
}

export interface SeriesSetup {
  readonly plan: Plan
  readonly clients: ReadonlyArray<Client>
  readonly rounds: number
  readonly clockBase: number
  /** For the Node of Tidewire's client. */
  readonly flags: ReadonlyArray<string>
  readonly progress: (text: string) => void
}

export const run = async (setup: SeriesSetup): Promise<Measured> => {
  const { clients, clockBase, plan, progress, rounds } = setup
  progress(`${plan.kind}: encoding`)
  const load = await startLoad({ plan, clockBase })
  try {
    const runs: Array<Run> = []
    for (let round = 1; round <= rounds; round++) {
      for (const client of round % 2 === 1 ? clients : clients.toReversed()) {
        const result = await measure(load, client, setup.flags)
        progress(`${plan.kind} ${round}/${rounds} ${client.name}: ${brief(result)}`)
        runs.push({ round, client: client.name, result })
      }
    }
    const { bytesPerFrame, source } = load.listening
    return { plan, source, bytesPerFrame, runs }
  } finally {
    stopLoad(load)
  }
}

const measure = (load: RunningLoad, client: Client, flags: ReadonlyArray<string>): Promise<Result> =>
  runClient(load, client.file, client === tidewire ? flags : [])

const brief = ({ latency, throughput }: Result): string => {
  if (throughput !== undefined) {
    return `${throughput.framesPerSecond} frames/s, ${throughput.cpuMicros.toFixed(2)} µs of processor a frame`
  }
  const sender = latency === undefined ? "" : `sender p50 ${latency.fromSender.p50} p99 ${latency.fromSender.p99} µs`
  const callback = latency?.fromCallback
  return callback === undefined ? sender : `${sender}, callback p50 ${callback.p50} p99 ${callback.p99} µs`
}
