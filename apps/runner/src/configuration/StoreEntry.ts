/**
 * The `store` of a configuration: where events are kept, which, and how much of them may wait in memory. docs/storage.md says
 * what each kind of store guarantees.
 */
import { DurationText } from "@tidewire/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { channels } from "../store/tables.ts"
import { ByteSize } from "./ByteSize.ts"

const withDefault = <S extends Schema.Top & { readonly DecodingServices: never }>(schema: S, value: S["Type"]) =>
  schema.pipe(Schema.withDecodingDefaultTypeKey(Effect.succeed(value)))

const between = (least: Duration.Duration, most: Duration.Duration) =>
  DurationText.DurationText.check(
    Schema.makeFilter((duration: Duration.Duration) =>
      Duration.isLessThan(duration, least) || Duration.isGreaterThan(duration, most)
        ? `expected ${Duration.format(least)} to ${Duration.format(most)}`
        : undefined
    )
  )

const Count = Schema.Int.check(Schema.isBetween({ minimum: 1_000, maximum: 100_000_000 }))

const Buffer = Schema.Struct({
  events: withDefault(Count, 200_000),
  /** What the events take by a cautious estimate. */
  bytes: withDefault(ByteSize, 256_000_000)
})

const common = {
  /** What is kept, by the words of `channels` of a subscription, and those of an account. Default: everything. Gaps and states always are. */
  channels: Schema.optionalKey(Schema.NonEmptyArray(Schema.Literals(channels))),
  /** How often what has come is made durable: what a kill -9 may cost. */
  flushEvery: withDefault(between(Duration.millis(20), Duration.minutes(1)), Duration.seconds(1)),
  /** What may wait in memory while the store is slow or away; beyond it the oldest are dropped, counted and told. */
  buffer: withDefault(Buffer, { events: 200_000, bytes: 256_000_000 }),
  /** How far back a start fetches the trades and bars that the last run did not see; 0 turns it off. */
  backfillWithin: withDefault(between(Duration.zero, Duration.days(30)), Duration.hours(24))
}

const DuckDbEntry = Schema.Struct({
  kind: Schema.Literal("duckdb"),
  /** From the folder of the configuration; made where there is none. */
  folder: Schema.NonEmptyString,
  ...common,
  /** The log becomes Parquet after so long, or after so many rows. */
  rollEvery: withDefault(between(Duration.seconds(1), Duration.hours(24)), Duration.minutes(5)),
  rowsPerFile: withDefault(Count, 1_000_000),
  retention: withDefault(
    Schema.Struct({ age: Schema.optionalKey(DurationText.DurationText), size: Schema.optionalKey(ByteSize) }),
    {}
  )
})
export interface DuckDbEntry extends Schema.Schema.Type<typeof DuckDbEntry> {}

const PostgresEntry = Schema.Struct({
  kind: Schema.Literal("postgres"),
  /** `postgres://user:password@host:5432/database`; from the environment only. */
  url: Schema.NonEmptyString,
  /** Made where there is none. */
  schema: withDefault(
    Schema.String.check(
      Schema.isPattern(/^[a-z_][a-z0-9_]{0,62}$/, { expected: "a name of small letters, digits and _" })
    ),
    "tidewire"
  ),
  ...common,
  /** A start without the database: `fail`, or `wait` with the buffer (and the spill) until it is there. */
  absent: withDefault(Schema.Literals(["fail", "wait"]), "fail"),
  /** Where batches go while the database is away, before anything is dropped; from the folder of the configuration. */
  spill: Schema.optionalKey(Schema.Struct({ folder: Schema.NonEmptyString, size: ByteSize })),
  retention: withDefault(Schema.Struct({ age: Schema.optionalKey(DurationText.DurationText) }), {})
})
export interface PostgresEntry extends Schema.Schema.Type<typeof PostgresEntry> {}

export const StoreEntry = Schema.Union([DuckDbEntry, PostgresEntry])
export type StoreEntry = typeof StoreEntry.Type
