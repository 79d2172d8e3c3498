/**
 * What becomes of a request about orders: its result or its failure, how late that is told, or that nobody is told at
 * all, and what happens after it.
 */
export interface Answered {
  readonly value?: unknown
  /** Instead of a value. */
  readonly cause?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly delayMs?: number
  /** The connection is reset instead. */
  readonly isLost?: boolean
  readonly after?: () => void
}

export class Answer {
  readonly outcome: Answered

  constructor(outcome: Answered) {
    this.outcome = outcome
  }
}
