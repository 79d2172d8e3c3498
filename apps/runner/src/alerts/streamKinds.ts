/** Rules about streams; a subject is `venue:symbol:channel`. */
import * as Duration from "effect/Duration"
import type { StreamStatus } from "../operation/Watch.ts"
import { because, growing, type Kinds } from "./Kind.ts"

export const streamKinds: Kinds<"stale" | "book" | "gap" | "drops"> = {
  stale: {
    severity: "warning",
    forMs: 10_000,
    make:
      ({ over }) =>
      ({ streams }) =>
        streams.flatMap((stream) => {
          const { ageMs, reason, state } = stream
          if (state === "ended") return []
          const subject = streamOf(stream)
          if (state === "silent") return [{ subject, message: `should speak and does not${because(reason)}` }]
          return over !== undefined && ageMs !== undefined && ageMs > Duration.toMillis(over)
            ? [{ subject, message: `its last event is ${seconds(ageMs)} old` }]
            : []
        })
  },
  book: {
    severity: "warning",
    forMs: 30_000,
    make:
      () =>
      ({ streams }) =>
        streams.flatMap((stream) =>
          stream.book === undefined || stream.book === "live" || stream.state === "ended"
            ? []
            : [{ subject: streamOf(stream), message: `the book is ${stream.book}` }]
        )
  },
  gap: {
    severity: "warning",
    forMs: 0,
    make: (entry) =>
      growing(
        entry,
        ({ streams }) => streams.map((each) => [streamOf(each), each.gapsUnrepaired] as const),
        (grown, span) => `${grown} gaps could not be repaired in the last ${span}`
      )
  },
  drops: {
    severity: "warning",
    forMs: 0,
    make: (entry) =>
      growing(
        entry,
        ({ streams }) => streams.map((each) => [streamOf(each), each.dropped] as const),
        (grown, span) => `${grown} events were dropped in the last ${span}: the consumer does not keep up`
      )
  }
}

const streamOf = ({ channel, symbol, venue }: StreamStatus): string => `${venue}:${symbol}:${channel}`

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`
