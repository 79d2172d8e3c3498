/**
 * How often each kind of channel is polled: the `polling` part of a venue entry's `connection`. Bars are asked for at the
 * multiples of their time on the clock, everything else evenly over it. The REST budget may make it less often.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Kind } from "./Channel.ts"
import { DurationText } from "./DurationText.ts"

/** A shorter time would ask before an answer can be back. */
const LEAST = Duration.millis(100)

const every = (byDefault: Duration.Input) =>
  DurationText.check(
    Schema.makeFilter((duration: Duration.Duration) =>
      Duration.isLessThan(duration, LEAST) ? `expected at least ${Duration.format(LEAST)}` : undefined
    )
  ).pipe(Schema.withDecodingDefaultTypeKey(Effect.succeed(Duration.fromInputUnsafe(byDefault))))

export const PollingOptions = Schema.Struct({
  trades: every("1 second"),
  quotes: every("1 second"),
  book: every("2 seconds"),
  ticker: every("5 seconds"),
  mark: every("5 seconds"),
  bars: every("1 minute")
})
export interface PollingOptions extends Schema.Schema.Type<typeof PollingOptions> {}

/** The kinds of channels that can be polled at all. */
export type Polled = Exclude<Kind, "liquidations">
