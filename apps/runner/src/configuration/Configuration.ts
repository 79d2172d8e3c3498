/**
 * The shape of a configuration, in whatever kind of file it is written. Structure is checked here; whether a venue, a
 * channel or a symbol exists is checked against the adapter that the entry names.
 */
import { ConnectionOptions, DurationText, QueueOptions, Transport } from "@tidewire/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { EngineEntry } from "./EngineEntry.ts"
import type { OperationInput } from "./OperationEntries.ts"

/** A venue's whole list is one of its dearest requests. */
const LEAST_REFRESH = Duration.seconds(10)

/** Far beyond what the main thread could take from them. */
const MOST_WORKERS = 64

/** A value, or `{ "env": "NAME" }` for one that comes from the environment. */
const Values = Schema.Record(Schema.String, Schema.Unknown)

const values = Values.pipe(Schema.withDecodingDefaultKey(Effect.succeed({})))

export const SubscriptionEntry = Schema.Struct({
  /** Either spelling in any case, or patterns (`*USDT`). */
  symbols: Schema.NonEmptyArray(Schema.NonEmptyString),
  /** `trades`, `quotes`, `book`, `book:<depth>`, `bars:<interval>`, `ticker`, `mark`, `liquidations`. */
  channels: Schema.NonEmptyArray(Schema.NonEmptyString),
  /** In place of the venue's. */
  transport: Schema.optionalKey(Transport.Transport)
})

export const VenueEntry = Schema.Struct({
  /** The package of the adapter, or a path (`./my-adapter`) from the folder of the configuration. */
  adapter: Schema.NonEmptyString,
  venue: Schema.NonEmptyString,
  /** What events carry as `venue`; the venue's id unless given. */
  name: Schema.optionalKey(Schema.NonEmptyString),
  environment: Schema.NonEmptyString.pipe(Schema.withDecodingDefaultKey(Effect.succeed("mainnet"))),
  /** Base URLs in place of the venue's own. */
  endpoints: values,
  /** What this adapter takes beside. */
  options: values,
  /** Beside what strategies want to hear. */
  subscriptions: Schema.Array(SubscriptionEntry).pipe(Schema.withDecodingDefaultKey(Effect.succeed([]))),
  /** What the venue's sockets and requests go through; a URL with user or password comes from the environment. */
  proxy: Schema.optionalKey(
    Schema.Union([Schema.NonEmptyString, Schema.Struct({ env: Schema.NonEmptyString })]).annotate({
      expected: 'a URL or { "env": "NAME" }'
    })
  ),
  /** How often the venue's list is read again, for new listings that patterns match and for symbols that are gone. */
  refreshInstruments: DurationText.DurationText.check(
    Schema.makeFilter((duration: Duration.Duration) =>
      Duration.isLessThan(duration, LEAST_REFRESH) ? `expected at least ${Duration.format(LEAST_REFRESH)}` : undefined
    )
  ).pipe(Schema.withDecodingDefaultTypeKey(Effect.succeed(Duration.minutes(15)))),
  /** Threads that the connections are shared out to; with 0 they are in the main one. */
  workers: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0), Schema.isLessThanOrEqualTo(MOST_WORKERS)).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(0))
  ),
  connection: ConnectionOptions.ConnectionOptions.pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  queue: QueueOptions.QueueOptions.pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  /** How subscriptions are carried: `hybrid` polls while the socket is down. How often: `connection.polling`. */
  transport: Transport.Transport.pipe(Schema.withDecodingDefaultKey(Effect.succeed("websocket" as const)))
})
export interface VenueEntry extends Schema.Schema.Type<typeof VenueEntry> {}

export const Configuration = Schema.Struct({
  venues: Schema.NonEmptyArray(VenueEntry),
  engine: Schema.optionalKey(EngineEntry),
  /** These are read by `OperationEntries`, once what comes from the environment is in its place. */
  http: Schema.optionalKey(Schema.Unknown),
  store: Schema.optionalKey(Schema.Unknown),
  metrics: Schema.optionalKey(Schema.Unknown),
  alerts: Schema.optionalKey(Schema.Unknown)
})
export interface Configuration extends Schema.Schema.Type<typeof Configuration> {}

/** A configuration as it is written. */
export interface ConfigurationInput extends Omit<typeof Configuration.Encoded, keyof OperationInput>, OperationInput {}

/** Types a configuration written in TypeScript: `export default defineConfig({ venues: [ … ] })`. */
export const defineConfig = (configuration: ConfigurationInput): ConfigurationInput => configuration
