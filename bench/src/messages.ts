/**
 * What the processes of a run tell each other: `main` starts a load and, for each run, a fresh client.
 */

/** What is streamed, and how much of it. */
export type Plan =
  /** As fast as the client takes it: `warm` frames, then `frames` that are measured. */
  | { readonly kind: "trades" | "depth"; readonly warm: number; readonly frames: number }
  /** `warm` frames as fast as possible, then bursts each millisecond: `lead` frames unmeasured, `frames` measured. */
  | {
      readonly kind: "latency"
      readonly warm: number
      readonly lead: number
      readonly frames: number
      readonly framesPerBurst: number
    }

/** Frames before the measured ones. */
export const before = (plan: Plan): number => (plan.kind === "latency" ? plan.warm + plan.lead : plan.warm)

/** What a client made of the frames. Every client must come to the same, which is what the load worked out alone. */
export interface Consumed {
  readonly frames: number
  /** Sum of the price of every 16th frame; of a book change, of its first bid. */
  readonly checksum: number
  /** Levels of all book changes. */
  readonly levels: number
  /** Trade id or update id of the last frame. */
  readonly lastId: number
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
}

/** Microseconds. */
export interface Spread {
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

export interface Latency {
  readonly framesPerSecond: number
  /** From the stamp that the sender wrote into the frame to the handler. */
  readonly fromSender: Spread
  /** From the stamp taken in the socket's callback to the handler; for clients that take one. */
  readonly fromCallback?: Spread
}

export interface Result {
  readonly consumed: Consumed
  readonly top?: Top
  readonly throughput?: Throughput
  readonly latency?: Latency
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

export type FromLoad =
  | {
      readonly type: "listening"
      readonly port: number
      readonly source: "recording" | "generated"
      readonly bytesPerFrame: number
      readonly consumed: Consumed
      readonly top?: Top
    }
  | { readonly type: "failed"; readonly reason: string }
export type ToLoad = { readonly type: "go" }
export type FromClient = { readonly type: "ready" } | ({ readonly type: "result" } & Result)

/** A process of a run reads what it is to do from its first argument. */
export const ownArguments = <A extends LoadArguments>(): A => JSON.parse(process.argv[2] ?? "{}") as A

/** Tells the process that started this one. */
export const tellParent = (message: FromLoad | FromClient): Promise<void> =>
  new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()))
