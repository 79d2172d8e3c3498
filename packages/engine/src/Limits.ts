/**
 * The limits of risk, as the configuration gives them. Money is in the quote asset of the instrument, as decimal texts.
 *
 * The defaults are meant to stop accidents of a small account (`0.05` is 5 %); whoever trades more raises them. What is `"none"`
 * is not limited.
 */
import { Amount } from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const Limit = Schema.Union([Amount.Amount.check(Schema.isPattern(/^[^-]/)), Schema.Literal("none")])
/** A decimal text, or `"none"`. */
export type Limit = typeof Limit.Type

const Count = Schema.Int.check(Schema.isGreaterThan(0))

const withDefault = <S extends Schema.Top & { readonly DecodingServices: never }>(schema: S, value: S["Type"]) =>
  schema.pipe(Schema.withDecodingDefaultTypeKey(Effect.succeed(value)))

/** Other limits for some instruments; the first that matches counts. */
export const Override = Schema.Struct({
  /** `venue:symbol`, `*` stands for any run of characters. */
  match: Schema.String,
  maxNotional: Schema.optionalKey(Limit),
  maxPosition: Schema.optionalKey(Limit),
  priceBand: Schema.optionalKey(Limit)
})
export interface Override extends Schema.Schema.Type<typeof Override> {}

export const Limits = Schema.Struct({
  /** What may be traded: `venue:symbol`, `*` stands for any run of characters. Default: all. */
  instruments: withDefault(Schema.Array(Schema.String), ["*"]),
  /** The most that one order may be worth. */
  maxNotional: withDefault(Limit, "1000"),
  /** The most that a position may be worth if all open orders of its side filled. On spot: what the account has of the base. */
  maxPosition: withDefault(Limit, "5000"),
  /** Orders that have not ended, of all venues. */
  maxOpenOrders: withDefault(Count, 100),
  /** New orders and amendments; cancels are never limited. */
  maxOrdersPerSecond: withDefault(Count, 10),
  maxOrdersPerMinute: withDefault(Count, 200),
  /** How far beyond the best price of the other side an order may go, as a share of it. */
  priceBand: withDefault(Limit, "0.05"),
  /** Whether orders are refused while the book of their instrument is not live. */
  requireLiveBook: withDefault(Schema.Boolean, true),
  /** What may be lost in a day (UTC), of all venues, as the portfolio counts it. */
  maxDailyLoss: withDefault(Limit, "500"),
  /** Spot: whether what the order needs must be free. */
  checkBalance: withDefault(Schema.Boolean, true),
  overrides: withDefault(Schema.Array(Override), [])
})
export interface Limits extends Schema.Schema.Type<typeof Limits> {}

/** Every default. */
export const defaults: Limits = Schema.decodeSync(Limits)({})
