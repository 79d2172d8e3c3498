/** The flags that `run` and `stream` share, read: all that is wrong with them is told at once. */
import { DurationText } from "@tidewire/core"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { BadConfiguration, given, type Problem } from "../configuration/Problem.ts"
import type { RecordOptions } from "../record/recording.ts"
import * as ByteSize from "./byteSize.ts"
import type { Format } from "../output/Output.ts"

/** A file of a recording: a few hours of a busy market, and easily moved about. */
const SEGMENT_BYTES = 256 * 1024 * 1024

export interface StreamFlags {
  readonly duration: string | undefined
  readonly limit: number | undefined
  readonly format: Format | "none" | undefined
  readonly drain: string
  readonly startWithin: string
  /** The folder of a recording that is made beside. */
  readonly record?: string | undefined
  readonly maxSize?: string | undefined
}

export interface StreamOptions {
  readonly duration: Duration.Duration | undefined
  readonly limit: number | undefined
  readonly format: Format | "none" | undefined
  readonly drain: Duration.Duration
  readonly startWithin: Duration.Duration
  readonly record: RecordOptions | undefined
}

export const read = (flags: StreamFlags): Effect.Effect<StreamOptions, BadConfiguration> =>
  Effect.suspend(() => {
    const problems: Array<Problem> = []
    const time = (path: string, text: string) => {
      const duration = DurationText.parse(text)
      if (duration === undefined) {
        problems.push({ path, message: `${given(text)} is no duration; expected one such as 30s or "10 minutes"` })
      }
      return duration
    }
    const duration = flags.duration === undefined ? undefined : time("--duration", flags.duration)
    const drain = time("--drain", flags.drain)
    const startWithin = time("--start-within", flags.startWithin)
    if (flags.limit !== undefined && flags.limit < 1) {
      problems.push({ path: "--limit", message: `${flags.limit} is too few; expected at least 1` })
    }
    const record = recordOf(flags, problems)
    return drain === undefined || startWithin === undefined || problems.length > 0
      ? Effect.fail(new BadConfiguration({ source: "command line", problems }))
      : Effect.succeed({ duration, limit: flags.limit, format: flags.format, drain, startWithin, record })
  })

const recordOf = ({ maxSize, record }: StreamFlags, problems: Array<Problem>): RecordOptions | undefined => {
  const maxBytes = maxSize === undefined ? Infinity : ByteSize.parse(maxSize)
  if (maxBytes === undefined) {
    problems.push({ path: "--max-size", message: `${given(maxSize)} is no size; expected one such as 500MB or 20GB` })
  }
  if (record === undefined || maxBytes === undefined) return undefined
  return { folder: record, flag: "--record", segmentBytes: Math.min(SEGMENT_BYTES, maxBytes), maxBytes }
}
