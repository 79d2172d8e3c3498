/** What a look at one thing came to: how it is, with figures, and what to do where it is not well. */

/** `unknown`: it could not be looked at. */
export type Level = "ok" | "warning" | "problem" | "unknown"

/** What a check says; it does not know where it stands. */
export interface Verdict {
  readonly level: Level
  readonly found: string
  /** What to do. Present where it is not well. */
  readonly advice?: string
}

export interface Finding extends Verdict {
  /** What was looked at: `clock`, `journal`. */
  readonly check: string
  /** Whose it is: a venue by its configured name, or this machine. */
  readonly subject: string
}

export const MACHINE = "this machine"
export const CONFIGURATION = "configuration"

export const ok = (found: string): Verdict => ({ level: "ok", found })
export const warning = (found: string, advice: string): Verdict => ({ level: "warning", found, advice })
export const problem = (found: string, advice: string): Verdict => ({ level: "problem", found, advice })
export const unknown = (found: string, advice?: string): Verdict => ({
  level: "unknown",
  found,
  ...(advice !== undefined && { advice })
})
