/**
 * What a replay with an engine comes to, as JSON (docs/recordings.md). Amounts of money are decimal texts, exact; times are epoch
 * milliseconds.
 *
 * Guarantees: the same recording, configuration and strategies give the same report, byte for byte.
 */
import { Amount, PrivateEvent } from "@tidewire/core"
import * as Schema from "effect/Schema"

const ByAsset = Schema.Record(Schema.String, Amount.Amount)

const Row = Schema.Struct({
  venue: Schema.String,
  symbol: Schema.String,
  /** What profits are in. */
  asset: Schema.String,
  size: Amount.Amount,
  averagePrice: Schema.optionalKey(Amount.Amount),
  realizedPnl: Amount.Amount,
  unrealizedPnl: Schema.optionalKey(Amount.Amount),
  /** How much was bought and sold, in the unit of the instrument. */
  turnover: Amount.Amount,
  fills: Schema.Finite
})

const Pnl = Schema.Struct({
  rows: Schema.Array(Row),
  realizedPnl: ByAsset,
  unrealizedPnl: ByAsset,
  fees: ByAsset,
  funding: ByAsset,
  netPnl: ByAsset
})

/** The value of all that was made, and how far it is below its highest before. */
export const Point = Schema.Struct({ time: Schema.Finite, value: Amount.Amount, drawdown: Amount.Amount })
export type Point = typeof Point.Type

export const Report = Schema.Struct({
  format: Schema.Literal(1),
  recording: Schema.Struct({
    startedAt: Schema.Finite,
    endedAt: Schema.Finite,
    frames: Schema.Finite,
    /** Entries that could not be recorded, and places that could not be read. */
    lost: Schema.Finite,
    damages: Schema.Finite
  }),
  /** What values are summed in; assets that have no price in it are in `unvalued`, and not in values. */
  currency: Schema.String,
  unvalued: Schema.Array(Schema.String),
  netValue: Amount.Amount,
  maxDrawdown: Schema.Struct({
    amount: Amount.Amount,
    /** Of the peak and of the trough; absent when nothing was ever lost. */
    from: Schema.optionalKey(Schema.Finite),
    to: Schema.optionalKey(Schema.Finite)
  }),
  statistics: Schema.Struct({
    orders: Schema.Finite,
    /** How many ended how, and how many were open at the end. */
    byStatus: Schema.Record(Schema.String, Schema.Finite),
    fills: Schema.Finite,
    makerFills: Schema.Finite,
    takerFills: Schema.Finite
  }),
  strategies: Schema.Array(
    Schema.Struct({
      name: Schema.String,
      state: Schema.String,
      failure: Schema.optionalKey(Schema.String),
      /** Events it handled. */
      handled: Schema.Finite,
      pnl: Pnl
    })
  ),
  pnl: Pnl,
  /** Thinned out evenly where there are many; the drawdown was looked at each second and at each fill. */
  equity: Schema.Array(Point),
  /** The latest, oldest first; how many more there were is in `omitted`. */
  orders: Schema.Array(PrivateEvent.Order),
  fills: Schema.Array(PrivateEvent.Fill),
  omitted: Schema.Struct({ orders: Schema.Finite, fills: Schema.Finite }),
  /** What traded, each second: by venue and symbol. */
  prices: Schema.Array(
    Schema.Struct({
      venue: Schema.String,
      symbol: Schema.String,
      points: Schema.Array(Schema.Tuple([Schema.Finite, Schema.Finite]))
    })
  )
})
export interface Report extends Schema.Schema.Type<typeof Report> {}
