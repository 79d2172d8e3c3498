/** Why an engine cannot be made of its configuration; the message names the strategy and what was expected. */
import * as Data from "effect/Data"

export class UnknownInstrument extends Data.TaggedError("UnknownInstrument")<{ readonly message: string }> {}
export class UnknownVenue extends Data.TaggedError("UnknownVenue")<{ readonly message: string }> {}
export class UnknownChannel extends Data.TaggedError("UnknownChannel")<{ readonly message: string }> {}
export class DuplicateName extends Data.TaggedError("DuplicateName")<{ readonly message: string }> {}
/** The venue was to be traded on live, and its adapter has no account: it was given no credentials, or cannot trade. */
export class NoAccount extends Data.TaggedError("NoAccount")<{ readonly message: string }> {}

export class EngineError extends Data.TaggedError("EngineError")<{
  readonly reason: UnknownInstrument | UnknownVenue | UnknownChannel | DuplicateName | NoAccount
}> {
  override get message(): string {
    return this.reason.message
  }
}
