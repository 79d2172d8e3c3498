/** What the processes of the workers' benchmark tell each other. */

import type { Throughput } from "../messages.ts"

export interface Plan {
  readonly kind: "trades" | "depth"
  readonly symbols: number
  /** Of each symbol: frames before those that are measured, and those. */
  readonly warm: number
  readonly frames: number
}

export interface LoadArguments {
  readonly plan: Plan
}

export interface ClientArguments {
  readonly plan: Plan
  readonly port: number
  readonly workers: number
  /** Microseconds that the handler works for each event. */
  readonly workMicros: number
}

/** By symbol: the last id, and the sum that a client comes to when it has had every frame. */
export type Consumed = Readonly<Record<string, { readonly lastId: string; readonly checksum: number }>>

export type FromLoad = { readonly type: "listening"; readonly port: number; readonly consumed: Consumed }

export interface Result {
  readonly throughput: Throughput
  readonly consumed: Consumed
  readonly problems: ReadonlyArray<string>
}

export type FromClient = { readonly type: "ready" } | ({ readonly type: "result" } & Result)

export const symbolOf = (index: number): string =>
  `BT${String.fromCharCode(65 + Math.floor(index / 26), 65 + (index % 26))}USDT`

/** A process of a run reads what it is to do from its first argument, and ends with the one that started it. */
export const ownArguments = <A>(): A => {
  process.once("disconnect", () => process.exit())
  return JSON.parse(process.argv[2] ?? "{}") as A
}

/** Tells the process that started this one. */
export const tellParent = (message: FromLoad | FromClient): Promise<void> =>
  new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()))
