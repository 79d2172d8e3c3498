/** A scenario's text that cannot be read: in which line, what stood there, and what was expected. */
import { BadRequest } from "../faults/parseFault.ts"

export class ScenarioError extends BadRequest {
  /** From 1. */
  readonly line: number
  readonly given: string
  readonly expected: string

  constructor(line: number, given: string, expected: string) {
    super(`line ${line}: expected ${expected}, not ${given}`)
    this.line = line
    this.given = given
    this.expected = expected
  }
}
