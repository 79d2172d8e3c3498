/** A kind of rule: what it is by default, and how it looks for what its entry says. */
import * as Duration from "effect/Duration"
import type { RuleEntry, Severity } from "../configuration/AlertsEntry.ts"
import { CountWindow } from "./CountWindow.ts"
import type { Picture } from "./Picture.ts"

/** The same subject is the same alert. */
export interface Finding {
  readonly subject: string
  readonly message: string
}

/** Called once for each picture, since it may remember what counters were. */
export type Find = (picture: Picture) => ReadonlyArray<Finding>

export type On = RuleEntry["on"]

export interface Kind<K extends On> {
  readonly severity: Severity
  readonly forMs: number
  readonly make: (entry: Extract<RuleEntry, { readonly on: K }>) => Find
}

export type Kinds<K extends On> = { readonly [Each in K]: Kind<Each> }

export const because = (reason: string | undefined): string => (reason === undefined ? "" : `: ${reason}`)

/** Counters by subject, and what is said of those that have grown by more than `over`. */
export const growing = (
  { over, within }: { readonly over: number; readonly within: Duration.Duration },
  counters: (picture: Picture) => ReadonlyArray<readonly [subject: string, count: number]>,
  said: (grown: number, span: string) => string
): Find => {
  const window = new CountWindow(Duration.toMillis(within))
  const span = Duration.format(within)
  return (picture) => {
    const counted = counters(picture)
    window.keep(new Set(counted.map(([subject]) => subject)))
    return counted.flatMap(([subject, count]) => {
      const grown = window.grown(subject, count, picture.time)
      return grown > over ? [{ subject, message: said(grown, span) }] : []
    })
  }
}
