/** `tidewire record`: what venues send, into files. Standard output stays empty. */
import * as Effect from "effect/Effect"
import { session } from "./session.ts"
import * as Stream from "./stream.ts"
import * as StreamFlags from "./streamFlags.ts"

export interface Flags extends Omit<Stream.Flags, "limit" | "format" | "record"> {
  readonly out: string
}

export const record = Effect.fnUntraced(function* (flags: Flags) {
  const { record, ...options } = yield* StreamFlags.read({
    ...flags,
    limit: undefined,
    format: undefined,
    record: flags.out
  })
  const file = yield* Stream.configurationOf(flags)
  yield* session({
    ...options,
    file,
    environment: process.env,
    engine: "none",
    format: "none",
    isForRecording: true,
    record: record === undefined ? undefined : { ...record, flag: "--out" }
  })
})
