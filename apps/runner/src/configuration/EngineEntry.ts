/**
 * The `engine` of a configuration: which strategies run, on paper or live, within which limits, and where the journal is.
 */
import { Amount, DurationText } from "@tidewire/core"
import { Limits, type QueuePosition } from "@tidewire/engine"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const withDefault = <S extends Schema.Top & { readonly DecodingServices: never }>(schema: S, value: S["Type"]) =>
  schema.pipe(Schema.withDecodingDefaultTypeKey(Effect.succeed(value)))

const NotNegative = Amount.Amount.check(Schema.isPattern(/^[^-]/, { expected: "a decimal text of 0 or more" }))

/** Times that orders and answers take; each is drawn evenly between the two. */
const Latency = Schema.Struct({ least: DurationText.DurationText, most: DurationText.DurationText }).check(
  Schema.makeFilter(({ least, most }: { readonly least: Duration.Duration; readonly most: Duration.Duration }) =>
    Duration.isGreaterThan(least, most) ? "expected least to be no more than most" : undefined
  )
)

/** Shares of a fill's worth: "0.001" are ten basis points; a maker's may be negative. */
const Fees = Schema.Struct({ maker: Amount.Amount, taker: Amount.Amount })

const queues = ["cautious", "proportional", "front"] as const satisfies ReadonlyArray<QueuePosition.ModelName>

const account = {
  /** What the account has at the start, by asset. */
  balances: Schema.Record(Schema.String, NotNegative),
  latency: Latency,
  fees: Fees,
  /** How much of a level is served before an order that joins it. */
  queue: Schema.Literals(queues),
  /** Of contracts: what a position is worth by the margin that it needs. */
  leverage: Schema.Finite.check(Schema.isGreaterThanOrEqualTo(1))
}

export const Paper = Schema.Struct({
  balances: withDefault(account.balances, { USDT: "10000" }),
  latency: withDefault(account.latency, { least: Duration.millis(10), most: Duration.millis(50) }),
  fees: withDefault(account.fees, { maker: "0.0002", taker: "0.0005" }),
  queue: withDefault(account.queue, "cautious" as const),
  leverage: withDefault(account.leverage, 5),
  /** Of all random numbers: of the latency, and those of strategies. */
  seed: withDefault(Schema.Int, 1),
  /** Other values for some venues, by their configured names. */
  venues: withDefault(
    Schema.Record(
      Schema.String,
      Schema.Struct({
        balances: Schema.optionalKey(account.balances),
        latency: Schema.optionalKey(account.latency),
        fees: Schema.optionalKey(account.fees),
        queue: Schema.optionalKey(account.queue),
        leverage: Schema.optionalKey(account.leverage)
      })
    ),
    {}
  )
})
export interface Paper extends Schema.Schema.Type<typeof Paper> {}

export const Live = Schema.Struct({
  /** The venue cancels everything unless it hears of us within this time, where it can. */
  deadMan: Schema.optionalKey(DurationText.DurationText),
  /** All orders are cancelled when the private stream has been down for so long. */
  watchdog: Schema.optionalKey(DurationText.DurationText),
  /** From one rehearsal of an order to the next, so that the way of one is quick; a tenth of a core at most. Zero: never. */
  rehearseEvery: withDefault(DurationText.DurationText, Duration.millis(1))
})
export interface Live extends Schema.Schema.Type<typeof Live> {}

export const StrategyEntry = Schema.Struct({
  /** A path (`./strategies/spread.ts`) from the folder of the configuration, or a package; it exports `strategy`. */
  module: Schema.NonEmptyString,
  /** What its orders and results go under; the name of the module's file unless given. */
  name: Schema.optionalKey(Schema.NonEmptyString),
  /** What the strategy takes; `{ "env": "NAME" }` stands for a value from the environment. */
  options: Schema.Unknown.pipe(Schema.withDecodingDefaultKey(Effect.succeed({})))
})

export const EngineEntry = Schema.Struct({
  /** `live` trades with real money, and only when `run` is given `--live` as well. */
  mode: Schema.Literals(["paper", "live"]),
  strategies: Schema.NonEmptyArray(StrategyEntry),
  /** The venues that are traded on, by their configured names. Default: all on paper, those with an account live. */
  venues: Schema.optionalKey(Schema.NonEmptyArray(Schema.NonEmptyString)),
  risk: withDefault(Limits.Limits, Limits.defaults),
  /** What amounts of several assets are summed in, for the limit of a day's loss. Default: USDT. */
  currency: Schema.optionalKey(Schema.NonEmptyString),
  /** A file, from the folder of the configuration. Live trading needs one; on paper it is in memory without. */
  journal: Schema.optionalKey(Schema.NonEmptyString),
  paper: Paper.pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  live: Live.pipe(Schema.withDecodingDefaultKey(Effect.succeed({})))
})
export interface EngineEntry extends Schema.Schema.Type<typeof EngineEntry> {}
