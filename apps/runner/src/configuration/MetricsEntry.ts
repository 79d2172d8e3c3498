/** The `metrics` of a configuration: how fine they are, and where they are sent, beside `/metrics`. */
import { DurationText } from "@tidewire/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const withDefault = <S extends Schema.Top & { readonly DecodingServices: never }>(schema: S, value: S["Type"]) =>
  schema.pipe(Schema.withDecodingDefaultTypeKey(Effect.succeed(value)))

const HttpUrl = Schema.String.check(
  Schema.makeFilter((text: string) =>
    /^https?:\/\/[^\s@]+$/.test(text) && URL.canParse(text)
      ? undefined
      : 'expected an address such as "http://127.0.0.1:4318/v1/metrics", without a user or a password'
  )
)

/** More often is no picture of a process, but a load on it. */
const LEAST_EVERY = Duration.seconds(1)

const Every = DurationText.DurationText.check(
  Schema.makeFilter((every: Duration.Duration) =>
    Duration.isLessThan(every, LEAST_EVERY) ? "expected 1 second or more" : undefined
  )
)

const HeaderName = Schema.String.check(
  Schema.isPattern(/^[!#$%&'*+.^_`|~A-Za-z0-9-]+$/, { expected: "a header's name" })
)

export const OtlpEntry = Schema.Struct({
  /** Where a collector takes metrics by OTLP over HTTP, in JSON: the whole address, `/v1/metrics` included. */
  url: HttpUrl,
  /** What is sent along; from the environment only. */
  headers: withDefault(Schema.Record(HeaderName, Schema.String), {}),
  every: withDefault(Every, Duration.seconds(10)),
  /** What is said of this process beside its name and version: `deployment.environment: production`. */
  resource: withDefault(Schema.Record(Schema.NonEmptyString, Schema.String), {})
})
export interface OtlpEntry extends Schema.Schema.Type<typeof OtlpEntry> {}

export const MetricsEntry = Schema.Struct({
  /** A series for each symbol and connection; `auto`: where there are at most 200, else they are summed. */
  perSymbol: withDefault(Schema.Union([Schema.Boolean, Schema.Literal("auto")]), "auto" as const),
  otlp: Schema.optionalKey(OtlpEntry)
})
export interface MetricsEntry extends Schema.Schema.Type<typeof MetricsEntry> {}

/** Where `/metrics` is served and nothing is said of them. */
export const defaults: MetricsEntry = { perSymbol: "auto" }
