/** What is said over the control socket: one line of JSON each way. */
import * as Schema from "effect/Schema"

export const Request = Schema.Struct({
  command: Schema.Literals(["kill", "resume"]),
  /** For the log and the journal. */
  reason: Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(500)),
  /** How long the venues may take to say that nothing is open. */
  withinMs: Schema.Finite.check(Schema.isGreaterThan(0))
})
export interface Request extends Schema.Schema.Type<typeof Request> {}

export const Answer = Schema.Struct({
  /** Whether it is as was asked: halted and nothing open, or trading. */
  isDone: Schema.Boolean,
  message: Schema.String,
  /** Orders that may be open, as `venue symbol id`. */
  open: Schema.Array(Schema.String)
})
export interface Answer extends Schema.Schema.Type<typeof Answer> {}

/** Far longer than any request; whoever sends more is no friend. */
export const LONGEST = 4_096
