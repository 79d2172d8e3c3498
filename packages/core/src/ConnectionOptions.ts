/**
 * How the connections of a venue are laid out and supervised: the `connection` part of a venue entry, with its defaults.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { DurationText } from "./DurationText.ts"
import { PollingOptions } from "./PollingOptions.ts"

const duration = (byDefault: Duration.Input) =>
  DurationText.pipe(Schema.withDecodingDefaultTypeKey(Effect.succeed(Duration.fromInputUnsafe(byDefault))))

const count = (byDefault: number) =>
  Schema.Int.check(Schema.isGreaterThan(0)).pipe(Schema.withDecodingDefaultTypeKey(Effect.succeed(byDefault)))

export const Reconnect = Schema.Struct({
  /** The longest wait before the first attempt; each further one doubles it. */
  base: duration("1 second"),
  /** The longest wait before any attempt. */
  max: duration("30 seconds"),
  /** How many attempts in a row may fail before the circuit opens. */
  attempts: count(10),
  /** How long a session must have been Active for the attempts to be counted anew. */
  stableAfter: duration("60 seconds"),
  /** How long an open circuit rests before it is probed; doubles with each failed probe, up to ten times this. */
  coolDown: duration("60 seconds")
})
export interface Reconnect extends Schema.Schema.Type<typeof Reconnect> {}

export const ConnectionOptions = Schema.Struct({
  /** `symbol`: each symbol has its own connections; `shared`: as few connections as the venue's limits allow. */
  isolation: Schema.Literals(["symbol", "shared"]).pipe(Schema.withDecodingDefaultTypeKey(Effect.succeed("symbol"))),
  reconnect: Reconnect.pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  /** How long the opening handshake may take. */
  dialTimeout: duration("10 seconds"),
  /** How long an acknowledgement may take before the request is sent again. */
  acknowledgeTimeout: duration("5 seconds"),
  /** The age at which a connection is replaced, make before break; up to a tenth less, so that not all are at once. */
  rotateAfter: duration("23 hours"),
  /** Sockets for each connection of the plan; with 2 the first arrival wins, and the loss of one is not felt. */
  redundancy: Schema.Literals([1, 2]).pipe(Schema.withDecodingDefaultTypeKey(Effect.succeed(1 as const))),
  /** How long live events may wait for what is missing before them, and is being fetched. */
  repairWithin: duration("5 seconds"),
  /** How often what is polled is asked for. */
  polling: PollingOptions.pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  /** How often each live book is compared with the venue's; absent: never. */
  audit: Schema.optionalKey(DurationText)
})
export interface ConnectionOptions extends Schema.Schema.Type<typeof ConnectionOptions> {}

/** Every default. */
export const defaults: ConnectionOptions = Schema.decodeSync(ConnectionOptions)({})
