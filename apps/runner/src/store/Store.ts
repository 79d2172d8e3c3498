/**
 * Where events are kept. Two kinds implement it: Parquet files through DuckDB, and PostgreSQL.
 *
 * Guarantees: when `append` has succeeded, the batch is there after `kill -9`, all of it, once. One that failed is not there,
 * or may be: given again (the same `sequence`) it is there once. A store ends with the scope that it was opened in.
 */
import * as Data from "effect/Data"
import type * as Effect from "effect/Effect"

/** The store cannot be opened, or cannot do what it was asked to now. */
export class StoreError extends Data.TaggedError("StoreError")<{
  readonly message: string
  readonly cause?: unknown
}> {}

/** The rows of a table: events, each as one line of JSON. */
export interface Part {
  readonly table: string
  readonly lines: ReadonlyArray<string>
}

export interface Batch {
  /** Of a run: no other run has the same. */
  readonly writer: string
  /** Counts up, from 1. */
  readonly sequence: number
  readonly rows: number
  readonly parts: ReadonlyArray<Part>
}

/** The last of a series of trades that is stored. */
export interface LastTrade {
  readonly venue: string
  readonly symbol: string
  readonly id: string
  /** Epoch ms. */
  readonly time: number
  /** The latest ids, where ids are no numbers: at most `RECENT_IDS`, in no order. */
  readonly recentIds: ReadonlyArray<string>
}

/** As many as a venue shows of its latest trades. */
export const RECENT_IDS = 1_000

export interface LastBar {
  readonly venue: string
  readonly symbol: string
  readonly interval: string
  /** Epoch ms. */
  readonly openTime: number
}

export interface Last {
  readonly trades: ReadonlyArray<LastTrade>
  readonly bars: ReadonlyArray<LastBar>
}

export interface Store {
  /** May be called again for a batch before the first call has ended: one of them does it. */
  readonly append: (batch: Batch) => Effect.Effect<void, StoreError>
  /** What was stored last of each series, of what happened since `from` and was received before `before` (epoch ms). */
  readonly last: (range: { readonly from: number; readonly before: number }) => Effect.Effect<Last, StoreError>
  /** What is not urgent: files put together, what is too old removed. Called again and again, by one fiber. */
  readonly maintain: Effect.Effect<void, StoreError>
  /** After the last batch: leaves everything as readers like it best. Nothing is lost without it. */
  readonly settle: Effect.Effect<void, StoreError>
  /** What it takes on the disk, as last looked at. */
  readonly bytes: () => number | undefined
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

export const failed =
  (doing: string) =>
  (cause: unknown): StoreError =>
    cause instanceof StoreError ? cause : new StoreError({ message: `${doing}: ${messageOf(cause)}`, cause })
