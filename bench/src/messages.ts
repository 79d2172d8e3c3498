/**
 * What the processes of a run tell each other: `main` starts a load and, for each run, a fresh client.
 */
import type { GcPauses } from "./gcPauses.ts"

export type VenueName = "binance" | "bybit-linear"

interface Common {
  readonly venue: VenueName
  /** How many symbols the frames are of, in turn. */
  readonly symbols: number
  /** How many handlers hear of each event; 0 is the stream's own, without a bus between. */
  readonly handlers: number
  /** Frames before the measured ones, as fast as the client takes them. */
  readonly warm: number
  /** Frames that are measured. */
  readonly frames: number
}

/** As fast as the client takes it. */
export interface Flood extends Common {
  readonly kind: "trades" | "depth"
}

/** After the warm-up bursts each millisecond: `lead` frames unmeasured, then the measured ones. */
export interface Paced extends Common {
  readonly kind: "latency"
  readonly lead: number
  readonly framesPerBurst: number
}

/** What is streamed, and how much of it. */
export type Plan = Flood | Paced

/** Frames before the measured ones. */
export const before = (plan: Plan): number => (plan.kind === "latency" ? plan.warm + plan.lead : plan.warm)

/** The symbols of a plan. The first is the recorded one. */
export const symbolsOf = ({ symbols }: Plan): ReadonlyArray<string> =>
  Array.from({ length: symbols }, (_, index) => (index === 0 ? "BTCUSDT" : `COIN${index}USDT`))

/** What a client made of the frames. Every client must come to the same, which is what the load worked out alone. */
export interface Consumed {
  readonly frames: number
  /** Sum of the price of every 16th frame; of a book change, of its first bid. */
  readonly checksum: number
  /** Levels of all book changes. */
  readonly levels: number
  /** Trade id or update id of the last frame. */
  readonly lastId: string
}

/** The best prices after the last frame, for clients that keep a book. */
export interface Top {
  readonly bid: number
  readonly ask: number
}

export interface Throughput {
  readonly ms: number
  readonly framesPerSecond: number
  /** Processor time of the client's process for each frame, all threads. */
  readonly cpuMicros: number
  /** Of that, the time outside of the kernel. Absent in results from before it was measured. */
  readonly userMicros?: number
  /** Of the main thread alone, where there are others. */
  readonly mainMicros?: number
}

/** Microseconds. */
export interface Spread {
  readonly p50: number
  /** Absent in results from before it was measured. */
  readonly p90?: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

export interface Latency {
  readonly framesPerSecond: number
  /** From the stamp that the sender wrote into the frame to the handler. */
  readonly fromSender: Spread
  /** From the stamp taken in the socket's callback to the handler. */
  readonly fromCallback?: Spread
  /** From the sender's stamp to the one taken in the socket's callback. */
  readonly toCallback?: Spread
}

/** Of a process under a steady load for minutes. */
export interface Memory {
  readonly symbols: number
  readonly connections: number
  readonly minutes: number
  readonly messagesPerSecond: number
  readonly activeAfterMs: number
  readonly heapMB: number
  /** Mean of the last minute less mean of the second; null in a run that is too short for it. */
  readonly heapGrowthMB: number | null
  readonly mostRssMB: number
  readonly gcPauses: { readonly count: number; readonly longestMs: number; readonly p99Ms: number }
}

/** What handing an event from one thread to another costs each of them: processor time, in microseconds. */
export interface Handover {
  readonly main: number
  readonly worker: number
}

export interface Result {
  readonly consumed?: Consumed
  readonly top?: Top
  readonly throughput?: Throughput
  readonly latency?: Latency
  readonly memory?: Memory
  readonly handover?: Handover
  /** What an event costs a handler and what is around it, in ns, and a reading of all metrics, in ms. */
  readonly alone?: { readonly eventNanos: number; readonly readingMs?: number }
  /** From the call of an order's `submit` until it is sent. */
  readonly submit?: Spread
  /** During the measured frames. */
  readonly gcPauses?: GcPauses
  /** What went wrong; a run with any is void. */
  readonly problems: ReadonlyArray<string>
}

export interface LoadArguments {
  readonly plan: Plan
  readonly clockBase: number
}

export interface ClientArguments extends LoadArguments {
  readonly port: number
}

export interface Listening {
  readonly type: "listening"
  readonly port: number
  readonly source: "recording" | "generated"
  readonly bytesPerFrame: number
  readonly consumed: Consumed
  readonly top?: Top
}

export type FromLoad =
  | Listening
  | { readonly type: "subscribed" }
  | { readonly type: "failed"; readonly reason: string }
export type ToLoad = { readonly type: "go" }
export type FromClient = { readonly type: "ready" } | ({ readonly type: "result" } & Result)

/** A process of a run reads what it is to do from its first argument, and ends with the one that started it. */
export const ownArguments = <A extends LoadArguments>(): A => {
  process.once("disconnect", () => process.exit())
  return JSON.parse(process.argv[2] ?? "{}") as A
}

/** Tells the process that started this one. */
export const tellParent = (message: FromLoad | FromClient): Promise<void> =>
  new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()))
