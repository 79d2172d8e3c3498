/**
 * A series: something that is measured, the rows it has in the table of goals, and what else it shows. One file each;
 * `all.ts` lists them.
 */
import type { Result } from "../messages.ts"
import type { MeasuredCase, Setting } from "../rounds.ts"

export interface Series {
  readonly name: string
  /** For the command line's help. */
  readonly about: string
  readonly measure: (setting: Setting) => Promise<ReadonlyArray<MeasuredCase>>
  readonly rows: ReadonlyArray<Row>
  /** A Markdown table of its own below the goals. */
  readonly details?: (cases: ReadonlyArray<MeasuredCase>) => string
}

/** A row of the table of goals. */
export interface Row {
  readonly what: string
  /** The case it is of, by its label; the first of the series, when there is none. */
  readonly case?: string
  readonly read: (result: Result) => number | null | undefined
  /** The client whose number it is; plain Tidewire, when there is none. */
  readonly ours?: string
  /** The client that it is held against; the plain baseline, when there is none. */
  readonly against?: string
  readonly goal?: Goal
  /** What a smoke fails above: of the ratio, with a wide margin. For processor time, which a busy machine changes least. */
  readonly guard?: number
}

/** A bound of the ratio, or of Tidewire's own number. */
export interface Goal {
  readonly of: "ratio" | "number"
  readonly kind: "at least" | "at most"
  readonly bound: number
}

export const framesPerSecond = ({ throughput }: Result): number | undefined => throughput?.framesPerSecond
export const processorMicros = ({ throughput }: Result): number | undefined => throughput?.cpuMicros
export const userMicros = ({ throughput }: Result): number | undefined => throughput?.userMicros

export const ratioAtLeast = (bound: number): Goal => ({ of: "ratio", kind: "at least", bound })
export const ratioAtMost = (bound: number): Goal => ({ of: "ratio", kind: "at most", bound })
export const numberAtMost = (bound: number): Goal => ({ of: "number", kind: "at most", bound })
