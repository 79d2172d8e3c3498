/**
 * Makes checks, each within its own time. One that takes longer, or breaks, says so as a finding of its own: it ends no other.
 */
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type Finding, unknown, type Verdict } from "./Finding.ts"

export type Verdicts<R = never> = Effect.Effect<ReadonlyArray<Verdict>, never, R>

export interface Asked<R> {
  readonly check: string
  readonly subject: string
  readonly make: Verdicts<R>
  readonly within?: Duration.Input
}

/** For what is on this machine or is one question to a venue. */
const WITHIN: Duration.Input = "15 seconds"

export interface Progress {
  readonly begun: (name: string) => void
  readonly ended: (name: string) => void
}

export class Checks {
  readonly #progress: Progress

  constructor(progress: Progress) {
    this.#progress = progress
  }

  make<R>({ check, make, subject, within = WITHIN }: Asked<R>): Effect.Effect<ReadonlyArray<Finding>, never, R> {
    const name = `${subject} ${check}`
    const limit = Duration.fromInputUnsafe(within)
    return Effect.sync(() => this.#progress.begun(name)).pipe(
      Effect.andThen(Effect.timeoutOption(make, limit)),
      Effect.map(
        Option.getOrElse(() => [
          unknown(
            `not found out within ${Duration.format(limit)}`,
            "look whether the network or the disk hangs, and ask again"
          )
        ])
      ),
      Effect.catchDefect((defect) => Effect.succeed([unknown(`the check itself failed: ${textOf(defect)}`)])),
      Effect.map((verdicts) => verdicts.map((verdict) => ({ check, subject, ...verdict }))),
      Effect.ensuring(Effect.sync(() => this.#progress.ended(name)))
    )
  }
}

const textOf = (defect: unknown): string =>
  defect instanceof Error ? defect.message : Cause.isCause(defect) ? Cause.pretty(defect) : String(defect)

/** Of none: NaN. */
export const median = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** `3.2 ms`, `412 ms`. */
export const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`
