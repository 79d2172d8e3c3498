/**
 * How much a symbol's queue holds and what gives way when it is full: the `queue` part of a venue entry.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Kind } from "./Channel.ts"

/**
 * - `drop-oldest`: the oldest event of the channel gives way; the hole is told where it is.
 * - `drop-newest`: the arriving event is not taken; the hole is told where it is.
 * - `conflate`: only the latest is kept of what has the same key (the symbol; a bar's open time; the changes of a book
 *   are merged level by level). No hole: what is left is the latest state.
 * - `block`: the socket is not read for at most 10 s, then as `drop-oldest`.
 */
export const Overflow = Schema.Literals(["drop-oldest", "drop-newest", "conflate", "block"])
export type Overflow = typeof Overflow.Type

export const QueueOptions = Schema.Struct({
  /** Events of one channel of one symbol that may wait for the consumer. */
  capacity: Schema.Int.check(Schema.isGreaterThan(0)).pipe(Schema.withDecodingDefaultTypeKey(Effect.succeed(1000))),
  overflow: Schema.Struct({
    trades: Schema.optionalKey(Overflow),
    quotes: Schema.optionalKey(Overflow),
    book: Schema.optionalKey(Overflow),
    bars: Schema.optionalKey(Overflow),
    ticker: Schema.optionalKey(Overflow),
    mark: Schema.optionalKey(Overflow),
    liquidations: Schema.optionalKey(Overflow)
  }).pipe(Schema.withDecodingDefaultKey(Effect.succeed({})))
})
export interface QueueOptions extends Schema.Schema.Type<typeof QueueOptions> {}

/** Every default. */
export const defaults: QueueOptions = Schema.decodeSync(QueueOptions)({})

const defaultPolicy: Record<Kind, Overflow> = {
  trades: "drop-oldest",
  quotes: "conflate",
  book: "drop-oldest",
  bars: "drop-oldest",
  ticker: "conflate",
  mark: "conflate",
  liquidations: "drop-oldest"
}

/** The policy of a kind of channel. */
export const policy = (options: QueueOptions, kind: Kind): Overflow => options.overflow[kind] ?? defaultPolicy[kind]
