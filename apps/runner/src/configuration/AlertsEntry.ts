/**
 * The `alerts` of a configuration: what is told to whom, and when. `alerts: {}` has the rules that anybody would want, and tells
 * them to the log.
 */
import { Amount, DurationText } from "@tidewire/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const withDefault = <S extends Schema.Top & { readonly DecodingServices: never }>(schema: S, value: S["Type"]) =>
  schema.pipe(Schema.withDecodingDefaultTypeKey(Effect.succeed(value)))

export const Severity = Schema.Literals(["info", "warning", "critical"])
export type Severity = typeof Severity.Type

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

const MOST_WITHIN = Duration.days(1)

/** Of what is counted: over how long. */
const within = DurationText.DurationText.check(
  Schema.makeFilter((duration: Duration.Duration) =>
    Duration.isGreaterThan(duration, MOST_WITHIN) || Duration.toMillis(duration) < 1_000
      ? "expected between 1 second and 1 day"
      : undefined
  )
).pipe(Schema.withDecodingDefaultTypeKey(Effect.succeed(Duration.minutes(5))))

const common = {
  /** What its alerts go under; unless given, what it is on. */
  name: Schema.optionalKey(Schema.NonEmptyString),
  severity: Schema.optionalKey(Severity),
  /** How long it has to hold before it is told. */
  for: Schema.optionalKey(DurationText.DurationText),
  /** What it is looked for in: `venue`, `venue/connection`, `venue:symbol:channel` …; `*` stands for any run of characters. */
  match: withDefault(Schema.NonEmptyString, "*")
}

/** It is so, or it is not. */
const state = <const On extends string>(on: On) => Schema.Struct({ on: Schema.Literal(on), ...common })

/** More than `over` of them `within` so long. */
const counted = <const On extends string>(on: On, over: number) =>
  Schema.Struct({ on: Schema.Literal(on), ...common, over: withDefault(Count, over), within })

export const RuleEntry = Schema.Union([
  /** A stream should speak and does not; with `over`, also one whose last event is older. */
  Schema.Struct({
    on: Schema.Literal("stale"),
    ...common,
    over: Schema.optionalKey(DurationText.DurationText)
  }),
  state("book"),
  state("connection"),
  state("circuit"),
  state("venue"),
  counted("gap", 0),
  counted("drops", 0),
  counted("malformed", 0),
  counted("fallbacks", 1_000),
  counted("drift", 0),
  counted("reconnects", 5),
  /** The 99th percentile of a hop, ms. */
  Schema.Struct({
    on: Schema.Literal("latency"),
    ...common,
    over: DurationText.DurationText
  }),
  /** The memory of the process, in megabytes. */
  Schema.Struct({ on: Schema.Literal("memory"), ...common, overMegabytes: Count }),
  state("store"),
  state("halted"),
  state("trading"),
  state("strategy"),
  /** What was lost today, in the engine's currency. */
  Schema.Struct({ on: Schema.Literal("loss"), ...common, over: Amount.Amount }),
  /** Notices of the engine that are errors, or those of the tags given. */
  Schema.Struct({
    on: Schema.Literal("notice"),
    ...common,
    within,
    tags: Schema.optionalKey(Schema.NonEmptyArray(Schema.NonEmptyString))
  })
])
export type RuleEntry = typeof RuleEntry.Type

const rulesByDefault: ReadonlyArray<RuleEntry> = Schema.decodeSync(Schema.Array(RuleEntry))([
  { on: "venue" },
  { on: "circuit" },
  { on: "connection" },
  { on: "stale" },
  { on: "book" },
  { on: "gap" },
  { on: "drops" },
  { on: "malformed" },
  { on: "drift" },
  { on: "store" },
  { on: "halted" },
  { on: "trading" },
  { on: "strategy" },
  { on: "notice" }
])

export const Webhook = Schema.Struct({
  /** Whoever knows it may post to it, so it comes from the environment. */
  url: Schema.String.check(Schema.isPattern(/^https?:\/\/[^\s]+$/, { expected: "an http or https URL" })),
  /** Beside the content type. */
  headers: withDefault(Schema.Record(Schema.String, Schema.String), {})
})
export interface Webhook extends Schema.Schema.Type<typeof Webhook> {}

export const AlertsEntry = Schema.Struct({
  /** In place of the rules by default. */
  rules: withDefault(Schema.NonEmptyArray(RuleEntry), rulesByDefault as [RuleEntry, ...Array<RuleEntry>]),
  /** How long something has to be well again before that is told. */
  clearAfter: withDefault(DurationText.DurationText, Duration.seconds(10)),
  /** Alerts that go on are told again so often; never unless it is given. */
  repeat: Schema.optionalKey(DurationText.DurationText),
  webhook: Schema.optionalKey(Webhook),
  /** A program and its arguments; it reads the alerts as JSON on its standard input. */
  command: Schema.optionalKey(Schema.NonEmptyArray(Schema.NonEmptyString))
})
export interface AlertsEntry extends Schema.Schema.Type<typeof AlertsEntry> {}
