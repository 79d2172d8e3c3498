/** What a statement gives: its columns, and its rows a few thousand at a time. */
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Data from "effect/Data"
import type { StoreError } from "./Store.ts"

/** As JSON has them; integers that a number does not hold are texts. */
export type Row = ReadonlyArray<unknown>

export interface Answer {
  readonly columns: ReadonlyArray<string>
  /** `undefined` after the last. */
  readonly next: Effect.Effect<ReadonlyArray<Row> | undefined, BadStatement | StoreError>
}

/** The statement is wrong, or is none that only reads: in the database's words. */
export class BadStatement extends Data.TaggedError("BadStatement")<{ readonly message: string }> {}

/** How a statement is put to a store. */
export interface Asking {
  readonly ask: (sql: string) => Effect.Effect<Answer, BadStatement | StoreError, Scope.Scope>
  /** Per cent of what is asked; `undefined` where that is not known. */
  readonly progress: () => number | undefined
}

/** A value as JSON has it. */
export const plain = (value: unknown): unknown => {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex")
  return value
}
